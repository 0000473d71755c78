import type { LayerType } from '../../../src-core/domain/network/architecture.ts'
import { lossRow, type ProfileRow } from '../../../src-core/domain/profile/layer-rows.ts'
import {
  stepMilliseconds,
  stepPartMeanings,
  stepParts,
  stepPartTitles,
  type StepPart,
  type StepProfile,
} from '../../../src-core/domain/profile/step-profile.ts'
import { runColorCss } from '../charts/run-colors.ts'
import { layerTypeNames } from '../../../src-core/domain/network/layer-types.ts'

/** One part of the bar of a step. */
export interface PartShare {
  readonly part: StepPart
  readonly title: string
  /** What belongs to it, in words. */
  readonly meaning: string
  readonly milliseconds: number
  /** Share of the step, 0 to 1. */
  readonly share: number
  readonly color: string
}

/** From the palette of the runs, which stays apart for the colour-blind. What is left over is grey. */
export const partColors: Readonly<Record<StepPart, string>> = {
  forward: runColorCss(0),
  backward: runColorCss(1),
  update: runColorCss(2),
  data: runColorCss(3),
  results: runColorCss(4),
  checks: runColorCss(5),
  logging: runColorCss(6),
  other: 'var(--control-line)',
}

/** The parts of a step in the order in which they are drawn. */
export function partShares(profile: StepProfile): PartShare[] {
  const step = stepMilliseconds(profile)
  return stepParts(profile).map(({ part, milliseconds }) => ({
    part,
    title: stepPartTitles[part],
    meaning: stepPartMeanings[part],
    milliseconds,
    share: step === 0 ? 0 : milliseconds / step,
    color: partColors[part],
  }))
}

export type RowOrder = 'network' | 'time'

/** Rows in the order of the network, which is how they come, or the slowest first. */
export function orderedRows(rows: readonly ProfileRow[], order: RowOrder): readonly ProfileRow[] {
  if (order === 'network') return rows
  return [...rows].sort((a, b) => b.forward + b.backward - (a.forward + a.backward))
}

/** The time whose bar is as wide as its column: all bars of a table have one scale. */
export function longestTime(rows: readonly ProfileRow[]): number {
  return rows.reduce((most, { forward, backward }) => Math.max(most, forward, backward), 0)
}

/** Decimals of milliseconds that tell the small apart without drowning the large: one number of them for all. */
export function timeDecimals(longest: number): 1 | 2 | 3 {
  if (longest >= 1000) return 1
  return longest >= 10 ? 2 : 3
}

/** What the type of a row is called. */
export function rowTypeName({ type }: Pick<ProfileRow, 'type'>): string {
  return type === lossRow ? 'Cross-entropy' : (layerTypeNames[type as LayerType] ?? type)
}
