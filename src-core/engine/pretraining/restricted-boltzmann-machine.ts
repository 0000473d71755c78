import { deriveSeed } from '../../domain/random.ts'
import { tf, type Tensor } from '../backend.ts'
import { sigmoid } from '../kernels/activations.ts'
import { biasAdd } from '../kernels/bias-add.ts'
import { convolutionKernels, type ConvolutionKernels } from '../kernels/convolution/convolution-kernels.ts'
import { statelessUniform } from '../kernels/stateless-random.ts'
import type { Estimate, PretrainingMethod, ReversibleLayer } from './pretraining-method.ts'

type Draw = (shape: readonly number[], step: number) => Tensor

/** Uniform numbers for the hidden units of a step, a pure function of (run seed, layer, step). */
export function hiddenUniforms(runSeed: number, layer: string): Draw {
  const seed = deriveSeed(runSeed, `rbm/${layer}`)
  return (shape, step) => statelessUniform(shape, [seed, step & 0x7fffffff])
}

/** One side of contrastive divergence: what is seen, and how likely each hidden unit is on because of it. */
interface Phase {
  readonly visible: Tensor
  readonly probabilities: Tensor
}

/** Deviation of what a convolution gives to its activation after the pre-training. */
const handedOverDeviation = 0.5

/** The resting state of a hidden unit. */
const restingState = 0.5

/**
 * Convolutional restricted Boltzmann machine (Lee et al. 2009, sections 3.1 and 3.2, without their pooling) with
 * Gaussian visible units of variance 1 and Bernoulli hidden units, centred (Montavon and Mueller 2012):
 * p(h|v) = sigmoid(conv(v, W) + b), mean of v given h = convT(h - 1/2, W) + c. The visible units are the layer's input
 * with the batch's mean of each channel taken away, divided by the batch's deviation, because the variance of 1 asks
 * for inputs of that size (Hinton 2010, section 13.2).
 */
export class RestrictedBoltzmannMachine implements PretrainingMethod {
  private readonly layer: ReversibleLayer
  private readonly kernels: ConvolutionKernels
  private readonly uniforms: Draw

  constructor(layer: ReversibleLayer, uniforms: Draw) {
    const { groups, ...options } = layer.geometry
    this.layer = layer
    this.kernels = convolutionKernels(groups, options)
    this.uniforms = uniforms
  }

  private probabilities(visible: Tensor): Tensor {
    const { kernel, hiddenBias } = this.layer
    return sigmoid(biasAdd(this.kernels.forward(visible, kernel.variable), hiddenBias.variable))
  }

  private visibleMean(hidden: Tensor, shape: number[]): Tensor {
    const { kernel, visibleBias } = this.layer
    return biasAdd(this.kernels.inputGradient(hidden.sub(restingState), shape, kernel.variable), visibleBias.variable)
  }

  /**
   * Filters that suit a logistic unit make the activations of a deep network of ReLUs grow from layer to layer. So they
   * are scaled until the convolution of this input has the variance 1 (Mishkin and Matas 2016), and the bias takes away
   * its mean (Kraehenbuehl et al. 2016), as the machine's own centring did.
   */
  handOver(input: Tensor): { kernel: Tensor; bias: Tensor } {
    const { kernel } = this.layer
    const output = this.kernels.forward(input, kernel.variable)
    const mean = output.mean([0, 1, 2])
    const scale = output.sub(mean).square().mean().sqrt().maximum(1e-6).div(handedOverDeviation)
    return { kernel: kernel.variable.div(scale), bias: mean.div(scale).neg() }
  }

  /** The visible units have the mean 0. */
  firstVisibleBias(input: Tensor): Tensor {
    return tf.zeros([input.shape.at(-1)!])
  }

  reconstruct(input: Tensor): Tensor {
    const { visible, mean, deviation } = standardize(input)
    return this.visibleMean(this.probabilities(visible), input.shape).mul(deviation).add(mean)
  }

  /**
   * CD-1 (Hinton 2002): the statistics at v' = convT(h - 1/2, W) + c, where h is drawn from p(h|v), minus those at v,
   * averaged over the images and over the places of the hidden map. Both sides use probabilities for the hidden units,
   * and v' is not drawn but its mean, as Hinton 2010, section 3, advises.
   */
  estimate(input: Tensor, step: number): Estimate {
    return tf.tidy(() => {
      const { visible, deviation } = standardize(input)
      const data: Phase = { visible, probabilities: this.probabilities(visible) }
      const { shape } = data.probabilities
      const hidden = this.uniforms(shape, step).less(data.probabilities).cast('float32')
      const fantasy = this.visibleMean(hidden, visible.shape)
      const model: Phase = { visible: fantasy, probabilities: this.probabilities(fantasy) }
      const error = fantasy.sub(visible).mul(deviation).square().mean().dataSync()[0]!
      return { error, gradients: this.gradients(data, model, shape[0]! * shape[1]! * shape[2]!) }
    })
  }

  private gradients(data: Phase, model: Phase, places: number): Record<string, Tensor> {
    const { kernel, hiddenBias, visibleBias } = this.layer
    const correlation = ({ visible, probabilities }: Phase): Tensor =>
      this.kernels.filterGradient(probabilities.sub(restingState), visible, kernel.variable.shape)
    const overPlaces = (of: (phase: Phase) => Tensor): Tensor => of(model).sub(of(data)).div(places)
    const axes = [0, 1, 2]
    return {
      [kernel.variable.name]: overPlaces(correlation),
      [hiddenBias.variable.name]: overPlaces(({ probabilities }) => probabilities.sum(axes)),
      [visibleBias.variable.name]: overPlaces(({ visible }) => visible.sum(axes)),
    }
  }
}

interface Standardized {
  readonly visible: Tensor
  /** Per channel. */
  readonly mean: Tensor
  /** Of all values together; never zero, so that an input of nothing but zeros stays one. */
  readonly deviation: Tensor
}

function standardize(input: Tensor): Standardized {
  const mean = input.mean([0, 1, 2])
  const centred = input.sub(mean)
  const deviation = centred.square().mean().sqrt().maximum(1e-6)
  return { visible: centred.div(deviation), mean, deviation }
}
