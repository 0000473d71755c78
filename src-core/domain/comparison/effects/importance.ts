import { roundingOf } from '../../statistics/spread.ts'
import { cellMeans, type CellMean, type Observation } from './observations.ts'

/** Share of the variance between runs that a factor, or two together beyond each alone, explains: 0 to 1. */
export interface ImportanceShare {
  /** One factor by number, or two. */
  readonly factors: readonly number[]
  readonly share: number
}

export interface Importance {
  readonly shares: readonly ImportanceShare[]
  /** What of the variance between cells neither single factors nor pairs explain. */
  readonly rest: number
  /** Share of the variance within cells, which differences between seeds make. null where no cell has two runs. */
  readonly within: number | null
  /**
   * Share of the variance between cells that differences between seeds alone would make: the variance within cells
   * over the runs of a cell, by the variance between them. null where no cell has two runs.
   */
  readonly seeds: number | null
  /** A full grid: every combination has runs. Otherwise the shares are approximate. */
  readonly exact: boolean
  readonly cells: number
  readonly runs: number
}

/** Fewer runs than this say little about importance. */
export const fewRuns = 12

/**
 * Functional analysis of variance on marginal means (Hutter, Hoos and Leyton-Brown, An efficient approach for assessing
 * hyperparameter importance, ICML 2014), with the cells' means as the function: the marginal of a factor's level is the
 * mean over all cells of that level, the variance of the marginals over the levels is what the factor explains, and the
 * marginals of two factors less both factors and the grand mean what the pair explains beyond them. Every cell weighs
 * the same. Shares are of the variance between runs: that between the cells' means and, where cells have several runs,
 * the mean variance within cells, so that a single factor does not explain everything by construction. For a full grid
 * the shares of all subsets and that of the seeds add up to 1 exactly; where cells are missing, marginals are means over
 * the cells that there are, and the shares are approximate.
 *
 * null when there are fewer than two cells, or all have the same mean.
 * @param sizes how many levels each factor has.
 */
export function importance(observations: readonly Observation[], sizes: readonly number[]): Importance | null {
  const cells = cellMeans(observations)
  const grand = meanOf(cells)
  const variance = meanSquare(cells.map(({ mean }) => mean - grand))
  if (cells.length < 2 || variance <= roundingOf(cells.map(({ mean }) => mean)) ** 2) return null
  const spread = pooledVariance(cells)
  const within = spread === null ? 0 : meanSquareWithin(cells, spread)
  const total = variance + within
  const factors = sizes.map((_, index) => index)
  const singles = factors.map((factor) => marginals(cells, [factor]))
  const pairs = factors.flatMap((one) => factors.filter((other) => other > one).map((other) => [one, other] as const))
  const ofFactor = factors.map((factor) => ({
    factors: [factor],
    share: meanOver(singles[factor]!, (mean) => (mean - grand) ** 2) / total,
  }))
  const ofPair = pairs.map(([one, other]) => ({
    factors: [one, other],
    share: pairVariance(cells, [one, other], singles, grand) / total,
  }))
  const shares = [...ofFactor, ...ofPair].map(({ factors, share }) => ({ factors, share: Math.min(1, share) }))
  return {
    shares,
    rest: Math.max(0, variance / total - shares.reduce((sum, { share }) => sum + share, 0)),
    within: spread === null ? null : within / total,
    seeds: spread === null ? null : Math.min(1, ofMeans(cells, spread) / variance),
    exact: cells.length === sizes.reduce((product, size) => product * size, 1),
    cells: cells.length,
    runs: observations.length,
  }
}

interface Marginal {
  readonly levels: readonly number[]
  readonly mean: number
}

/** The mean over the cells at each combination of the levels of some factors. */
function marginals(cells: readonly CellMean[], factors: readonly number[]): Marginal[] {
  const groups = new Map<string, CellMean[]>()
  for (const cell of cells) {
    const key = factors.map((factor) => cell.levels[factor]).join(' ')
    groups.set(key, [...(groups.get(key) ?? []), cell])
  }
  return [...groups.values()].map((group) => ({
    levels: factors.map((factor) => group[0]!.levels[factor]!),
    mean: meanOf(group),
  }))
}

function pairVariance(
  cells: readonly CellMean[],
  [one, other]: readonly [number, number],
  singles: readonly (readonly Marginal[])[],
  grand: number,
): number {
  const alone = (factor: number, level: number): number =>
    singles[factor]!.find(({ levels }) => levels[0] === level)!.mean
  const together = marginals(cells, [one, other])
  return meanSquare(
    together.map(({ levels, mean }) => mean - alone(one, levels[0]!) - alone(other, levels[1]!) + grand),
  )
}

/** The variance of single runs about the means of their cells, over all cells; null where no cell has two runs. */
function pooledVariance(cells: readonly CellMean[]): number | null {
  const freedom = cells.reduce((sum, { count }) => sum + count - 1, 0)
  return freedom === 0 ? null : cells.reduce((sum, { squares }) => sum + squares, 0) / freedom
}

/** What seeds with this variance do to the means of cells. */
function ofMeans(cells: readonly CellMean[], spread: number): number {
  return cells.reduce((sum, { count }) => sum + spread / count, 0) / cells.length
}

/** The rest of it, which is left within cells: with equally many runs in each, their mean squared deviation. */
function meanSquareWithin(cells: readonly CellMean[], spread: number): number {
  return spread - ofMeans(cells, spread)
}

function meanOf(values: readonly { readonly mean: number }[]): number {
  return values.reduce((sum, { mean }) => sum + mean, 0) / values.length
}

function meanOver(values: readonly Marginal[], of: (mean: number) => number): number {
  return values.reduce((sum, { mean }) => sum + of(mean), 0) / values.length
}

function meanSquare(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length
}
