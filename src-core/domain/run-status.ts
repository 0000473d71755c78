import { z } from 'zod'
import { WorkbenchError } from './errors.ts'

export const runStates = [
  'queued',
  'preparing',
  'running',
  'pausing',
  'paused',
  'stopping',
  'stopped',
  'finished',
  'failed',
  'diverged',
  'interrupted',
] as const

export const runStateSchema = z.enum(runStates)
export type RunState = z.infer<typeof runStateSchema>

/** Legal transitions. `interrupted` is where a run goes whose application ended under it. */
const transitions: Record<RunState, readonly RunState[]> = {
  queued: ['preparing', 'paused', 'stopped', 'interrupted'],
  preparing: ['running', 'pausing', 'stopping', 'failed', 'interrupted', 'queued'],
  running: ['pausing', 'stopping', 'finished', 'failed', 'diverged', 'interrupted'],
  pausing: ['paused', 'stopping', 'finished', 'failed', 'diverged', 'interrupted'],
  paused: ['queued', 'stopped'],
  stopping: ['stopped', 'finished', 'failed', 'diverged', 'interrupted'],
  stopped: ['queued'],
  finished: [],
  failed: ['queued'],
  diverged: [],
  interrupted: ['queued', 'stopped'],
}

/** States in which a trainer process exists for the run. */
export const activeStates: readonly RunState[] = ['preparing', 'running', 'pausing', 'stopping']

/** States from which the user can resume. */
const resumableStates: readonly RunState[] = ['paused', 'stopped', 'failed', 'interrupted']

export function isActive(state: RunState): boolean {
  return activeStates.includes(state)
}

export function canResume(state: RunState): boolean {
  return resumableStates.includes(state)
}

export function canTransition(from: RunState, to: RunState): boolean {
  return transitions[from].includes(to)
}

/**
 * The only way from one state to the next.
 * @throws WorkbenchError `illegal-transition` naming both states.
 */
export function transition(from: RunState, to: RunState): RunState {
  if (canTransition(from, to)) return to
  throw new WorkbenchError('illegal-transition', `A run that is ${from} cannot become ${to}.`, { from, to })
}
