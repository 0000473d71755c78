import type { Activation, Convolution, Pool } from '../spec/model-spec.ts'

export type LayerType =
  'conv' | Activation | 'pool' | 'avg' | 'lrn' | 'bn' | 'gn' | 'flatten' | 'dense' | 'drop' | 'softmax'

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
  /** Of layers of type conv. */
  readonly convolution?: Convolution
  /** Of layers of type pool and avg. */
  readonly pool?: Pool
  /** Of layers of type drop: share of the values set to zero. */
  readonly rate?: number
}

export type ImageShape = readonly [height: number, width: number, channels: number]

/** A layer without weights. */
export function plainLayer(name: string, type: LayerType, output: readonly number[]): LayerPlan {
  return { name, type, output, params: 0, trainable: 0, macs: 0 }
}

/** Filters or units after the width multiplier, at least one. */
export function scaledWidth(width: number, multiplier: number): number {
  return Math.max(1, Math.round(width * multiplier))
}

export function dropoutLayers(name: string, rate: number, output: readonly number[]): LayerPlan[] {
  return rate > 0 ? [{ ...plainLayer(name, 'drop', output), rate }] : []
}

/** Shape as people write it: 27x27x96. */
export function shapeText(shape: readonly number[]): string {
  return shape.join('x')
}
