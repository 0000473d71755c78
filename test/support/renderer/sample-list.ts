import type { RunState } from '../../../src-core/domain/run-status.ts'

/** A run of the harness: what it is and how far it has come. */
export interface Sample {
  readonly name: string
  readonly state: RunState
  readonly set: readonly string[]
  readonly recipe?: string
  /** Share of the run that is done. */
  readonly done: number
  readonly hoursAgo: number
  readonly deleted?: boolean
  readonly divergesAt?: number
}

const small = ['data.trainImages=12000', 'data.testImages=2000', 'training.epochs=10']

const oneCycle = [
  'model.normalization.kind=none',
  'training.schedule.kind=one-cycle',
  'training.learningRate=0.03',
  'training.gradientClipNorm=5',
]

/** One run in each state, and variants of one network to compare. */
export const samples: readonly Sample[] = [
  { name: 'Small AlexNet, BN, dropout 0.5, seed 1', state: 'finished', set: small, done: 1, hoursAgo: 26 },
  {
    name: 'Small AlexNet, LRN, dropout 0.5, seed 1',
    state: 'finished',
    set: [...small, 'model.normalization.kind=lrn'],
    done: 1,
    hoursAgo: 25.5,
  },
  {
    name: 'Small AlexNet, no normalisation, dropout 0.5, seed 1',
    state: 'finished',
    set: [...small, 'model.normalization.kind=none'],
    done: 1,
    hoursAgo: 25,
  },
  {
    name: 'Small AlexNet, BN, dropout 0, seed 1',
    state: 'finished',
    set: [...small, 'model.dropout.rate=0'],
    done: 1,
    hoursAgo: 8,
  },
  {
    name: 'Small AlexNet, LRN, lr 0.3',
    state: 'diverged',
    set: [...small, 'model.normalization.kind=lrn', 'training.learningRate=0.3'],
    done: 0.34,
    hoursAgo: 7,
    divergesAt: 540,
  },
  {
    name: 'AlexNet, BN, dropout 0.4, seed 1',
    state: 'interrupted',
    recipe: 'keras-bn',
    set: ['data.trainImages=6000', 'training.epochs=3'],
    done: 0.42,
    hoursAgo: 6,
  },
  {
    name: 'AlexNet, LRN, dropout 0.5, seed 1',
    state: 'failed',
    recipe: 'table-lrn',
    set: ['data.trainImages=6000', 'training.batchSize=512'],
    done: 0,
    hoursAgo: 5,
  },
  { name: 'Width 0.5, BN, all images', state: 'paused', set: ['model.widthMultiplier=0.5'], done: 0.31, hoursAgo: 4 },
  {
    name: 'Small AlexNet, LRN, dropout 0.4, seed 2',
    state: 'stopped',
    set: [...small, 'model.normalization.kind=lrn', 'model.dropout.rate=0.4', 'training.seed=2'],
    done: 0.63,
    hoursAgo: 3,
  },
  {
    name: 'Small AlexNet, BN, all images, seed 3',
    state: 'running',
    set: ['training.seed=3', 'training.batchSize=32'],
    done: 0.38,
    hoursAgo: 0.4,
  },
  {
    name: 'Small AlexNet, LRN, all images, seed 3',
    state: 'queued',
    set: ['training.seed=3', 'model.normalization.kind=lrn'],
    done: 0,
    hoursAgo: 0.39,
  },
  {
    name: 'Small AlexNet, no normalisation, all images, seed 3',
    state: 'queued',
    set: ['training.seed=3', 'model.normalization.kind=none'],
    done: 0,
    hoursAgo: 0.38,
  },
  {
    name: 'Small AlexNet, auto-encoder, one-cycle, seed 1',
    state: 'finished',
    set: [...small, ...oneCycle, 'training.pretraining.kind=autoencoder', 'training.selection=validation/loss'],
    done: 1,
    hoursAgo: 24,
  },
  {
    name: 'Small AlexNet, RBM, one-cycle, seed 1',
    state: 'paused',
    set: [...small, ...oneCycle, 'training.pretraining.kind=rbm'],
    done: 0.15,
    hoursAgo: 2,
  },
  {
    name: 'First try, 2 epochs',
    state: 'stopped',
    set: [...small, 'training.epochs=2'],
    done: 0.5,
    hoursAgo: 30,
    deleted: true,
  },
]
