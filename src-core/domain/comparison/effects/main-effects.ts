import { spreadOf } from '../../statistics/spread.ts'
import { criticalT } from '../../statistics/tests/distributions.ts'
import type { Observation } from './observations.ts'

/** The runs of one level of a factor, whatever the other factors are. */
export interface LevelEffect {
  readonly level: number
  readonly count: number
  readonly mean: number
  /** 95 % interval of the mean by Student's t; null for a single run. */
  readonly interval: readonly [number, number] | null
}

/**
 * Mean and interval of the objective per level of one factor. The interval is that of all runs of the level together,
 * so it holds the spread of the other factors too; levels without runs are left out.
 */
export function mainEffect(observations: readonly Observation[], factor: number, levels: number): LevelEffect[] {
  return Array.from({ length: levels }, (_, level) => level).flatMap((level): LevelEffect[] => {
    const values = observations.filter((one) => one.levels[factor] === level).map(({ value }) => value)
    const spread = spreadOf(values)
    if (!spread) return []
    const { count, mean, standardDeviation } = spread
    if (standardDeviation === null) return [{ level, count, mean, interval: null }]
    const half = (criticalT(count - 1) * standardDeviation) / Math.sqrt(count)
    return [{ level, count, mean, interval: [mean - half, mean + half] as const }]
  })
}
