import { uniformGenerator } from '../../random.ts'
import { finite, meanOf, roundingOf } from '../spread.ts'

export interface PermutationTest {
  /** Two-sided; null when a group is empty. */
  readonly p: number | null
  /** Whether all rearrangements were counted; otherwise some were drawn. */
  readonly exact: boolean
  /** How many rearrangements were counted or drawn. */
  readonly permutations: number
}

/** Up to so many rearrangements are all counted. */
export const mostCounted = 20_000
const drawn = 9999

/** C(n, k), Infinity where it is too large to matter. */
function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - Math.min(k, n - k) + i)) / i
  return Math.round(ways)
}

/** Sums of floating-point numbers that differ by rounding alone count as equal. */
function reaches(observed: number, rounding: number): (difference: number) => boolean {
  return (difference) => Math.abs(difference) >= Math.abs(observed) - rounding
}

/** Calls `visit` with each sum of `k` of the values. */
function visitSums(values: readonly number[], k: number, visit: (sum: number) => void): void {
  const descend = (from: number, left: number, sum: number): void => {
    if (left === 0) return visit(sum)
    for (let i = from; i <= values.length - left; i++) descend(i + 1, left - 1, sum + values[i]!)
  }
  descend(0, k, 0)
}

/** The sum of `k` of the values, drawn without putting back; reorders them. */
function drawSum(values: number[], k: number, random: () => number): number {
  let sum = 0
  for (let i = 0; i < k; i++) {
    const j = i + Math.floor(random() * (values.length - i))
    const swapped = values[i]!
    values[i] = values[j]!
    values[j] = swapped
    sum += values[i]!
  }
  return sum
}

/** (b + 1) / (m + 1): never 0, and never too small (Phipson and Smyth 2010). */
function drawnP(reached: number): PermutationTest {
  return { p: (reached + 1) / (drawn + 1), exact: false, permutations: drawn }
}

const none: PermutationTest = { p: null, exact: true, permutations: 0 }

/**
 * Whether it matters which group a value is in: the share of all ways to divide the values into groups of these sizes
 * whose means differ at least as much as they do. No distribution is supposed (Fisher 1935). All divisions are
 * counted when they are at most `mostCounted`, else 9,999 are drawn from the seed and counted as Phipson and Smyth,
 * “Permutation P-values should never be zero”, Stat. Appl. Genet. Mol. Biol. 9 (2010), say.
 */
export function permutation(a: readonly number[], b: readonly number[], seed: number): PermutationTest {
  const [first, second] = [finite(a), finite(b)]
  if (first.length === 0 || second.length === 0) return none
  const all = [...first, ...second]
  const total = all.reduce((sum, value) => sum + value, 0)
  const differenceOf = (sum: number): number => sum / first.length - (total - sum) / second.length
  const reached = reaches(meanOf(first) - meanOf(second), roundingOf(all))
  const splits = choose(all.length, first.length)
  let count = 0
  if (splits <= mostCounted) {
    visitSums(all, first.length, (sum) => (count += reached(differenceOf(sum)) ? 1 : 0))
    return { p: count / splits, exact: true, permutations: splits }
  }
  const random = uniformGenerator(seed)
  for (let i = 0; i < drawn; i++) count += reached(differenceOf(drawSum(all, first.length, random))) ? 1 : 0
  return drawnP(count)
}

/**
 * The permutation test of paired differences: under no effect each difference could as well have had the other sign.
 * All 2^n signs are counted when they are at most `mostCounted`, else drawn as above.
 * @param rounding what the differences may be off by: that of the values that were subtracted.
 */
export function signFlip(
  differences: readonly number[],
  seed: number,
  rounding = roundingOf(differences),
): PermutationTest {
  const kept = finite(differences)
  if (kept.length === 0) return none
  const reached = reaches(meanOf(kept), rounding)
  const flips = 2 ** kept.length
  let count = 0
  if (flips <= mostCounted) {
    for (let signs = 0; signs < flips; signs++) {
      const sum = kept.reduce((total, value, bit) => total + ((signs >> bit) & 1 ? -value : value), 0)
      count += reached(sum / kept.length) ? 1 : 0
    }
    return { p: count / flips, exact: true, permutations: flips }
  }
  const random = uniformGenerator(seed)
  for (let i = 0; i < drawn; i++) {
    const sum = kept.reduce((total, value) => total + (random() < 0.5 ? -value : value), 0)
    count += reached(sum / kept.length) ? 1 : 0
  }
  return drawnP(count)
}
