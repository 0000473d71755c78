import { hasBest, higherIsBetter } from '../metrics.ts'
import { confidence, significanceLevel, type Interval } from '../statistics/tests/distributions.ts'
import type { MeasuredGroup } from './measured-groups.ts'
import type { Comparison, Outcome } from './compare-groups.ts'
import { differenceText, intervalText, levelText, listText, pText } from './words.ts'

/** Beyond this the number of seeds says only that nobody will train them. */
const mostSeedsSaid = 1000

interface Lead {
  readonly leader: MeasuredGroup
  /** By how much the leader is better, at least 0. */
  readonly by: number
  readonly interval: Interval | null
}

/** The comparison as seen from the group that is ahead, or higher where neither way is better; null when none is. */
function leadOf({ a, b, metric, test }: Comparison): Lead | null {
  const { difference, interval } = test
  if (!difference) return null
  const aLeads = difference > 0 === higherIsBetter(metric)
  const ordered = interval && (difference > 0 ? interval : ([-interval[1], -interval[0]] as const))
  return { leader: aLeads ? a : b, by: Math.abs(difference), interval: ordered }
}

/** "LRN is ahead by 1.32 points [0.25, 2.39]", or higher where neither way is better. */
function leadText(comparison: Comparison, lead: Lead, word: 'ahead' | 'better'): string {
  const how = hasBest(comparison.metric) ? word : 'higher'
  return `${lead.leader.label} is ${how} by ${byText(comparison, lead)}`
}

function byText({ metric }: Comparison, { by, interval }: Lead): string {
  return differenceText(metric, by) + (interval ? ` ${intervalText(metric, interval)}` : '')
}

function nText({ a, b }: Comparison): string {
  const [n, m] = [a.measured.length, b.measured.length]
  return n === m ? `n = ${n}` : `n = ${n} and ${m}`
}

/** The test that supposes no distribution. */
export function freeTestName({ paired }: Comparison): string {
  return paired ? 'sign-flip test' : 'permutation test'
}

function testText(comparison: Comparison): string {
  const { paired, comparisons, p, test } = comparison
  const supposing = paired ? 'paired t-test: the runs are twins' : 'Welch’s t-test'
  const name = test.p === null ? freeTestName(comparison) : supposing
  const level = test.interval ? `, interval at ${levelText(comparison.confidence)}` : ''
  const corrected = comparisons > 1 ? `, Holm-corrected for ${comparisons} comparisons${level}` : ''
  return `${pText(p!)} (${name}${corrected})`
}

/** Why no winner is named: which group has too few runs. */
function refusal(comparison: Comparison): string {
  const { a, b } = comparison
  const empty = [a, b].filter(({ measured }) => measured.length === 0)
  if (empty.length > 0) {
    const names = listText(empty.map(({ label }) => label))
    return `Nothing to compare: ${names} ${empty.length === 1 ? 'has' : 'have'} no run that counts.`
  }
  const lead = leadOf(comparison)
  const ahead = lead ? leadText(comparison, lead, 'ahead') : 'Both are equal'
  const single = [a, b].filter(({ measured }) => measured.length === 1)
  const who = single.length === 2 ? 'One seed each' : `One seed of ${single[0]!.label}`
  return `${who} cannot tell. ${ahead}, which may be luck: train more seeds.`
}

/** How many seeds would be needed; empty when that cannot be said or is no more than there are. */
function neededText({ needed, paired, a, b }: Comparison): string {
  if (!needed || needed.perGroup <= Math.max(a.measured.length, b.measured.length)) return ''
  const noun = paired ? 'twins' : 'seeds per variant'
  if (needed.perGroup > mostSeedsSaid) {
    return ` If there is a difference it is too small for fewer than ${mostSeedsSaid.toLocaleString('en-US')} ${noun}.`
  }
  return ` About ${needed.perGroup} ${noun} would be needed to tell a difference of this size.`
}

/**
 * Whether a difference is called real by the t-test, which supposes normal distributions, but not by the test that
 * supposes none; with three seeds that one cannot.
 */
export function restsOnTTestAlone({ permutation, test }: Comparison, outcome: Outcome): boolean {
  if (outcome === 'refused' || outcome === 'undecided') return false
  return test.p !== null && permutation.p !== null && permutation.p >= significanceLevel
}

/** What the corrected p-values and the levels of the intervals mean, for the notes below all verdicts. */
export function correctionText(verdicts: readonly Comparison[]): string {
  const comparisons = Math.max(1, ...verdicts.map((one) => one.comparisons))
  if (comparisons === 1) return `Intervals of differences are at ${levelText(confidence)}.`
  const levels = [...new Set(verdicts.filter(({ test }) => test.interval).map((one) => one.confidence))]
  const corrected = `for ${comparisons} comparisons by Holm’s method`
  if (levels.length === 0) return `p-values are corrected ${corrected}.`
  const named = listText(levels.sort((a, b) => a - b).map(levelText))
  return `p-values and intervals of differences are corrected ${corrected}, the intervals at ${named}: they leave out 0 where p is below ${significanceLevel}.`
}

/** Where the test that supposes no distribution disagrees, and whether it could have agreed at all. */
function permutationText(comparison: Comparison): string {
  const { a, b, permutation, paired, test } = comparison
  if (permutation.p === null || test.p === null) return ''
  if (permutation.p < significanceLevel === test.p < significanceLevel) return ''
  // The arrangement that was observed is always among those that are counted, and its mirror image where there is one.
  const least = (paired || a.measured.length === b.measured.length ? 2 : 1) / permutation.permutations
  const floor = permutation.exact && least >= significanceLevel ? ', and with so few runs could not be smaller' : ''
  const word = permutation.p < significanceLevel ? 'smaller' : 'larger'
  return ` The ${freeTestName(comparison)}, which supposes no distribution, gives a ${word} ${pText(permutation.p)}${floor}.`
}

/** Why there is no t-test; empty where there is one. */
function noSpreadText({ test, paired }: Comparison): string {
  if (test.p !== null) return ''
  const twins = test.difference ? 'All twins differ by the same amount' : 'All twins are equal'
  const equal = paired ? twins : 'The runs of each group are all equal'
  return `${equal}, so their luck cannot be judged. `
}

function undecided(comparison: Comparison): string {
  const lead = leadOf(comparison)
  const spread = noSpreadText(comparison)
  if (!lead) return `${spread}No difference at ${nText(comparison)}.`
  const ahead = `${leadText(comparison, lead, 'ahead')}, ${testText(comparison)}`
  return `${spread}Not distinguishable at ${nText(comparison)}: ${ahead}.${neededText(comparison)}`
}

/** The verdict in plain words, for tables, reports and the terminal. */
export function verdictSentence(comparison: Comparison, outcome: Outcome): string {
  if (outcome === 'refused') return refusal(comparison)
  if (outcome === 'undecided') return undecided(comparison) + permutationText(comparison)
  const lead = leadOf(comparison)!
  const better = `${leadText(comparison, lead, 'better')}, ${testText(comparison)}`
  const alone = restsOnTTestAlone(comparison, outcome) ? ' This rests on the t-test alone.' : ''
  return `${better}, ${nText(comparison)}.${alone}${permutationText(comparison)}`
}
