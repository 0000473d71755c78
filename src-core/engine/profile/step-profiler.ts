import { workParts, type StepProfile, type Times, type WorkPart } from '../../domain/profile/step-profile.ts'
import { timingGradients } from '../kernels/differentiable.ts'
import { newAccount, Stopwatch, type Account } from './stopwatch.ts'

type TimeAccounts = Record<keyof Times, Account>

/** What a layer is called in a profile. */
export interface ProfiledLayer {
  readonly name: string
  readonly type: string
}

/** What happens beside the steps. */
export type Pause = 'evaluation' | 'checkpoint'

export type Measured = Pick<StepProfile, 'layers' | 'loss' | 'parts' | Pause>

const newTimes = (): TimeAccounts => ({ forward: newAccount(), backward: newAccount() })

const newParts = (): Record<WorkPart, Account> =>
  Object.fromEntries(workParts.map((part) => [part, newAccount()])) as Record<WorkPart, Account>

/** Divides and empties. */
function take(account: Account, steps: number): number {
  const mean = account.milliseconds / steps
  account.milliseconds = 0
  return mean
}

function takeTimes({ forward, backward }: TimeAccounts, steps: number): Times {
  return { forward: take(forward, steps), backward: take(backward, steps) }
}

/**
 * Measures where the time of training steps goes. TensorFlow's CPU kernels run while they are called, so that the
 * time of a layer's `call` is its forward time, and that of its operations' gradient functions its backward time.
 */
export class StepProfiler {
  private readonly watch: Stopwatch
  private readonly layers = new Map<string, TimeAccounts & ProfiledLayer>()
  private readonly loss = newTimes()
  private readonly parts = newParts()
  private readonly pauses: Record<Pause, Account> = { evaluation: newAccount(), checkpoint: newAccount() }

  /**
   * @param now milliseconds on a clock that only goes forward.
   * @param synchronise waits until the device has done what it was given; null where it works while it is called.
   */
  constructor(now: () => number, synchronise: (() => void) | null = null) {
    const readClock = (): number => {
      synchronise?.()
      return now()
    }
    this.watch = new Stopwatch(synchronise ? readClock : now, newAccount())
  }

  /** From here on, time that nothing else is charged is the step's. */
  beginStep(): void {
    this.watch.enter(this.parts.other)
  }

  endStep(): void {
    this.watch.leave()
  }

  measure<T>(part: WorkPart, work: () => T): T {
    return this.watch.run(this.parts[part], work)
  }

  /** As `measure`, for work that has to be waited for. */
  wait<T>(part: WorkPart, work: () => Promise<T>): Promise<T> {
    return this.during(this.parts[part], work)
  }

  /** Runs the forward computation of a layer; what its operations do for the gradients later is its backward time. */
  layer<T>(layer: ProfiledLayer, compute: () => T): T {
    return this.forward(this.accountsOf(layer), compute)
  }

  /** As `layer`, for what comes after the last one. */
  lossOf<T>(compute: () => T): T {
    return this.forward(this.loss, compute)
  }

  /** Charges what happens between or within steps to itself. */
  aside<T>(pause: Pause, work: () => Promise<T>): Promise<T> {
    return this.during(this.pauses[pause], work)
  }

  /** Means over so many steps of all that was measured since the last time, which is then forgotten. */
  take(steps: number): Measured {
    const layers = [...this.layers.values()].map(({ name, type, ...times }) => ({
      name,
      type,
      ...takeTimes(times, steps),
    }))
    const parts = Object.fromEntries(workParts.map((part) => [part, take(this.parts[part], steps)]))
    return {
      layers,
      loss: takeTimes(this.loss, steps),
      parts: parts as Record<WorkPart, number>,
      evaluation: take(this.pauses.evaluation, 1),
      checkpoint: take(this.pauses.checkpoint, 1),
    }
  }

  private async during<T>(account: Account, work: () => Promise<T>): Promise<T> {
    this.watch.enter(account)
    try {
      return await work()
    } finally {
      this.watch.leave()
    }
  }

  private accountsOf({ name, type }: ProfiledLayer): TimeAccounts {
    const known = this.layers.get(name)
    if (known) return known
    const accounts = { name, type, ...newTimes() }
    this.layers.set(name, accounts)
    return accounts
  }

  private forward<T>({ forward, backward }: TimeAccounts, compute: () => T): T {
    const runGradients = <G>(gradients: () => G): G => this.watch.run(backward, gradients)
    return timingGradients(runGradients, () => this.watch.run(forward, compute))
  }
}

/** Runs `work` as a part of the step when it is profiled, and as it is otherwise. */
export function measured<T>(profiler: StepProfiler | null, part: WorkPart, work: () => T): T {
  return profiler ? profiler.measure(part, work) : work()
}

/** As `measured`, for work that has to be waited for. */
export function measuredWait<T>(profiler: StepProfiler | null, part: WorkPart, work: () => Promise<T>): Promise<T> {
  return profiler ? profiler.wait(part, work) : work()
}
