import { planArchitecture, type LayerPlan } from '../../../domain/network/architecture.ts'
import type { ModelSpec } from '../../../domain/spec/model-spec.ts'
import { groupNormalizationSource } from './group-normalization-source.ts'
import { groupedConv2DSource } from './grouped-conv2d-source.ts'
import { localResponseNormalizationSource } from './local-response-normalization-source.ts'

/**
 * A layer that TensorFlow.js does not have and that a loader of an exported model must bring along. Its source is
 * written beside the model, and the check of an export loads the model through this very text.
 */
export interface CustomLayer {
  readonly className: string
  readonly file: string
  /** The function that the file exports; it takes the library `tf`. */
  readonly register: string
  readonly source: string
  readonly formula: string
  isOne(layer: LayerPlan): boolean
  /** What the layer was made with, beside what model.json says of each one. */
  config(model: ModelSpec): object
}

/** All layers of ours that an exported model may hold. */
export const customLayers: readonly CustomLayer[] = [
  {
    className: 'LocalResponseNormalization',
    file: 'local-response-normalization.mjs',
    register: 'registerLocalResponseNormalization',
    source: localResponseNormalizationSource,
    formula: 'a / (k + alpha * sum of a^2 over n neighbouring channels)^beta',
    isOne: ({ type }) => type === 'lrn',
    config: ({ normalization }) => ({ ...normalization.lrn }),
  },
  {
    className: 'GroupedConv2D',
    file: 'grouped-conv2d.mjs',
    register: 'registerGroupedConv2D',
    source: groupedConv2DSource,
    formula: 'convolution in which each group of filters sees its own group of channels, plus bias',
    isOne: ({ convolution }) => convolution !== undefined && convolution.groups > 1,
    config: () => ({}),
  },
  {
    className: 'GroupNormalization',
    file: 'group-normalization.mjs',
    register: 'registerGroupNormalization',
    source: groupNormalizationSource,
    formula: 'gamma * (x - mean) / sqrt(variance + epsilon) + beta, per image and group of channels',
    isOne: ({ type }) => type === 'gn',
    config: ({ normalization }) => ({ ...normalization.gn }),
  },
]

/** Those that the network of this spec has. */
export function customLayersOf(model: ModelSpec): CustomLayer[] {
  const { layers } = planArchitecture(model)
  return customLayers.filter(({ isOne }) => layers.some(isOne))
}
