import type { Convolution, ModelSpec, Pool } from './model-spec.ts'

/** A network of the documents as data. */
export interface Preset {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly model: ModelSpec
}

const overlapping: Pool = { kind: 'max', size: 3, stride: 2 }
const plain: Pool = { kind: 'max', size: 2, stride: 2 }

function convolution(
  filters: number,
  kernel: number,
  padding: Convolution['padding'],
  pool: Pool | null = null,
): Convolution {
  return { filters, kernel, stride: 1, padding, groups: 1, pool, dropout: 0 }
}

/** The five convolutions that the AlexNets of the documents share, but for the padding and the last pool. */
function alexNetConvolutions({ padding = 'same', lastPool = overlapping }: AlexNetDifferences = {}): Convolution[] {
  return [
    { ...convolution(96, 11, 'valid', overlapping), stride: 4 },
    convolution(256, 5, 'same', overlapping),
    convolution(384, 3, padding),
    convolution(384, 3, padding),
    convolution(256, 3, padding, lastPool),
  ]
}

interface AlexNetDifferences {
  readonly padding?: Convolution['padding']
  readonly lastPool?: Pool
}

/** Krizhevsky et al. 2012, section 3.3. */
const paperLrn = { n: 5, k: 2, alpha: 1e-4, beta: 0.75 }

/** The defaults of Keras' BatchNormalization. */
const kerasBn = { epsilon: 1e-3, momentum: 0.99 }

/** The defaults of PyTorch's BatchNorm2d, whose momentum is the share of the new statistics. */
const torchBn = { epsilon: 1e-5, momentum: 0.9 }

/** Wu and He 2018 use 32 groups at most; 8 divide every width of an AlexNet at a quarter of its size. */
const groupNormalization = { groups: 8, epsilon: 1e-5 }

const noNormalization: ModelSpec['normalization'] = {
  kind: 'none',
  position: 'after-pool',
  blocks: [1, 2],
  dense: 'none',
  densePosition: 'after-activation',
  lrn: paperLrn,
  bn: kerasBn,
  gn: groupNormalization,
}

/** AlexNet as the table of document 001 has it, but without normalisation: what the others are made from. */
const alexNet: ModelSpec = {
  input: { size: 227, channels: 3 },
  classes: 1000,
  widthMultiplier: 1,
  convolutions: alexNetConvolutions(),
  removed: [],
  dense: [
    { units: 4096, dropout: null },
    { units: 4096, dropout: null },
  ],
  activation: 'relu',
  leakySlope: 0.01,
  normalization: noNormalization,
  dropout: { rate: 0.5, position: 'before-dense' },
  initializer: 'he-normal',
  onesBiases: [],
  output: 'softmax',
}

const kerasBn000: ModelSpec = {
  ...alexNet,
  convolutions: alexNetConvolutions({ lastPool: plain }),
  normalization: { ...noNormalization, kind: 'bn', blocks: [1, 2, 3, 4, 5], dense: 'same' },
  dropout: { rate: 0.4, position: 'after-activation' },
  // What Keras draws unless it is told otherwise.
  initializer: 'glorot-uniform',
}

const tableLrn: ModelSpec = {
  ...alexNet,
  normalization: { ...noNormalization, kind: 'lrn' },
}

/** The paper's first weights: N(0, 0.01), ones where they feed the ReLUs with positive inputs early on. */
const paperStart = {
  initializer: 'normal-0.01',
  onesBiases: ['conv2', 'conv4', 'conv5', 'fc6', 'fc7'],
} satisfies Partial<ModelSpec>

/** The second, fourth and fifth layers see only the channels of their own tower. */
function twoTowers(convolutions: Convolution[]): Convolution[] {
  return convolutions.map((layer, index) => ([1, 3, 4].includes(index) ? { ...layer, groups: 2 } : layer))
}

const functional224: ModelSpec = {
  ...alexNet,
  input: { size: 224, channels: 3 },
  convolutions: alexNetConvolutions().map((layer, index) => (index >= 3 ? { ...layer, kernel: 5 } : layer)),
  dropout: { rate: 0.5, position: 'after-activation' },
  initializer: 'normal-0.01',
  onesBiases: ['conv2', 'conv4', 'conv5'],
}

const cifar10: ModelSpec = {
  ...alexNet,
  classes: 10,
  normalization: {
    ...noNormalization,
    kind: 'bn',
    position: 'before-activation',
    blocks: [1, 2, 3, 4, 5],
    bn: torchBn,
  },
  output: 'logits',
}

const average: Pool = { kind: 'average', size: 2, stride: 2 }

const leNet5: ModelSpec = {
  ...alexNet,
  input: { size: 32, channels: 1 },
  classes: 10,
  convolutions: [
    convolution(6, 5, 'valid', average),
    convolution(16, 5, 'valid', average),
    convolution(120, 5, 'valid'),
  ],
  dense: [{ units: 84, dropout: null }],
  activation: 'tanh',
  dropout: { rate: 0, position: 'after-activation' },
  initializer: 'glorot-uniform',
}

/** The three convolutions and one fully connected layer with which Krizhevsky compared ReLU and tanh on CIFAR-10. */
const fourLayers: ModelSpec = {
  ...alexNet,
  input: { size: 32, channels: 3 },
  classes: 10,
  convolutions: [
    convolution(32, 5, 'same', overlapping),
    convolution(32, 5, 'same', overlapping),
    convolution(64, 5, 'same', overlapping),
  ],
  dense: [],
  dropout: { rate: 0, position: 'after-activation' },
  initializer: 'glorot-uniform',
}

/**
 * AlexNet for inputs from 32 pixels: the same table at a quarter of the width, with a first convolution of
 * 5x5 and stride 1 instead of 11x11 and stride 4, which would leave nothing of a small picture.
 * BN keeps 0.9 of its running statistics: with 0.99 they lag behind in runs of a few hundred steps.
 */
const alexNetSmall: ModelSpec = {
  ...alexNet,
  input: { size: 32, channels: 3 },
  classes: 10,
  widthMultiplier: 0.25,
  // With he-normal the logits begin large (first loss 8) and 0.01 learns nothing in the first hundred steps.
  initializer: 'glorot-uniform',
  convolutions: [convolution(96, 5, 'same', overlapping), ...alexNetConvolutions().slice(1)],
  normalization: { ...noNormalization, kind: 'bn', bn: { epsilon: 1e-3, momentum: 0.9 } },
}

/** The networks in the order in which they are offered. */
export const presets: readonly Preset[] = [
  {
    id: 'alexnet-small',
    title: 'Small AlexNet',
    description: 'AlexNet at a quarter of its width for inputs of 32 pixels and more. Trains on a laptop in minutes.',
    model: alexNetSmall,
  },
  {
    id: 'keras-bn',
    title: 'AlexNet with batch normalisation (Keras)',
    description: '227 pixels, batch normalisation after every pool and in the fully connected layers, dropout 0.4.',
    model: kerasBn000,
  },
  {
    id: 'flowers-17',
    title: 'AlexNet for 17 flowers',
    description: '224 pixels, unpadded third to fifth convolution, batch normalisation, 17 classes.',
    model: {
      ...kerasBn000,
      input: { size: 224, channels: 3 },
      classes: 17,
      convolutions: alexNetConvolutions({ padding: 'valid' }),
    },
  },
  {
    id: 'table-lrn',
    title: 'AlexNet with local response normalisation (table)',
    description: '227 pixels, local response normalisation after the first two pools, dropout 0.5 before FC6 and FC7.',
    model: tableLrn,
  },
  {
    id: 'paper-two-tower',
    title: 'AlexNet of the paper, two towers',
    description:
      'The table with two groups in conv2, conv4 and conv5, normalisation before the pools, first weights N(0, 0.01).',
    model: {
      ...tableLrn,
      ...paperStart,
      convolutions: twoTowers(alexNetConvolutions()),
      normalization: { ...tableLrn.normalization, position: 'after-activation' },
    },
  },
  {
    id: 'functional-224',
    title: 'AlexNet, functional Keras',
    description: '224 pixels, 5x5 kernels in conv4 and conv5, no normalisation, first weights N(0, 0.01).',
    model: functional224,
  },
  {
    id: 'cifar-10',
    title: 'AlexNet for CIFAR-10 (PyTorch)',
    description: '227 pixels, batch normalisation before every activation, dropout 0.5 before FC6 and FC7, 10 classes.',
    model: cifar10,
  },
  {
    id: 'lenet-5',
    title: 'LeNet-5',
    description: "AlexNet's predecessor: 32 grey pixels, tanh, average pools, 61,706 parameters.",
    model: leNet5,
  },
  {
    id: 'four-layers',
    title: 'Four layers, ReLU against tanh',
    description: 'Three convolutions and one fully connected layer, for comparing activations on 32 pixels.',
    model: fourLayers,
  },
]
