import { gatherRuns } from '../../../../src-core/domain/comparison/groups.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { fieldLabel } from '../../spec/labels.ts'
import { differingFields, fewNamed, valueWords, type RunGroup } from './grouping.ts'
import { lookKey, type Look, type Looks } from './looks.ts'

/** Runs that are drawn as one line, their mean. */
export interface MeanGroup extends RunGroup {
  readonly look: Look
}

/** What the colour and the dash pattern of a run stand for. */
export function lookLabel({ colors, dashes }: Looks, { id }: Run): string {
  const own = [colors, dashes].flatMap((groups) => groups.find(({ runs }) => runs.some((run) => run.id === id)) ?? [])
  return own.map(({ label }) => label).join(', ')
}

function withSameLook(runs: readonly Run[], looks: Looks): Run[][] {
  return [...Map.groupBy(runs, ({ id }) => lookKey(looks.of.get(id)!)).values()]
}

/**
 * The runs whose mean is drawn as one line: those that look alike and differ in their seed alone. The mean of different
 * networks would be that of none of them, so that what looks alike may be several lines.
 */
export function meanGroups(runs: readonly Run[], looks: Looks): MeanGroup[] {
  return withSameLook(runs, looks).flatMap((alike) => {
    const sets = gatherRuns(alike, 'everything-but-seed')
    const fields = differingFields(sets.map((set) => set.runs[0]!))
    return sets.map(({ runs: members }): MeanGroup => {
      const [first] = members as [Run]
      const own = sets.length > 1 ? `, ${valueWords(first, fields)}` : ''
      return { key: first.id, label: lookLabel(looks, first) + own, runs: members, look: looks.of.get(first.id)! }
    })
  })
}

/** In words, why runs that look alike are several lines; null when each look is one mean. */
export function whyApart(runs: readonly Run[], looks: Looks): string | null {
  const fields = new Set(withSameLook(runs, looks).flatMap((alike) => differingFields(alike)))
  if (fields.size === 0) return null
  const names = fewNamed([...fields].map((path) => fieldLabel(path)))
  return `Runs of one look also differ in ${names}: only those that differ in their seed alone are averaged.`
}

/**
 * How many runs each line of some runs stands for: “n 3”, or “n 2 to 3” when there are several means; the lines
 * themselves where none is a mean.
 */
export function countText(runs: readonly Run[], looks: Looks, averaged: boolean): string {
  if (runs.length === 0) return 'not drawn'
  const sizes = averaged ? meanGroups(runs, looks).map((group) => group.runs.length) : [runs.length]
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  return least === most ? `n ${most}` : `n ${least} to ${most}`
}
