import { planArchitecture, type LayerPlan } from '../../domain/architecture.ts'
import type { ModelSpec } from '../../domain/spec/model-spec.ts'
import { tf, type LayersModel, type SymbolicTensor, type Tensor, type Variable } from '../backend.ts'
import {
  FusedBatchNormalization,
  FusedConv2D,
  FusedDense,
  FusedMaxPooling2D,
  FusedRelu,
} from '../layers/fused-layers.ts'
import { statelessInitializer } from '../layers/initializers.ts'
import { LocalResponseNormalization } from '../layers/local-response-normalization.ts'
import { StatelessDropout, type StepClock } from '../layers/stateless-dropout.ts'

type Layer = InstanceType<typeof tf.layers.Layer>

/** One weight under the name that is the same in every process: `conv1/kernel`, `bn1/moving_mean`. */
export interface NamedWeight {
  readonly name: string
  readonly trainable: boolean
  readonly variable: Variable
}

export interface BuiltModel {
  /** Images [batch, size, size, channels] to probabilities [batch, classes]. */
  readonly model: LayersModel
  /** The same layers without the softmax. */
  readonly logits: LayersModel
  readonly clock: StepClock
  /** In name order: the order of files and digests. */
  readonly weights: readonly NamedWeight[]
  dispose(): void
}

interface BuildContext {
  readonly spec: ModelSpec
  readonly seed: number
  readonly clock: StepClock
}

function convolution({ name, output, convolution: plan }: LayerPlan, { spec, seed }: BuildContext): Layer {
  const { kernel, stride, padding } = plan!
  const kernelInitializer = statelessInitializer(spec.initializer, seed, `${name}/kernel`)
  const args = { name, filters: output.at(-1)!, kernelSize: kernel, strides: stride, padding, kernelInitializer }
  return new FusedConv2D(args, name === 'conv1')
}

function dense({ name, output }: LayerPlan, { spec, seed }: BuildContext): Layer {
  const kernelInitializer = statelessInitializer(spec.initializer, seed, `${name}/kernel`)
  return new FusedDense({ name, units: output[0]!, kernelInitializer })
}

const makers: Record<LayerPlan['type'], (plan: LayerPlan, context: BuildContext) => Layer> = {
  conv: convolution,
  dense,
  relu: ({ name }) => new FusedRelu(name),
  pool: ({ name, convolution: plan }) =>
    new FusedMaxPooling2D({ name, poolSize: plan!.pool!.size, strides: plan!.pool!.stride, padding: 'valid' }),
  lrn: ({ name }, { spec }) => new LocalResponseNormalization({ name, ...spec.normalization.lrn }),
  bn: ({ name }, { spec }) => new FusedBatchNormalization({ name, ...spec.normalization.bn }),
  flatten: ({ name }) => tf.layers.flatten({ name }),
  drop: ({ name }, { spec, seed, clock }) =>
    new StatelessDropout({ name, rate: spec.dropout.rate, runSeed: seed, clock }),
  softmax: ({ name }) => tf.layers.activation({ name, activation: 'softmax' }),
}

interface LayerWeight {
  readonly originalName: string
  read(): Tensor
}

function namedWeights(model: LayersModel): NamedWeight[] {
  const of = (weights: readonly unknown[], trainable: boolean): NamedWeight[] =>
    (weights as readonly LayerWeight[]).map((weight) => ({
      // `name` would carry a number once a process has built a second model.
      name: weight.originalName,
      trainable,
      variable: weight.read() as Variable,
    }))
  const all = [...of(model.trainableWeights, true), ...of(model.nonTrainableWeights, false)]
  return all.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Builds the network of `planArchitecture(spec)`, layer by layer under the same names, and draws its first weights
 * from the seed. Biases and moving means begin at 0, gammas and moving variances at 1.
 * @throws WorkbenchError as `planArchitecture`.
 */
export function buildModel(spec: ModelSpec, seed: number): BuiltModel {
  const { layers } = planArchitecture(spec)
  const clock: StepClock = { step: 0 }
  const context = { spec, seed, clock }
  const { size, channels } = spec.input
  const input = tf.input({ shape: [size, size, channels], name: 'image' })
  let output: SymbolicTensor = input
  let beforeSoftmax = output
  for (const plan of layers) {
    if (plan.type === 'softmax') beforeSoftmax = output
    output = makers[plan.type](plan, context).apply(output) as SymbolicTensor
  }
  const model = tf.model({ inputs: input, outputs: output, name: 'alexnet' })
  const logits = tf.model({ inputs: input, outputs: beforeSoftmax, name: 'alexnet-logits' })
  return { model, logits, clock, weights: namedWeights(model), dispose: () => void model.dispose() }
}
