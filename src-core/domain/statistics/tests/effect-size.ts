import { criticalZ, logGamma, type Interval } from './distributions.ts'
import { finite, meanOf, varianceOf } from '../spread.ts'

export interface EffectSize {
  /** The difference of the means in pooled standard deviations, corrected for small samples. */
  readonly g: number
  readonly interval: Interval
}

/**
 * Hedges' g: Hedges, “Distribution theory for Glass's estimator of effect size and related estimators”, J. Educ. Stat. 6
 * (1981), with the exact correction Γ(v/2) / (√(v/2) Γ((v-1)/2)). The 95 % interval is that of large samples (Hedges and
 * Olkin 1985): g ± 1.96 √((n₁+n₂)/(n₁n₂) + g²/(2(n₁+n₂))). Null with fewer than two finite values in a group, and
 * without any spread.
 */
export function effectSize(a: readonly number[], b: readonly number[]): EffectSize | null {
  const [first, second] = [finite(a), finite(b)]
  const [n, m] = [first.length, second.length]
  if (n < 2 || m < 2) return null
  const degreesOfFreedom = n + m - 2
  const pooled = ((n - 1) * varianceOf(first) + (m - 1) * varianceOf(second)) / degreesOfFreedom
  if (pooled === 0) return null
  const correction =
    Math.exp(logGamma(degreesOfFreedom / 2) - logGamma((degreesOfFreedom - 1) / 2)) / Math.sqrt(degreesOfFreedom / 2)
  const g = (correction * (meanOf(first) - meanOf(second))) / Math.sqrt(pooled)
  const half = criticalZ * Math.sqrt((n + m) / (n * m) + g ** 2 / (2 * (n + m)))
  return { g, interval: [g - half, g + half] }
}
