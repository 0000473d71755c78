import type { Run } from '../run.ts'
import { summary, type Summary } from '../statistics/tests/summary.ts'
import type { RunGroup } from './groups.ts'
import { batchOrderKey } from './twins.ts'

/** A run's number, or why there is none. */
export type RunReading = { readonly value: number } | { readonly missing: string }

export interface MeasuredRun {
  readonly run: Run
  /** Finite. */
  readonly value: number
}

export interface LeftOutRun {
  readonly run: Run
  /** After the run's name: "diverged", "is still running". */
  readonly reason: string
}

/** A group with the numbers that are compared. */
export interface MeasuredGroup extends RunGroup {
  readonly measured: readonly MeasuredRun[]
  readonly summary: Summary
  readonly leftOut: readonly LeftOutRun[]
}

/** Why a run is not the experiment it was meant to be; null for a finished one. */
export function unfinishedReason({ state, step, totalSteps }: Run): string | null {
  if (state === 'finished') return null
  if (state === 'diverged') return 'diverged'
  if (step === 0) return 'has not begun'
  const place = totalSteps === null ? `at step ${step}` : `at step ${step} of ${totalSteps}`
  return state === 'failed' ? `failed ${place}` : `is ${state} ${place}`
}

/**
 * Why a run is not compared at a budget: one that is under way or was stopped can be, as far as it got, but not one that
 * diverged or has not begun.
 */
export function unusableReason(run: Run): string | null {
  return run.state === 'diverged' || run.step === 0 ? unfinishedReason(run) : null
}

/**
 * Reads a number from each run of the groups. Runs for which `leaveOut` gives a reason are left out and named; a value
 * that is not finite never counts.
 */
export function measureGroups(
  groups: readonly RunGroup[],
  read: (run: Run) => RunReading,
  leaveOut: (run: Run) => string | null,
): MeasuredGroup[] {
  return groups.map((group) => {
    const measured: MeasuredRun[] = []
    const leftOut: LeftOutRun[] = []
    for (const run of group.runs) {
      const reading = read(run)
      const reason = leaveOut(run)
      if (reason !== null) leftOut.push({ run, reason })
      else if ('missing' in reading) leftOut.push({ run, reason: reading.missing })
      else if (!Number.isFinite(reading.value)) leftOut.push({ run, reason: `reached ${reading.value}` })
      else measured.push({ run, value: reading.value })
    }
    return { ...group, measured, leftOut, summary: summary(measured.map(({ value }) => value)) }
  })
}

/**
 * Runs of two groups that met the same luck: twins in the sense of `areTwins`. Null unless each run of either group has
 * exactly one twin in the other.
 */
export function twinsOf(a: MeasuredGroup, b: MeasuredGroup): [MeasuredRun, MeasuredRun][] | null {
  const luck = ({ run }: MeasuredRun): string => batchOrderKey(run.spec)
  const others = new Map(b.measured.map((one) => [luck(one), one]))
  const distinctFirst = new Set(a.measured.map(luck)).size === a.measured.length
  if (!distinctFirst || others.size !== b.measured.length || a.measured.length !== b.measured.length) return null
  const pairs = a.measured.map((one): [MeasuredRun, MeasuredRun | undefined] => [one, others.get(luck(one))])
  return pairs.every((pair): pair is [MeasuredRun, MeasuredRun] => pair[1] !== undefined) ? pairs : null
}
