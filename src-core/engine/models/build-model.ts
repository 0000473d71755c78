import { learnedLayers, planArchitecture, type LayerPlan } from '../../domain/network/architecture.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { ModelSpec } from '../../domain/spec/model-spec.ts'
import { tf, type LayersModel, type SymbolicTensor } from '../backend.ts'
import type { StepClock } from '../layers/step-clock.ts'
import { layerMakers, type BuildContext, type Layer } from './layer-makers.ts'
import { namedWeights, type NamedWeight } from './named-weights.ts'
import '../layers/custom-layers.ts'

export type { StepClock } from '../layers/step-clock.ts'
export type { NamedWeight } from './named-weights.ts'

export interface BuiltModel {
  /**
   * Images [batch, size, size, channels] to probabilities [batch, classes]; to logits where the spec's output says so.
   */
  readonly model: LayersModel
  /** The same layers without the softmax. */
  readonly logits: LayersModel
  readonly clock: StepClock
  /** Names of the layers with a kernel, first to last. */
  readonly learned: readonly string[]
  /** In name order: the order of files and digests. */
  readonly weights: readonly NamedWeight[]
  /**
   * Images to the tensor that enters this layer, through the same layers.
   * @throws WorkbenchError `invalid-value` listing the layers that exist.
   */
  inputOf(layer: string): LayersModel
  dispose(): void
}

interface Graph {
  readonly input: SymbolicTensor
  /** What enters each layer, by the layer's name. */
  readonly entering: ReadonlyMap<string, SymbolicTensor>
  readonly output: SymbolicTensor
}

/** Lets the profiler of the step measure what the layer computes; without one it computes as ever. */
function profiled(layer: Layer, { name, type }: LayerPlan, clock: StepClock): Layer {
  const call: Layer['call'] = layer.call.bind(layer)
  layer.call = (inputs, options) => {
    const { profiler } = clock
    return profiler ? profiler.layer({ name, type }, () => call(inputs, options)) : call(inputs, options)
  }
  return layer
}

function connect(layers: readonly LayerPlan[], context: BuildContext): Graph {
  const { size, channels } = context.spec.input
  const input = tf.input({ shape: [size, size, channels], name: 'image' })
  const entering = new Map<string, SymbolicTensor>()
  let output: SymbolicTensor = input
  for (const plan of layers) {
    entering.set(plan.name, output)
    const layer = profiled(layerMakers[plan.type](plan, context), plan, context.clock)
    output = layer.apply(output) as SymbolicTensor
  }
  return { input, entering, output }
}

function enteringOf({ entering }: Graph, layer: string): SymbolicTensor {
  const tensor = entering.get(layer)
  if (tensor) return tensor
  const known = [...entering.keys()].join(', ')
  throw new WorkbenchError('invalid-value', `There is no layer "${layer}". The layers are: ${known}.`, { layer })
}

/**
 * Builds the network of `planArchitecture(spec)`, layer by layer under the same names, and draws its first weights
 * from the seed. Biases and moving means begin at 0 (biases of `onesBiases` at 1), gammas and moving variances at 1.
 * @throws WorkbenchError as `planArchitecture`.
 */
export function buildModel(spec: ModelSpec, seed: number): BuiltModel {
  const plan = planArchitecture(spec)
  const learned = learnedLayers(plan)
  const clock: StepClock = { step: 0, precision: 'float32', frozen: new Set(), takeGradient: null, profiler: null }
  const graph = connect(plan.layers, { spec, seed, clock, learned })
  const modelTo = (name: string, outputs: SymbolicTensor): LayersModel =>
    tf.model({ inputs: graph.input, outputs, name })
  const model = modelTo('alexnet', graph.output)
  return {
    model,
    logits: modelTo('alexnet-logits', graph.entering.get('softmax') ?? graph.output),
    clock,
    learned,
    weights: namedWeights(model, learned),
    inputOf: (layer) => modelTo(`alexnet-before-${layer}`, enteringOf(graph, layer)),
    dispose: () => void model.dispose(),
  }
}
