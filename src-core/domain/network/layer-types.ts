import type { LayerType } from './layer-plan.ts'

/** What the types of layers are called where there is room for words. */
export const layerTypeNames: Readonly<Record<LayerType, string>> = {
  conv: 'Convolution',
  relu: 'ReLU',
  tanh: 'tanh',
  sigmoid: 'Sigmoid',
  'leaky-relu': 'Leaky ReLU',
  gelu: 'GELU',
  pool: 'Max pool',
  avg: 'Average pool',
  lrn: 'LRN',
  bn: 'Batch norm.',
  gn: 'Group norm.',
  flatten: 'Flatten',
  dense: 'Fully connected',
  drop: 'Dropout',
  softmax: 'Softmax',
}
