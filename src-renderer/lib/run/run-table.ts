import type { Run } from '../../../src-core/domain/run.ts'
import { isActive } from '../../../src-core/domain/run-status.ts'
import { missing } from '../format.ts'

/** The share of its steps that a run has done; 0 while their number is unknown. */
export function progressOf(run: Run): number {
  return run.totalSteps ? run.step / run.totalSteps : 0
}

/** Percent of the steps, or the steps themselves while their number is unknown. */
export function progressText(run: Run): string {
  if (run.totalSteps === null) return run.step > 0 ? `step ${run.step}` : missing
  return `${Math.floor(progressOf(run) * 100)} %`
}

export const runScopes = ['all', 'unfinished', 'deleted'] as const
export type RunScope = (typeof runScopes)[number]

export function inScope(run: Run, scope: RunScope): boolean {
  if (scope === 'deleted') return run.deletedAt !== null
  if (run.deletedAt !== null) return false
  return scope === 'all' || isActive(run.state) || ['queued', 'paused', 'interrupted'].includes(run.state)
}
