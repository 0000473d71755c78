import { deriveSeed } from '../../domain/random.ts'
import type { Tensor } from '../backend.ts'
import { dropout } from '../kernels/dropout.ts'
import { singleTensor, StockDropout, type CallOptions, type LayerInput } from './stock.ts'

/** Tells the layers of one model which step is being computed. The training loop moves it. */
export interface StepClock {
  step: number
}

export interface StatelessDropoutArgs {
  readonly name: string
  readonly rate: number
  readonly runSeed: number
  readonly clock: StepClock
}

/**
 * Dropout whose mask is a pure function of (run seed, layer name, step): a resumed run draws what an unbroken one
 * would have drawn. Stock Dropout either repeats one mask or cannot be repeated.
 */
export class StatelessDropout extends StockDropout {
  private readonly layerSeed: number
  private readonly clock: StepClock

  constructor({ name, rate, runSeed, clock }: StatelessDropoutArgs) {
    super({ name, rate })
    this.layerSeed = deriveSeed(runSeed, `dropout/${name}`)
    this.clock = clock
  }

  override call(inputs: LayerInput, options: CallOptions): Tensor {
    const input = singleTensor(inputs)
    if (!options.training) return input.clone()
    const { rate } = this.getConfig() as { rate: number }
    return dropout(input, rate, [this.layerSeed, this.clock.step & 0x7fffffff])
  }
}
