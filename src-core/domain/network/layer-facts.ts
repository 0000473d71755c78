import type { ModelSpec } from '../spec/model-spec.ts'
import type { Architecture, LayerPlan } from './architecture.ts'

const bytesPerValue = 4

/** What can be told of a layer beyond its plan, for tables. */
export interface LayerFacts {
  readonly layer: LayerPlan
  /** Share of all parameters and of all multiply-accumulates, 0 to 1. */
  readonly paramsShare: number
  readonly macsShare: number
  /** Bytes of the layer's output for one image, float32. */
  readonly activationBytes: number
  /** Side of the square of input pixels that one output value can see; null once everything is seen together. */
  readonly receptiveField: number | null
}

interface Window {
  readonly size: number
  readonly stride: number
}

function windowOf({ convolution, pool }: LayerPlan): Window | null {
  if (convolution) return { size: convolution.kernel, stride: convolution.stride }
  return pool ?? null
}

/**
 * Facts of every layer. The receptive field grows by (window - 1) times the product of all strides before it
 * (Araujo, Norris and Sim 2019, equation 2) and is not cut at the border of the input.
 */
export function layerFacts({ layers, params, macs }: Architecture): LayerFacts[] {
  const allMacs = macs.conv + macs.dense
  let field = 1
  let jump = 1
  let flat = false
  return layers.map((layer) => {
    const window = windowOf(layer)
    if (window) {
      field += (window.size - 1) * jump
      jump *= window.stride
    }
    flat ||= layer.type === 'flatten'
    return {
      layer,
      paramsShare: params === 0 ? 0 : layer.params / params,
      macsShare: allMacs === 0 ? 0 : layer.macs / allMacs,
      activationBytes: layer.output.reduce((product, side) => product * side, 1) * bytesPerValue,
      receptiveField: flat ? null : field,
    }
  })
}

export interface Shares {
  readonly conv: { readonly params: number; readonly macs: number }
  readonly dense: { readonly params: number; readonly macs: number }
}

/** Parameters and multiply-accumulates of the convolutional layers against the fully connected ones, as document 001 does. */
export function convolutionAgainstDense({ layers, macs }: Architecture): Shares {
  const paramsOf = (type: LayerPlan['type']): number =>
    layers.filter((layer) => layer.type === type).reduce((sum, layer) => sum + layer.params, 0)
  return {
    conv: { params: paramsOf('conv'), macs: macs.conv },
    dense: { params: paramsOf('dense'), macs: macs.dense },
  }
}

/** Bytes of all activations of one image that a training step keeps, the input included. */
export function activationBytes(model: ModelSpec, architecture: Architecture): number {
  const { size, channels } = model.input
  const outputs = layerFacts(architecture).reduce((sum, facts) => sum + facts.activationBytes, 0)
  return size * size * channels * bytesPerValue + outputs
}
