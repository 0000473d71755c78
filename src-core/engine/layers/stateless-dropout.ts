import { deriveSeed } from '../../domain/random.ts'
import type { Tensor } from '../backend.ts'
import { dropout } from '../kernels/dropout.ts'
import type { StepClock } from './step-clock.ts'
import { singleTensor, StockDropout, type CallOptions, type LayerInput } from './stock.ts'

export interface StatelessDropoutArgs {
  readonly name: string
  readonly rate: number
  readonly runSeed: number
  readonly clock: Pick<StepClock, 'step'>
}

/**
 * Dropout whose mask is a pure function of (run seed, layer name, step): a resumed run draws what an unbroken one
 * would have drawn. Stock Dropout either repeats one mask or cannot be repeated.
 */
export class StatelessDropout extends StockDropout {
  private readonly layerSeed: number
  private readonly clock: Pick<StepClock, 'step'>

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
