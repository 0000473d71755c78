import { confidence, criticalT, tTwoSided, type Interval } from './distributions.ts'
import { finite, meanOf, roundingOf, varianceOf } from '../spread.ts'

/** What a t-test finds. */
export interface TTest {
  /** Mean of the first less mean of the second; null when either is empty. */
  readonly difference: number | null
  /** 95 % interval of the difference. Null, as all that follows, where there is no spread to judge the difference by. */
  readonly interval: Interval | null
  readonly standardError: number | null
  readonly t: number | null
  readonly degreesOfFreedom: number | null
  /** Two-sided. */
  readonly p: number | null
}

function untested(difference: number | null): TTest {
  return { difference, interval: null, standardError: null, t: null, degreesOfFreedom: null, p: null }
}

/** A mean that is nothing but rounding is none. */
function beyondRounding(difference: number, rounding: number): number {
  return Math.abs(difference) <= rounding ? 0 : difference
}

function tested(difference: number, standardError: number, degreesOfFreedom: number): TTest {
  const t = difference / standardError
  const p = tTwoSided(t, degreesOfFreedom)
  return atLevel({ difference, interval: null, standardError, t, degreesOfFreedom, p }, confidence)
}

/** The same test with the interval of another level, such as 0.99; unchanged where there is no test. */
export function atLevel(test: TTest, level: number): TTest {
  const { difference, standardError, degreesOfFreedom } = test
  if (difference === null || standardError === null || degreesOfFreedom === null) return test
  const half = criticalT(degreesOfFreedom, level) * standardError
  return { ...test, interval: [difference - half, difference + half] }
}

/**
 * Whether two groups have the same mean, without supposing that they have the same spread: Welch, “The generalization
 * of ‘Student’s’ problem when several different population variances are involved”, Biometrika 34 (1947), with the
 * degrees of freedom of Welch and Satterthwaite. With fewer than two finite values in a group, or no spread in both,
 * there is a difference but no test.
 */
export function welch(a: readonly number[], b: readonly number[]): TTest {
  const [first, second] = [finite(a), finite(b)]
  if (first.length === 0 || second.length === 0) return untested(null)
  const difference = beyondRounding(meanOf(first) - meanOf(second), roundingOf([...first, ...second]))
  if (first.length < 2 || second.length < 2) return untested(difference)
  const [one, other] = [varianceOf(first) / first.length, varianceOf(second) / second.length]
  if (one + other === 0) return untested(difference)
  const degreesOfFreedom = (one + other) ** 2 / (one ** 2 / (first.length - 1) + other ** 2 / (second.length - 1))
  return tested(difference, Math.sqrt(one + other), degreesOfFreedom)
}

/**
 * Whether the mean of paired differences is zero: the paired t-test (Student, “The probable error of a mean”, Biometrika
 * 6 (1908)). For runs that share their seed and the order of their batches, whose common luck cancels in the
 * difference. With fewer than two differences, or equal ones, there is a difference but no test.
 * @param rounding what the differences may be off by: that of the values that were subtracted.
 */
export function pairedT(differences: readonly number[], rounding = roundingOf(differences)): TTest {
  const kept = finite(differences)
  if (kept.length === 0) return untested(null)
  const difference = beyondRounding(meanOf(kept), rounding)
  if (kept.length < 2) return untested(difference)
  const variance = varianceOf(kept, rounding)
  if (variance === 0) return untested(difference)
  return tested(difference, Math.sqrt(variance / kept.length), kept.length - 1)
}
