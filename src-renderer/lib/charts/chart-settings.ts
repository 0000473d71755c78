import { z } from 'zod'
import { smoothingSchema, type SmoothingKind } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { axisKinds } from './places.ts'

export const bandKinds = ['none', 'range', 'deviation', 'error', 'interval'] as const
export type BandKind = (typeof bandKinds)[number]
export const chartModes = ['overlay', 'multiples', 'difference', 'race'] as const
export type ChartMode = (typeof chartModes)[number]

/** 'none', 'run', 'everything-but-seed', or a path of the spec such as `model.dropout.rate`. */
const groupBySchema = z.string().max(200)
export const derivedSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  expression: z.string().min(1).max(400),
})
export type DerivedMetric = z.infer<typeof derivedSchema>

interface SmoothingTerms {
  readonly title: string
  /** What the amount is, its largest value, and the one that a change of kind begins with. */
  readonly amount: string
  readonly largest: number
  readonly step: number
  readonly usual: number
}

export const smoothingTerms: Record<SmoothingKind, SmoothingTerms> = {
  none: { title: 'None', amount: 'weight', largest: 0, step: 1, usual: 0 },
  ema: { title: 'Exponential', amount: 'weight', largest: 0.999, step: 0.001, usual: 0.6 },
  'time-weighted': { title: 'Time-weighted', amount: 'weight', largest: 0.999, step: 0.001, usual: 0.9 },
  gaussian: { title: 'Gaussian', amount: 'deviation in logged values', largest: 200, step: 1, usual: 10 },
  'running-mean': { title: 'Running mean', amount: 'window in logged values', largest: 500, step: 1, usual: 20 },
}

/** How the charts are arranged and drawn: the section `charts` of the window's layout. */
export const chartSettingsSchema = z.object({
  axis: z.enum(axisKinds).default('step'),
  logarithmicX: z.boolean().default(false),
  logLoss: z.boolean().default(false),
  /** Cards that have a logarithmic value axis of their own. */
  logarithmic: z.array(z.string()).default([]),
  /** Null: an exponential average with the weight of the settings. */
  smoothing: smoothingSchema.nullable().default(null),
  raw: z.boolean().default(true),
  withoutOutliers: z.boolean().default(false),
  marks: z.boolean().default(true),
  mode: z.enum(chartModes).default('overlay'),
  color: groupBySchema.default('run'),
  dash: groupBySchema.default('none'),
  panel: groupBySchema.default('none'),
  band: z.enum(bandKinds).default('none'),
  sameScales: z.boolean().default(true),
  pinned: z.array(z.string()).default([]),
  order: z.array(z.string()).default([]),
  folded: z.array(z.string()).default([]),
  size: z.int().min(1).max(3).default(2),
  derived: z.array(derivedSchema).max(50).default([]),
  /** The run that others are compared with step by step; null: the first that has a twin. */
  base: z.string().nullable().default(null),
})
export type ChartSettings = z.infer<typeof chartSettingsSchema>

export const defaultChartSettings: ChartSettings = chartSettingsSchema.parse({})
