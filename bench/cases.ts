import { planArchitecture } from '../src-core/domain/network/architecture.ts'
import type { LayerPlan } from '../src-core/domain/network/layer-plan.ts'
import type { ModelSpec } from '../src-core/domain/spec/model-spec.ts'
import type { Precision } from '../src-core/domain/spec/training-spec.ts'
import { hasBfloat16 } from '../src-core/engine/cpu-flags.ts'
import { recipeSpec } from '../src-core/domain/spec/recipes.ts'
import { withAssignments } from '../src-core/domain/spec/templates.ts'

export interface BenchCase {
  readonly name: string
  /** What is timed: whole training steps, or forward passes in inference mode. */
  readonly mode: 'training' | 'inference'
  readonly batch: number
  readonly model: ModelSpec
  /** Whether not all peers fit into memory together. */
  readonly isLarge?: boolean
  /** Arithmetic of training; float32 where it is not said. */
  readonly precision?: Precision
}

function model(recipe: string, inputSize?: number): ModelSpec {
  const spec = recipeSpec(recipe)
  return inputSize === undefined ? spec.model : withAssignments(spec, { 'model.input.size': inputSize }).model
}

const bfloat16Case: BenchCase = {
  name: 'keras-bn-32-bfloat16',
  mode: 'training',
  batch: 32,
  model: model('keras-bn'),
  precision: 'bfloat16',
}

/** What is compared, in the order of the table. */
export const benchCases: readonly BenchCase[] = [
  { name: 'keras-bn-32', mode: 'training', batch: 32, model: model('keras-bn') },
  { name: 'keras-bn-128', mode: 'training', batch: 128, model: model('keras-bn'), isLarge: true },
  { name: 'table-lrn-32', mode: 'training', batch: 32, model: model('table-lrn') },
  { name: 'cifar-10-64', mode: 'training', batch: 64, model: model('cifar-10') },
  { name: 'alexnet-small-64', mode: 'training', batch: 64, model: model('alexnet-small', 64) },
  { name: 'inference-1', mode: 'inference', batch: 1, model: model('keras-bn') },
  { name: 'inference-64', mode: 'inference', batch: 64, model: model('keras-bn') },
  ...(hasBfloat16 ? [bfloat16Case] : []),
]

/** The network as the peers in other languages are told it: one entry per layer, numbers only where they matter. */
export interface PeerTask {
  readonly mode: BenchCase['mode']
  readonly precision: Precision
  readonly batch: number
  readonly input: readonly [number, number, number]
  readonly classes: number
  readonly layers: readonly LayerPlan[]
  readonly leakySlope: number
  readonly lrn: ModelSpec['normalization']['lrn']
  readonly bn: ModelSpec['normalization']['bn']
  readonly learningRate: number
  readonly momentum: number
}

export function peerTask({ mode, batch, model, precision = 'float32' }: BenchCase): PeerTask {
  const { size, channels } = model.input
  return {
    mode,
    precision,
    batch,
    input: [size, size, channels],
    classes: model.classes,
    layers: planArchitecture(model).layers,
    leakySlope: model.leakySlope,
    lrn: model.normalization.lrn,
    bn: model.normalization.bn,
    learningRate: 0.01,
    momentum: 0.9,
  }
}

/**
 * Floating-point operations of one image: 2 per multiply-accumulate, once forward; in training once more for the
 * gradient of the filters and once for that of the input, which the first convolution does not need.
 */
export function flopsPerImage({ mode, model }: BenchCase): number {
  const learned = planArchitecture(model).layers.filter(({ macs }) => macs > 0)
  const forward = learned.reduce((sum, { macs }) => sum + macs, 0)
  return mode === 'inference' ? 2 * forward : 2 * (3 * forward - learned[0]!.macs)
}
