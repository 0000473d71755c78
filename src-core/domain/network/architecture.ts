import { WorkbenchError } from '../errors.ts'
import type { ModelSpec } from '../spec/model-spec.ts'
import { planConvolutionalBlock } from './convolution-plan.ts'
import { planDense, planDenseBlock } from './dense-plan.ts'
import { plainLayer, type ImageShape, type LayerPlan, type LayerType } from './layer-plan.ts'

export type { LayerPlan, LayerType } from './layer-plan.ts'

export interface Architecture {
  readonly layers: readonly LayerPlan[]
  readonly params: number
  readonly trainable: number
  readonly macs: { readonly conv: number; readonly dense: number }
}

function invalid(path: string, message: string): WorkbenchError {
  return new WorkbenchError('invalid-value', `${path}: ${message}`, { path })
}

function requireExistingBlocks({ convolutions, normalization, removed }: ModelSpec): void {
  const lists = { 'model.normalization.blocks': normalization.blocks, 'model.removed': removed }
  for (const [path, blocks] of Object.entries(lists)) {
    const missing = blocks.find((block) => block > convolutions.length)
    if (missing === undefined) continue
    throw invalid(path, `must name blocks from 1 to ${convolutions.length}, but got ${missing}.`)
  }
  const left = convolutions.length - new Set(removed).size
  if (left < 1) throw invalid('model.removed', 'must leave at least one convolutional layer, but removes all of them.')
}

/** Names of the layers with a kernel, in order: conv1, conv2, ..., fc6, ... The last is the head. */
export function learnedLayers({ layers }: Pick<Architecture, 'layers'>): string[] {
  return layers.filter(({ type }) => type === 'conv' || type === 'dense').map(({ name }) => name)
}

/**
 * Lays out a network from its spec without building it: names, output shapes, parameters, multiply-accumulates.
 * Multiply-accumulates of a convolution are (k*k*cin/groups + 1)*cout*h*w, of a fully connected layer in*out.
 * @throws WorkbenchError `input-too-small` naming the layer and the sizes; `invalid-value` for a block or layer that
 * is not there and for groups that do not divide the channels, naming the layer and its shapes.
 */
export function planArchitecture(model: ModelSpec): Architecture {
  requireExistingBlocks(model)
  const layers: LayerPlan[] = []
  let shape: ImageShape = [model.input.size, model.input.size, model.input.channels]
  model.convolutions.forEach((_, index) => {
    layers.push(...planConvolutionalBlock(model, index + 1, shape))
    shape = (layers.at(-1)?.output ?? shape) as ImageShape
  })
  layers.push(plainLayer('flatten', 'flatten', [shape[0] * shape[1] * shape[2]]))
  model.dense.forEach((_, index) => layers.push(...planDenseBlock(model, index, layers.at(-1)!.output[0]!)))
  const outputNumber = model.convolutions.length + model.dense.length + 1
  layers.push(planDense(`fc${outputNumber}`, layers.at(-1)!.output[0]!, model.classes))
  if (model.output === 'softmax') layers.push(plainLayer('softmax', 'softmax', [model.classes]))
  return { layers, ...totals(layers) }
}

function totals(layers: readonly LayerPlan[]): Omit<Architecture, 'layers'> {
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
  const macsOf = (type: LayerType): number => sum(layers.filter((layer) => layer.type === type).map(({ macs }) => macs))
  return {
    params: sum(layers.map((layer) => layer.params)),
    trainable: sum(layers.map((layer) => layer.trainable)),
    macs: { conv: macsOf('conv'), dense: macsOf('dense') },
  }
}
