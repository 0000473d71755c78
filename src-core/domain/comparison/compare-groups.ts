import { metricDirection } from '../metrics.ts'
import { deriveSeed } from '../random.ts'
import { roundingOf } from '../statistics/spread.ts'
import { confidence, significanceLevel } from '../statistics/tests/distributions.ts'
import { effectSize, type EffectSize } from '../statistics/tests/effect-size.ts'
import { permutation, signFlip, type PermutationTest } from '../statistics/tests/permutation.ts'
import { pairsNeeded, seedsNeeded, type SeedsNeeded } from '../statistics/tests/seeds-needed.ts'
import { pairedT, welch, type TTest } from '../statistics/tests/t-tests.ts'
import { twinsOf, type MeasuredGroup } from './measured-groups.ts'

/** What the runs of two groups say about their difference. */
export interface Comparison {
  readonly a: MeasuredGroup
  readonly b: MeasuredGroup
  readonly metric: string
  /** Whether the runs were compared seed by seed: all of them are twins. */
  readonly paired: boolean
  /** Mean of a less mean of b, with its interval at `confidence` and Welch's or the paired t-test. */
  readonly test: TTest
  /** The level of the interval of `test`: 0.95, or more where p is corrected, so that both say the same. */
  readonly confidence: number
  readonly permutation: PermutationTest
  readonly effect: EffectSize | null
  readonly needed: SeedsNeeded | null
  /** Of the t-test, or of the permutation test where the groups have no spread; corrected for several comparisons. */
  readonly p: number | null
  /** How many comparisons the p-value was corrected for; 1 is none. */
  readonly comparisons: number
}

/**
 * `better` and `worse` are said of the first group, and only when p is below 5 %; of a metric of which neither way is
 * better, `higher` and `lower`. `refused`: a group has fewer than two seeds, whatever the numbers look like.
 */
export type Outcome = 'better' | 'worse' | 'higher' | 'lower' | 'undecided' | 'refused'

/** Tests the difference of two groups: seed by seed where all runs are twins, else with Welch's test. */
export function compareGroups(a: MeasuredGroup, b: MeasuredGroup, metric: string): Comparison {
  const [first, second] = [a, b].map(({ measured }) => measured.map(({ value }) => value)) as [number[], number[]]
  const twins = first.length >= 2 ? twinsOf(a, b) : null
  const differences = twins?.map(([one, other]) => one.value - other.value)
  const rounding = roundingOf([...first, ...second])
  const seed = deriveSeed(1, `permutation/${metric}/${first.length}/${second.length}`)
  const test = differences ? pairedT(differences, rounding) : welch(first, second)
  const rearranged = differences ? signFlip(differences, seed, rounding) : permutation(first, second, seed)
  const enough = first.length >= 2 && second.length >= 2
  return {
    a,
    b,
    metric,
    paired: twins !== null,
    test,
    confidence,
    permutation: rearranged,
    effect: effectSize(first, second),
    needed: differences ? pairsNeeded(differences, rounding) : seedsNeeded(first, second),
    p: enough ? (test.p ?? rearranged.p) : null,
    comparisons: 1,
  }
}

/** What may be said of a comparison. */
export function outcomeOf({ a, b, metric, p, test }: Comparison): Outcome {
  if (a.measured.length < 2 || b.measured.length < 2) return 'refused'
  if (p === null || p >= significanceLevel || !test.difference) return 'undecided'
  const direction = metricDirection(metric)
  if (direction === 'none') return test.difference > 0 ? 'higher' : 'lower'
  return test.difference > 0 === (direction === 'higher') ? 'better' : 'worse'
}
