import { tf, type Tensor } from '../backend.ts'
import type { Padding } from '../kernels/attributes.ts'
import { biasAdd } from '../kernels/bias-add.ts'
import { groupedConv2d } from '../kernels/convolution/conv2d.ts'
import { surroundingOptions, type ConvolutionSurroundings } from './surroundings.ts'
import {
  singleTensor,
  type CallOptions,
  type Initializer,
  type LayerArgs,
  type LayerConfig,
  type LayerInput,
} from './stock.ts'

export interface GroupedConv2DOptions {
  readonly filters: number
  /** Side of the square kernel. */
  readonly kernelSize: number
  /** Step in both directions. */
  readonly strides: number
  /** One lower-case word: tfjs rewrites all other strings while loading. */
  readonly padding: Padding
  readonly groups: number
}

export type GroupedConv2DArgs = LayerArgs &
  GroupedConv2DOptions & { readonly kernelInitializer?: Initializer; readonly biasInitializer?: Initializer }

function outputSide(size: number, { kernelSize, strides, padding }: GroupedConv2DOptions): number {
  return padding === 'same' ? Math.ceil(size / strides) : Math.floor((size - kernelSize) / strides) + 1
}

/**
 * Convolution with bias whose filters see their own group of channels only; TensorFlow.js has none.
 * Weights: kernel [side, side, channels / groups, filters], bias [filters].
 */
export class GroupedConv2D extends tf.layers.Layer {
  static className = 'GroupedConv2D'
  private readonly options: GroupedConv2DOptions
  private readonly initializers: { readonly kernel: Initializer; readonly bias: Initializer }
  private readonly surroundings: ConvolutionSurroundings
  private kernel!: { read(): Tensor }
  private bias!: { read(): Tensor }

  constructor(args: GroupedConv2DArgs, surroundings: ConvolutionSurroundings = {}) {
    super(args)
    const { filters, kernelSize, strides, padding, groups } = args
    this.options = { filters, kernelSize, strides, padding, groups }
    const { kernelInitializer, biasInitializer } = args
    // A loaded layer names no initializers: its weights come with it.
    this.initializers = {
      kernel: kernelInitializer ?? tf.initializers.zeros(),
      bias: biasInitializer ?? tf.initializers.zeros(),
    }
    this.surroundings = surroundings
  }

  override build(inputShape: number[]): void {
    const { filters, kernelSize, groups } = this.options
    const shape = [kernelSize, kernelSize, inputShape.at(-1)! / groups, filters]
    this.kernel = this.addWeight('kernel', shape, 'float32', this.initializers.kernel)
    this.bias = this.addWeight('bias', [filters], 'float32', this.initializers.bias)
    super.build(inputShape)
  }

  override computeOutputShape([batch, height, width]: number[]): number[] {
    return [batch!, outputSide(height!, this.options), outputSide(width!, this.options), this.options.filters]
  }

  override call(inputs: LayerInput, { training }: CallOptions): Tensor {
    const { groups, strides, padding } = this.options
    const options = { stride: strides, padding, ...surroundingOptions(this.surroundings, training) }
    return tf.tidy(() =>
      biasAdd(groupedConv2d(singleTensor(inputs), this.kernel.read(), groups, options), this.bias.read()),
    )
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), ...this.options }
  }
}
