import { execute, type Tensor } from '../backend.ts'
import { channelsLast, floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

const attributes = [floatType, channelsLast]

/** Adds `bias` [channels] along the last axis of `input` [..., channels]. */
export function biasAdd(input: Tensor, bias: Tensor): Tensor {
  return differentiable([input, bias], () => ({
    value: execute('BiasAdd', attributes, [input, bias]),
    saved: [],
    // A fresh handle on the same memory, because tfjs may dispose of either one.
    gradients: (upstream) => [upstream.clone(), execute('BiasAddGrad', attributes, [upstream])],
  }))
}
