import { WorkbenchError } from '../errors.ts'
import type { Convolution, ModelSpec, Pool } from '../spec/model-spec.ts'
import { dropoutLayers, plainLayer, scaledWidth, shapeText, type ImageShape, type LayerPlan } from './layer-plan.ts'
import { planNormalization } from './normalization-plan.ts'

/** Output side of a window that slides over `size` pixels; 'valid' adds no border, 'same' as TensorFlow defines it. */
function slide(size: number, window: number, stride: number, padding: 'same' | 'valid'): number {
  return padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1
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

function requireDivisible(name: string, { groups }: Convolution, input: ImageShape, filters: number): void {
  if (input[2] % groups === 0 && filters % groups === 0) return
  const what = input[2] % groups === 0 ? `its ${filters} filters` : `the ${input[2]} channels of its input`
  throw new WorkbenchError(
    'invalid-value',
    `${name}: ${groups} groups do not divide ${what} (input ${shapeText(input)}, ${filters} filters).`,
    { layer: name, groups, channels: input[2], filters },
  )
}

/** Each filter of a grouped convolution sees the channels of its own group only. */
function planConvolution(model: ModelSpec, number: number, input: ImageShape): LayerPlan {
  const convolution = model.convolutions[number - 1]!
  const name = `conv${number}`
  const { kernel, stride, padding, groups } = convolution
  const filters = scaledWidth(convolution.filters, model.widthMultiplier)
  if (padding === 'valid') requireRoom(name, kernel, input, model)
  requireDivisible(name, convolution, input, filters)
  const height = slide(input[0], kernel, stride, padding)
  const width = slide(input[1], kernel, stride, padding)
  const params = (kernel * kernel * (input[2] / groups) + 1) * filters
  const macs = params * height * width
  return { name, type: 'conv', output: [height, width, filters], params, trainable: params, macs, convolution }
}

function planPool(model: ModelSpec, number: number, pool: Pool, input: ImageShape): LayerPlan {
  const name = `pool${number}`
  requireRoom(name, pool.size, input, model)
  const output = [slide(input[0], pool.size, pool.stride, 'valid'), slide(input[1], pool.size, pool.stride, 'valid')]
  return { ...plainLayer(name, pool.kind === 'max' ? 'pool' : 'avg', [...output, input[2]]), pool }
}

/** Convolution, normalisation and activation; nothing when the layer is removed. */
function planCore(model: ModelSpec, number: number, input: ImageShape): LayerPlan[] {
  if (model.removed.includes(number)) return []
  const conv = planConvolution(model, number, input)
  return [
    conv,
    ...planNormalization(model, number, 'before-activation', conv.output),
    plainLayer(`${model.activation}${number}`, model.activation, conv.output),
    ...planNormalization(model, number, 'after-activation', conv.output),
  ]
}

/** One convolutional block; `number` counts from 1 and stays the layer's number when others are removed. */
export function planConvolutionalBlock(model: ModelSpec, number: number, input: ImageShape): LayerPlan[] {
  const { pool, dropout } = model.convolutions[number - 1]!
  const layers = planCore(model, number, input)
  const shape = (): ImageShape => (layers.at(-1)?.output ?? input) as ImageShape
  if (pool) layers.push(planPool(model, number, pool, shape()))
  if (!model.removed.includes(number)) layers.push(...planNormalization(model, number, 'after-pool', shape()))
  return [...layers, ...dropoutLayers(`drop${number}`, dropout, shape())]
}
