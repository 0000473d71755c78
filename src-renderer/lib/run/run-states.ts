import type { RunState } from '../../../src-core/domain/run-status.ts'

export type StateTone = 'neutral' | 'active' | 'good' | 'warning' | 'bad'

/** How a state is told: a word and a tone; the glyph stands beside it in StateLabel.svelte. */
export const stateWords: Record<RunState, { readonly word: string; readonly tone: StateTone }> = {
  queued: { word: 'Queued', tone: 'neutral' },
  preparing: { word: 'Preparing', tone: 'active' },
  running: { word: 'Running', tone: 'active' },
  pausing: { word: 'Pausing', tone: 'active' },
  paused: { word: 'Paused', tone: 'warning' },
  stopping: { word: 'Stopping', tone: 'active' },
  stopped: { word: 'Stopped', tone: 'neutral' },
  finished: { word: 'Finished', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
  diverged: { word: 'Diverged', tone: 'bad' },
  interrupted: { word: 'Interrupted', tone: 'warning' },
}
