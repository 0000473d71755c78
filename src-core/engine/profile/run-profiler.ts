import type { Artifact } from '../../domain/evaluation/artifact.ts'
import { phaseAt, type Workload } from '../../domain/workload.ts'
import { tf, usesGpu } from '../backend.ts'
import type { StepClock } from '../layers/step-clock.ts'
import { StepProfiler, type Pause } from './step-profiler.ts'

/** The first profile comes after so many steps; the others at the ends of epochs. */
const stepsOfFirstProfile = 20

/** Steps per profile when every part is waited for, which slows them down. */
const mostSynchronisedSteps = 5

export interface RunProfilerParts {
  readonly clock: StepClock
  readonly workload: Workload
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
  /** When false, nothing is measured. */
  readonly enabled: boolean
}

export type ProfileArtifact = Extract<Artifact, { kind: 'profile' }>

interface Coverage {
  readonly firstStep: number
  readonly steps: number
}

/** The GPU works in the order in which it was asked; reading a value that it computes last waits for all before. */
function waitForGpu(): void {
  tf.tidy(() => void tf.scalar(0).add(1).dataSync())
}

/**
 * Decides which steps of a run are profiled and when a profile is due: all supervised steps, or a few on a GPU; never
 * the first one of a process, in which TensorFlow prepares its kernels.
 */
export class RunProfiler {
  private readonly clock: StepClock
  private readonly workload: Workload
  private readonly profiler: StepProfiler | null
  private readonly mostSteps = usesGpu ? mostSynchronisedSteps : Infinity
  private covered: Coverage | null = null
  private isWarm = false
  private hasFirst = false

  constructor({ clock, workload, now, enabled }: RunProfilerParts) {
    this.clock = clock
    this.workload = workload
    this.profiler = enabled ? new StepProfiler(now, usesGpu ? waitForGpu : null) : null
  }

  /** Begins the step after `finishedSteps`; it lasts until `endStep`. */
  beginStep(finishedSteps: number): void {
    if (!this.profiler || phaseAt(this.workload, finishedSteps).kind !== 'supervised') return
    const { firstStep, steps } = this.covered ?? { firstStep: finishedSteps + 1, steps: 0 }
    if (this.isWarm && steps < this.mostSteps) {
      this.covered = { firstStep, steps: steps + 1 }
      this.profiler.beginStep()
      this.clock.profiler = this.profiler
    }
    this.isWarm = true
  }

  /** Ends the step; does nothing between steps. */
  endStep(): void {
    if (!this.clock.profiler) return
    this.clock.profiler.endStep()
    this.clock.profiler = null
  }

  /** Keeps an evaluation or a checkpoint out of the step around it. */
  async aside<T>(pause: Pause, work: () => Promise<T>): Promise<T> {
    if (!this.profiler) return work()
    const { profiler } = this.clock
    this.clock.profiler = null
    try {
      return await this.profiler.aside(pause, work)
    } finally {
      this.clock.profiler = profiler
    }
  }

  /** The profile that is due after so many steps, null when none is: at the end of an epoch, the first one earlier. */
  due(finishedSteps: number): ProfileArtifact | null {
    const enough = (this.covered?.steps ?? 0) >= Math.min(stepsOfFirstProfile, this.mostSteps)
    const endsEpoch = finishedSteps % this.workload.stepsPerEpoch === 0
    return endsEpoch || (enough && !this.hasFirst) ? this.take(finishedSteps) : null
  }

  /** The profile of the steps since the last one; null when there were none. */
  take(finishedSteps: number): ProfileArtifact | null {
    if (!this.profiler || !this.covered) return null
    const { covered } = this
    const measured = this.profiler.take(covered.steps)
    this.covered = null
    this.hasFirst = true
    return { kind: 'profile', step: finishedSteps, profile: { ...covered, synchronised: usesGpu, ...measured } }
  }
}
