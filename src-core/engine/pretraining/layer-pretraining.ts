import { isDeepStrictEqual } from 'node:util'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Pictures } from '../../domain/evaluation/artifact.ts'
import { planArchitecture } from '../../domain/network/architecture.ts'
import type { ModelSpec } from '../../domain/spec/model-spec.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type LayersModel, type Tensor, type Tensor4D } from '../backend.ts'
import type { NamedTensor } from '../files/tensor-file.ts'
import { gelu, leakyRelu, relu, sigmoid, tanh } from '../kernels/activations.ts'
import type { BuiltModel, NamedWeight } from '../models/build-model.ts'
import { AdamOptimizer } from '../training/optimizers/adam.ts'
import { Autoencoder } from './autoencoder.ts'
import { pictureGroups } from './pictures.ts'
import type { PretrainingMethod, ReversibleLayer } from './pretraining-method.ts'
import { hiddenUniforms, RestrictedBoltzmannMachine } from './restricted-boltzmann-machine.ts'
import type { ConvolutionGeometry } from './transposed-conv2d.ts'

/** Images of which a reconstruction is shown. */
const mostPictures = 8

interface Parts {
  readonly spec: RunSpec
  readonly model: BuiltModel
  /** A convolutional layer. */
  readonly layer: string
}

function activationOf({ activation, leakySlope }: ModelSpec): (input: Tensor) => Tensor {
  const slope = (input: Tensor): Tensor => leakyRelu(input, leakySlope)
  return { relu, tanh, sigmoid, gelu, 'leaky-relu': slope }[activation]
}

function geometryOf(model: ModelSpec, layer: string): ConvolutionGeometry {
  const convolution = planArchitecture(model).layers.find(({ name }) => name === layer)?.convolution
  if (!convolution) {
    throw new WorkbenchError('invalid-value', `Only convolutional layers are pre-trained, but ${layer} is none.`, {
      layer,
    })
  }
  return convolution
}

function newBias(layer: string, name: string, size: number): NamedWeight {
  const zeros = tf.zeros([size])
  const variable = tf.variable(zeros)
  zeros.dispose()
  return { name: `${layer}/${name}`, layer, role: 'bias', trainable: true, variable }
}

function damaged(name: string, shape: readonly number[]): WorkbenchError {
  const text = `The checkpoint is damaged: it has no ${name} of shape ${shape.join('x')} for the pre-training.`
  return new WorkbenchError('checkpoint-damaged', text, { name })
}

/**
 * Trains one convolutional layer without labels, on what the layers before it make of the images. These stay as they
 * are and compute as in evaluation: no dropout, normalisations with their moving statistics. A normalisation between
 * the convolution and its activation takes no part.
 *
 * With the Boltzmann machine the hidden bias is one of its own: it is the log odds of a logistic unit at rest, which
 * says nothing about the threshold of the network's activation. `finish` gives the network a bias and a scale that fit.
 */
export class LayerPretraining {
  private readonly input: LayersModel
  private readonly readsImages: boolean
  private readonly layer: ReversibleLayer
  /** The network's own. */
  private readonly bias: NamedWeight
  /** Biases that only the pre-training has. */
  private readonly ownBiases: readonly NamedWeight[]
  private readonly method: PretrainingMethod
  private readonly learningRate: number
  /** Made at the first step or by `restore`: the visible bias gets its first value before Adam owns its memory. */
  private optimizer: AdamOptimizer | null = null

  /**
   * Takes over the memory of the layer's weights until `dispose`: load weights before, make other optimizers after.
   * @throws WorkbenchError `invalid-value` when the layer is no convolution.
   */
  constructor({ spec, model, layer }: Parts) {
    const geometry = geometryOf(spec.model, layer)
    const weightOf = (role: string): NamedWeight => model.weights.find(({ name }) => name === `${layer}/${role}`)!
    const kernel = weightOf('kernel')
    const [, , groupChannels, filters] = kernel.variable.shape as [number, number, number, number]
    const visibleBias = newBias(layer, 'visible_bias', groupChannels * geometry.groups)
    const isMachine = spec.training.pretraining.kind === 'rbm'
    this.bias = weightOf('bias')
    const hiddenBias = isMachine ? newBias(layer, 'hidden_bias', filters) : this.bias
    this.layer = { kernel, hiddenBias, visibleBias, geometry }
    this.ownBiases = isMachine ? [hiddenBias, visibleBias] : [visibleBias]
    this.method = isMachine
      ? new RestrictedBoltzmannMachine(this.layer, hiddenUniforms(spec.training.seed, layer))
      : new Autoencoder(this.layer, activationOf(spec.model))
    this.input = model.inputOf(layer)
    this.readsImages = model.learned[0] === layer
    this.learningRate = spec.training.pretraining.learningRate
  }

  /** Kingma and Ba's own constants, whatever the supervised optimizer's are. */
  private newOptimizer(): AdamOptimizer {
    const { kernel, hiddenBias, visibleBias } = this.layer
    return new AdamOptimizer([kernel, hiddenBias, visibleBias], { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })
  }

  private inputFor(images: Tensor4D): Tensor4D {
    return this.input.apply(images, { training: false }) as Tensor4D
  }

  /**
   * The visible bias begins at the mean of the first batch (Hinton 2010, section 8), so that the weights need not
   * learn it. Not in a tidy: the optimizer stays.
   */
  private begin(images: Tensor4D): AdamOptimizer {
    tf.tidy(() => this.layer.visibleBias.variable.assign(this.method.firstVisibleBias(this.inputFor(images))))
    return this.newOptimizer()
  }

  /**
   * Trains once and returns the mean squared reconstruction error before the update. When it is not finite, the
   * weights are left as they are.
   * @param images preprocessed, [batch, size, size, channels]
   * @param stepNumber counted from 1 over the whole run; decides what is drawn.
   */
  step(images: Tensor4D, stepNumber: number): number {
    const optimizer = (this.optimizer ??= this.begin(images))
    return tf.tidy(() => {
      const { error, gradients } = this.method.estimate(this.inputFor(images), stepNumber)
      if (Number.isFinite(error)) optimizer.apply(gradients, this.learningRate)
      return error
    })
  }

  /**
   * Hands the layer over to the network after its last step, with weights of a scale that suits it.
   * @param images the last batch.
   */
  finish(images: Tensor4D): void {
    tf.tidy(() => {
      const weights = this.method.handOver(this.inputFor(images))
      if (!weights) return
      // While the optimizer holds the kernel, assigning to it would not reach its memory.
      this.optimizer?.dispose()
      this.optimizer = null
      this.layer.kernel.variable.assign(weights.kernel)
      this.bias.variable.assign(weights.bias)
    })
  }

  /**
   * What a checkpoint must hold beside the network's weights: biases of the pre-training and Adam's state. Nothing
   * before the first step.
   */
  slots(): NamedTensor[] {
    if (!this.optimizer) return []
    const biases = this.ownBiases.map(({ name, variable }) => ({
      name,
      shape: variable.shape,
      read: () => variable.dataSync<'float32'>(),
    }))
    return [...biases, ...this.optimizer.slots()]
  }

  /** @throws WorkbenchError `checkpoint-damaged` when a slot is missing or has another shape. */
  restore(slots: ReadonlyMap<string, Tensor>): void {
    if (slots.size === 0) return
    for (const { name, variable } of this.ownBiases) {
      if (!isDeepStrictEqual(slots.get(name)?.shape, variable.shape)) throw damaged(name, variable.shape)
    }
    // While an optimizer holds the biases, their memory is its own and assigning to them would not reach it.
    this.optimizer?.dispose()
    for (const { name, variable } of this.ownBiases) variable.assign(slots.get(name)!)
    this.optimizer = this.newOptimizer()
    this.optimizer.restore(slots)
  }

  /**
   * Pictures of what enters the layer for the first images of a batch, and of what it makes of it and back. Deeper
   * layers show the mean over their channels.
   */
  reconstruction(images: Tensor4D): { originals: Pictures; reconstructions: Pictures } {
    return tf.tidy(() => {
      const shown = images.slice(0, Math.min(mostPictures, images.shape[0]))
      const input = this.inputFor(shown)
      const output = this.method.reconstruct(input) as Tensor4D
      const [originals, reconstructions] = pictureGroups([input, output], this.readsImages)
      return { originals: originals!, reconstructions: reconstructions! }
    })
  }

  /** The layer's weights stay usable: the network goes on with what was learned. */
  dispose(): void {
    this.optimizer?.dispose()
    for (const { variable } of this.ownBiases) variable.dispose()
  }
}
