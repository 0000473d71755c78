import { WorkbenchError } from './errors.ts'
import type { Convolution, ModelSpec } from './spec/model-spec.ts'

export type LayerType = 'conv' | 'relu' | 'pool' | 'lrn' | 'bn' | 'flatten' | 'dense' | 'drop' | 'softmax'

/** One layer of a network before anything is built: what the engine builds from and what the window shows. */
export interface LayerPlan {
  readonly name: string
  readonly type: LayerType
  /** Output shape without the batch axis: [height, width, channels] or [units]. */
  readonly output: readonly number[]
  /** Trainable and non-trainable weights. */
  readonly params: number
  readonly trainable: number
  /** Multiply-accumulates of one forward pass of one image; convolutions count their bias, as the papers' tables do. */
  readonly macs: number
  readonly convolution?: Convolution
}

export interface Architecture {
  readonly layers: readonly LayerPlan[]
  readonly params: number
  readonly trainable: number
  readonly macs: { readonly conv: number; readonly dense: number }
}

type ImageShape = readonly [height: number, width: number, channels: number]

/** Output side of a window that slides over `size` pixels; 'valid' adds no border, 'same' as TensorFlow defines it. */
function slide(size: number, window: number, stride: number, padding: 'same' | 'valid'): number {
  return padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1
}

/** Filters or units after the width multiplier, at least one. */
function scaledWidth(width: number, multiplier: number): number {
  return Math.max(1, Math.round(width * multiplier))
}

function requireRoom(name: string, window: number, [height, width]: ImageShape, model: ModelSpec): void {
  if (Math.min(height, width) >= window) return
  throw new WorkbenchError(
    'input-too-small',
    `${name} needs at least ${window}x${window} pixels but receives ${height}x${width}: ` +
      `an input of ${model.input.size} pixels is too small for these layers.`,
    { layer: name, needed: window, got: Math.min(height, width), inputSize: model.input.size },
  )
}

function plainLayer(name: string, type: LayerType, output: readonly number[]): LayerPlan {
  return { name, type, output, params: 0, trainable: 0, macs: 0 }
}

/** gamma and beta are trained; the moving mean and variance are not. */
function batchNormalization(name: string, output: readonly number[]): LayerPlan {
  const channels = output.at(-1)!
  return { ...plainLayer(name, 'bn', output), params: 4 * channels, trainable: 2 * channels }
}

function planConvolution(model: ModelSpec, index: number, input: ImageShape): LayerPlan {
  const convolution = model.convolutions[index]!
  const name = `conv${index + 1}`
  const { kernel, stride, padding } = convolution
  if (padding === 'valid') requireRoom(name, kernel, input, model)
  const filters = scaledWidth(convolution.filters, model.widthMultiplier)
  const height = slide(input[0], kernel, stride, padding)
  const width = slide(input[1], kernel, stride, padding)
  const params = (kernel * kernel * input[2] + 1) * filters
  const macs = params * height * width
  return { name, type: 'conv', output: [height, width, filters], params, trainable: params, macs, convolution }
}

function planPool(model: ModelSpec, index: number, input: ImageShape): LayerPlan {
  const convolution = model.convolutions[index]!
  const { size, stride } = convolution.pool!
  const name = `pool${index + 1}`
  requireRoom(name, size, input, model)
  const output = [slide(input[0], size, stride, 'valid'), slide(input[1], size, stride, 'valid'), input[2]]
  return { ...plainLayer(name, 'pool', output), convolution }
}

function planNormalization(model: ModelSpec, index: number, output: readonly number[]): LayerPlan[] {
  const { kind, blocks } = model.normalization
  if (kind === 'none' || !blocks.includes(index + 1)) return []
  return kind === 'bn' ? [batchNormalization(`bn${index + 1}`, output)] : [plainLayer(`lrn${index + 1}`, 'lrn', output)]
}

/** Convolution, activation, pool, normalisation: the order of the source documents. */
function planConvolutionalBlock(model: ModelSpec, index: number, input: ImageShape): LayerPlan[] {
  const conv = planConvolution(model, index, input)
  const layers = [conv, plainLayer(`relu${index + 1}`, 'relu', conv.output)]
  if (model.convolutions[index]!.pool) layers.push(planPool(model, index, conv.output as ImageShape))
  return [...layers, ...planNormalization(model, index, layers.at(-1)!.output)]
}

function planDense(name: string, inputs: number, units: number): LayerPlan {
  const params = (inputs + 1) * units
  return { name, type: 'dense', output: [units], params, trainable: params, macs: inputs * units }
}

function planDenseBlock(model: ModelSpec, index: number, inputs: number): LayerPlan[] {
  const number = model.convolutions.length + index + 1
  const units = scaledWidth(model.dense[index]!.units, model.widthMultiplier)
  const { rate, position } = model.dropout
  const drop = (width: number): LayerPlan[] => (rate > 0 ? [plainLayer(`drop${number}`, 'drop', [width])] : [])
  const { kind, dense } = model.normalization
  return [
    ...(position === 'before-dense' ? drop(inputs) : []),
    planDense(`fc${number}`, inputs, units),
    plainLayer(`relu${number}`, 'relu', [units]),
    ...(position === 'after-activation' ? drop(units) : []),
    ...(kind === 'bn' && dense ? [batchNormalization(`bn${number}`, [units])] : []),
  ]
}

function requireExistingBlocks(model: ModelSpec): void {
  const missing = model.normalization.blocks.find((block) => block > model.convolutions.length)
  if (missing === undefined) return
  throw new WorkbenchError(
    'invalid-value',
    `model.normalization.blocks: must name blocks from 1 to ${model.convolutions.length}, but got ${missing}.`,
    { path: 'model.normalization.blocks' },
  )
}

/**
 * Lays out a network from its spec without building it: names, output shapes, parameters, multiply-accumulates.
 * Multiply-accumulates of a convolution are (k*k*cin + 1)*cout*h*w, of a fully connected layer in*out.
 * @throws WorkbenchError `input-too-small` naming the layer and the sizes; `invalid-value` for a block that is not there.
 */
export function planArchitecture(model: ModelSpec): Architecture {
  requireExistingBlocks(model)
  const layers: LayerPlan[] = []
  let shape: ImageShape = [model.input.size, model.input.size, model.input.channels]
  model.convolutions.forEach((_, index) => {
    layers.push(...planConvolutionalBlock(model, index, shape))
    shape = layers.at(-1)!.output as ImageShape
  })
  layers.push(plainLayer('flatten', 'flatten', [shape[0] * shape[1] * shape[2]]))
  model.dense.forEach((_, index) => layers.push(...planDenseBlock(model, index, layers.at(-1)!.output[0]!)))
  const outputNumber = model.convolutions.length + model.dense.length + 1
  layers.push(planDense(`fc${outputNumber}`, layers.at(-1)!.output[0]!, model.classes))
  layers.push(plainLayer('softmax', 'softmax', [model.classes]))
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
