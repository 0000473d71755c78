import { confidence } from '../statistics/tests/distributions.ts'
import { holm, holmLevels } from '../statistics/tests/holm.ts'
import { atLevel } from '../statistics/tests/t-tests.ts'
import { compareGroups, outcomeOf, type Comparison, type Outcome } from './compare-groups.ts'
import type { MeasuredGroup } from './measured-groups.ts'
import type { MetricChoice } from './readings.ts'
import { verdictSentence } from './verdict-sentence.ts'

export interface Verdict extends Comparison {
  readonly outcome: Outcome
  /** The verdict in plain words. */
  readonly sentence: string
}

function judged(comparison: Comparison): Verdict {
  const outcome = outcomeOf(comparison)
  return { ...comparison, outcome, sentence: verdictSentence(comparison, outcome) }
}

/** Whether one group is better than another, in plain words. Names no winner with fewer than two seeds in a group. */
export function verdict(a: MeasuredGroup, b: MeasuredGroup, { metric }: Pick<MetricChoice, 'metric'>): Verdict {
  return judged(compareGroups(a, b, metric))
}

/** All pairs, or with a baseline (a group's key) every other group against it. */
function pairsOf(groups: readonly MeasuredGroup[], baseline: string | null): [MeasuredGroup, MeasuredGroup][] {
  const base = groups.find(({ key }) => key === baseline)
  if (base) return groups.filter((group) => group !== base).map((group) => [group, base])
  return groups.flatMap((a, index) => groups.slice(index + 1).map((b): [MeasuredGroup, MeasuredGroup] => [a, b]))
}

/**
 * The verdicts over all pairs of groups, or over all groups against the baseline. With several comparisons the p-values
 * are corrected by Holm's method and the intervals are at the level that goes with it, and the sentences say so.
 */
export function verdicts(
  groups: readonly MeasuredGroup[],
  { metric }: Pick<MetricChoice, 'metric'>,
  baseline: string | null = null,
): Verdict[] {
  const compared = pairsOf(groups, baseline).map(([a, b]) => compareGroups(a, b, metric))
  const found = compared.map(({ p }) => p)
  const [corrected, levels] = [holm(found), holmLevels(found)]
  const comparisons = Math.max(1, corrected.filter((p) => p !== null).length)
  return compared.map((one, index) => {
    const level = levels[index] ?? confidence
    return judged({ ...one, test: atLevel(one.test, level), confidence: level, p: corrected[index]!, comparisons })
  })
}
