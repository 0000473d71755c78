import { chiSquareTail, criticalZ, fairCoin, type Interval } from './distributions.ts'

export interface McNemar {
  /** Two-sided. */
  readonly p: number
  /** Whether the binomial distribution was used; otherwise chi-square. */
  readonly exact: boolean
}

/** From so many images on which the two disagree, chi-square is near enough. */
const chiSquareFrom = 25

/**
 * Whether two networks have the same accuracy on the same images, from the numbers of images that only one of them gets
 * right: McNemar, “Note on the sampling error of the difference between correlated proportions”, Psychometrika 12
 * (1947). Exact binomial below 25 such images, from there on chi-square with Edwards' (1948) continuity correction,
 * (|b - c| - 1)² / (b + c). It speaks of these two trained networks, not of their variants over seeds.
 */
export function mcnemar(onlyARight: number, onlyBRight: number): McNemar {
  const disagree = onlyARight + onlyBRight
  if (disagree === 0) return { p: 1, exact: true }
  if (disagree < chiSquareFrom) {
    return { p: Math.min(1, 2 * fairCoin(Math.min(onlyARight, onlyBRight), disagree)), exact: true }
  }
  const apart = Math.max(0, Math.abs(onlyARight - onlyBRight) - 1)
  return { p: chiSquareTail(apart ** 2 / disagree), exact: false }
}

/**
 * 95 % interval of a share of images: Wilson, “Probable inference, the law of succession, and statistical inference”,
 * J. Am. Stat. Assoc. 22 (1927), without continuity correction. Stays within 0 and 1 and is right for few images. Null
 * without images.
 */
export function wilson(correct: number, images: number): Interval | null {
  if (images <= 0) return null
  const share = correct / images
  const z2 = criticalZ ** 2
  const centre = (share + z2 / (2 * images)) / (1 + z2 / images)
  const half = (criticalZ / (1 + z2 / images)) * Math.sqrt((share * (1 - share)) / images + z2 / (4 * images ** 2))
  return [correct <= 0 ? 0 : centre - half, correct >= images ? 1 : centre + half]
}
