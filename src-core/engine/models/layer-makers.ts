import type { LayerPlan } from '../../domain/network/architecture.ts'
import { learnedLayerOf } from '../../domain/schedule/transfer-plan.ts'
import type { ModelSpec } from '../../domain/spec/model-spec.ts'
import { tf } from '../backend.ts'
import { FusedBatchNormalization } from '../layers/batch-normalization.ts'
import { FusedActivation, FusedLeakyReLU, type NamedActivation } from '../layers/fused-activations.ts'
import { FusedAveragePooling2D, FusedConv2D, FusedDense, FusedMaxPooling2D } from '../layers/fused-layers.ts'
import { GroupedConv2D } from '../layers/grouped-conv2d.ts'
import { GroupNormalization } from '../layers/group-normalization.ts'
import { statelessInitializer } from '../layers/initializers.ts'
import { LocalResponseNormalization } from '../layers/local-response-normalization.ts'
import { StatelessDropout } from '../layers/stateless-dropout.ts'
import type { StepClock } from '../layers/step-clock.ts'
import type { Initializer } from '../layers/stock.ts'

export type Layer = InstanceType<typeof tf.layers.Layer>

/** What the layers of one model have in common. */
export interface BuildContext {
  readonly spec: ModelSpec
  readonly seed: number
  readonly clock: StepClock
  /** Layers with a kernel, first to last. */
  readonly learned: readonly string[]
}

type Maker = (plan: LayerPlan, context: BuildContext) => Layer

function initializers(
  name: string,
  { spec, seed }: BuildContext,
): Record<`${'kernel' | 'bias'}Initializer`, Initializer> {
  return {
    kernelInitializer: statelessInitializer(spec.initializer, seed, `${name}/kernel`),
    biasInitializer: spec.onesBiases.includes(name) ? tf.initializers.ones() : tf.initializers.zeros(),
  }
}

const convolution: Maker = ({ name, output, convolution: plan }, context) => {
  const { kernel, stride, padding, groups } = plan!
  const args = { name, filters: output.at(-1)!, kernelSize: kernel, strides: stride, padding }
  const surroundings = { readsImages: name === context.learned[0], clock: context.clock }
  return groups === 1
    ? new FusedConv2D({ ...args, ...initializers(name, context) }, surroundings)
    : new GroupedConv2D({ ...args, groups, ...initializers(name, context) }, surroundings)
}

const batchNormalization: Maker = ({ name }, { spec, clock, learned }) => {
  const owner = learnedLayerOf(name, learned)
  return new FusedBatchNormalization({ name, ...spec.normalization.bn }, () => clock.frozen.has(owner))
}

const activation: Maker = ({ name, type }) => new FusedActivation(name, type as NamedActivation)

/** How each type of layer of a plan is made. */
export const layerMakers: Record<LayerPlan['type'], Maker> = {
  conv: convolution,
  dense: ({ name, output }, context) =>
    new FusedDense({ name, units: output[0]!, ...initializers(name, context) }, context.clock),
  relu: activation,
  tanh: activation,
  sigmoid: activation,
  gelu: activation,
  'leaky-relu': ({ name }, { spec }) => new FusedLeakyReLU({ name, alpha: spec.leakySlope }),
  pool: ({ name, pool }) => new FusedMaxPooling2D({ name, poolSize: pool!.size, strides: pool!.stride }),
  avg: ({ name, pool }) => new FusedAveragePooling2D({ name, poolSize: pool!.size, strides: pool!.stride }),
  lrn: ({ name }, { spec }) => new LocalResponseNormalization({ name, ...spec.normalization.lrn }),
  bn: batchNormalization,
  gn: ({ name }, { spec }) => new GroupNormalization({ name, ...spec.normalization.gn }),
  flatten: ({ name }) => tf.layers.flatten({ name }),
  drop: ({ name, rate }, { seed, clock }) => new StatelessDropout({ name, rate: rate!, runSeed: seed, clock }),
  softmax: ({ name }) => tf.layers.activation({ name, activation: 'softmax' }),
}
