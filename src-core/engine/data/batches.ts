import { deriveSeed, permutation } from '../../domain/random.ts'

/** Serves each step's batch as a pure function of (seed, step): a resumed run begins in mid-epoch without replay. */
export class BatchOrder {
  private readonly indices: Uint32Array
  private readonly batchSize: number
  private readonly seed: number
  private epoch = -1
  private order = new Uint32Array(0)

  constructor(indices: Uint32Array, batchSize: number, seed: number) {
    this.indices = indices
    this.batchSize = batchSize
    this.seed = seed
  }

  /** Indices of the images of the step after `finishedSteps` steps. */
  batch(finishedSteps: number): Uint32Array {
    const perEpoch = Math.floor(this.indices.length / this.batchSize)
    this.turnTo(Math.floor(finishedSteps / perEpoch))
    const start = (finishedSteps % perEpoch) * this.batchSize
    return this.order.subarray(start, start + this.batchSize).map((place) => this.indices[place]!)
  }

  private turnTo(epoch: number): void {
    if (epoch === this.epoch) return
    this.epoch = epoch
    this.order = permutation(this.indices.length, deriveSeed(this.seed, 'shuffle', epoch)) as typeof this.order
  }
}

/** Consecutive slices of at most `batchSize`; the last may be shorter. */
export function* consecutiveBatches(indices: Uint32Array, batchSize: number): Generator<Uint32Array> {
  for (let start = 0; start < indices.length; start += batchSize) yield indices.subarray(start, start + batchSize)
}
