import { z } from 'zod'
import type { Run } from '../../../src-core/domain/run.ts'
import type { LayoutStore } from '../../state/layout/layout-store.svelte.ts'

const section = 'compare-base'
const schema = z.object({ runId: z.string() })

/** The compared runs with the one that the others are compared with first: the chosen one, else the first. */
export function baseFirst(layout: LayoutStore, runs: readonly Run[]): readonly Run[] {
  const { runId } = layout.read(section, schema, { runId: '' })
  const base = runs.find(({ id }) => id === runId)
  return base ? [base, ...runs.filter((run) => run !== base)] : runs
}

export function chooseBase(layout: LayoutStore, runId: string): void {
  layout.write(section, { runId }, 'Base run')
}
