import { confidence, criticalT, criticalZ, noncentralT, normalQuantile } from './distributions.ts'
import { finite, meanOf, roundingOf, varianceOf } from '../spread.ts'

/** The chance to find a difference that is there. */
export const power = 0.8
/** From so many on the normal approximation is as good as exact, and quicker. */
const normalFrom = 200

export interface SeedsNeeded {
  /** Runs that each group needs altogether. */
  readonly perGroup: number
  /** What the first and the second group lack of that. */
  readonly further: readonly [number, number]
}

/** The chance that a t-test of n per group finds a difference of so many standard errors of one value. */
function powerAt(n: number, effect: number, degreesOfFreedom: number): number {
  const noncentrality = effect * Math.sqrt(n)
  const critical = criticalT(degreesOfFreedom)
  const above = 1 - noncentralT(critical, degreesOfFreedom, noncentrality)
  return above + noncentralT(-critical, degreesOfFreedom, noncentrality)
}

/**
 * The smallest n at which the power is reached. Begins where the normal approximation does,
 * ((z_0.975 + z_0.8) / effect)², which is never too large, and goes up with the non-central t distribution.
 */
function smallest(effect: number, degreesOfFreedom: (n: number) => number): number {
  const normal = Math.ceil(((criticalZ + normalQuantile(power)) / effect) ** 2)
  if (normal > normalFrom) return normal
  let n = Math.max(2, normal)
  while (powerAt(n, effect, degreesOfFreedom(n)) < power) n++
  return n
}

/**
 * How many seeds per group would find the difference that was observed, with a chance of 80 % in a two-sided test at
 * 5 %, if the groups truly differ and spread as much as they did so far: a guess that is as good as these few runs are.
 * The power of Welch's test at n per group is that of the non-central t distribution with the non-centrality
 * difference / √((s₁² + s₂²) / n) and Welch's degrees of freedom (Cohen, “Statistical power analysis for the behavioral
 * sciences”, 1988, chapter 2). Null with fewer than two finite values in a group, without a difference or a spread.
 */
export function seedsNeeded(a: readonly number[], b: readonly number[]): SeedsNeeded | null {
  const [first, second] = [finite(a), finite(b)]
  if (first.length < 2 || second.length < 2) return null
  const [one, other] = [varianceOf(first), varianceOf(second)]
  const difference = Math.abs(meanOf(first) - meanOf(second))
  if (difference <= roundingOf([...first, ...second]) || one + other === 0) return null
  const perDegree = (one + other) ** 2 / (one ** 2 + other ** 2)
  const perGroup = smallest(difference / Math.sqrt(one + other), (n) => (n - 1) * perDegree)
  return { perGroup, further: [Math.max(0, perGroup - first.length), Math.max(0, perGroup - second.length)] }
}

/**
 * The same for pairs: the non-centrality is the mean difference / (s / √n), with n - 1 degrees of freedom.
 * @param rounding what the differences may be off by: that of the values that were subtracted.
 */
export function pairsNeeded(differences: readonly number[], rounding = roundingOf(differences)): SeedsNeeded | null {
  const kept = finite(differences)
  if (kept.length < 2) return null
  const variance = varianceOf(kept, rounding)
  const difference = Math.abs(meanOf(kept))
  if (difference <= rounding || variance === 0) return null
  const perGroup = smallest(difference / Math.sqrt(variance), (n) => n - 1)
  const further = Math.max(0, perGroup - kept.length)
  return { perGroup, further: [further, further] }
}

/** For sentences: "a chance of 80 % at a level of 5 %". */
export const powerWords = `a chance of ${power * 100} % at a level of ${Math.round((1 - confidence) * 100)} %`
