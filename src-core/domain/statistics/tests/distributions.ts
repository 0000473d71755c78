import jStat from 'jstat'

/** An interval, of 95 % where nothing else is said: its lower and its upper end. */
export type Interval = readonly [low: number, high: number]

/** The share of intervals that hold the true value, everywhere in Ablate. */
export const confidence = 0.95
/** A difference is called real when a p-value is below this. */
export const significanceLevel = 0.05

/**
 * Probability that |T| is at least |t| for Student's T. Through the incomplete beta function
 * I_{v/(v+t^2)}(v/2, 1/2) (Abramowitz and Stegun 1964, 26.7.1), which keeps small probabilities exact where
 * 1 - cdf would lose them.
 */
export function tTwoSided(t: number, degreesOfFreedom: number): number {
  if (t === 0) return 1
  return jStat.ibeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
}

/** The t beyond which lie (1 - level) / 2 of Student's distribution at either end. */
export function criticalT(degreesOfFreedom: number, level = confidence): number {
  return jStat.studentt.inv((1 + level) / 2, degreesOfFreedom)
}

/** The same for the normal distribution: 1.96. */
export const criticalZ = jStat.normal.inv((1 + confidence) / 2, 0, 1)

export function normalQuantile(probability: number): number {
  return jStat.normal.inv(probability, 0, 1)
}

/** Probability that a non-central T is at most x. */
export function noncentralT(x: number, degreesOfFreedom: number, noncentrality: number): number {
  return jStat.noncentralt.cdf(x, degreesOfFreedom, noncentrality)
}

/** Probability that a chi-square of one degree of freedom is at least x. */
export function chiSquareTail(x: number): number {
  return 1 - jStat.chisquare.cdf(x, 1)
}

/** Probability of at most so many heads in as many tosses of a fair coin. */
export function fairCoin(heads: number, tosses: number): number {
  return jStat.binomial.cdf(heads, tosses, 0.5)
}

export function logGamma(x: number): number {
  return jStat.gammaln(x)
}
