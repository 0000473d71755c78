import { z } from 'zod'

/** A number that may be NaN or infinite: diverging runs are what this tool must show. */
export const metricValueSchema = z.custom<number>((value) => typeof value === 'number', 'expected a number')

export const metricNameSchema = z
  .string()
  .regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/)
  .max(100)

/** The metrics that Ablate itself logs. Rates and memory are under `system/`. */
export const metricNames = {
  trainLoss: 'train/loss',
  trainAccuracy: 'train/accuracy',
  gradientNorm: 'train/gradient-norm',
  validationLoss: 'validation/loss',
  validationAccuracy: 'validation/accuracy',
  validationTop1Error: 'validation/top1-error',
  validationTop5Error: 'validation/top5-error',
  testLoss: 'test/loss',
  testAccuracy: 'test/accuracy',
  testTop1Error: 'test/top1-error',
  testTop5Error: 'test/top5-error',
  learningRate: 'train/learning-rate',
  imagesPerSecond: 'system/images-per-second',
  memory: 'system/memory-mib',
  tensors: 'system/tensors',
} as const

/** Mean squared difference between a pre-trained layer's input and its reconstruction, such as `pretraining/conv1/error`. */
export function reconstructionErrorMetric(layer: string): string {
  return `pretraining/${layer}/error`
}

/** What was logged at one step. `step` counts finished optimizer steps, so the first record has step 1. */
export const stepRecordSchema = z.strictObject({
  step: z.int().min(0),
  /** Passes over the training images as a fraction, those of the pre-training included: step / steps per epoch. */
  epoch: z.number().min(0),
  /** Milliseconds since 1970. */
  wallTime: z.number(),
  /** Milliseconds of training so far; pauses do not count. */
  activeTime: z.number().min(0),
  metrics: z.record(metricNameSchema, metricValueSchema),
})
export type StepRecord = z.infer<typeof stepRecordSchema>

/** The best value of a metric and where it was reached. */
export const bestMetricSchema = z.strictObject({
  metric: metricNameSchema,
  value: z.number(),
  step: z.int().min(0),
  epoch: z.number().min(0),
})
export type BestMetric = z.infer<typeof bestMetricSchema>

/**
 * All values of a metric summed up: the newest, and the finite extremes, the first of equal ones; null when every value
 * was NaN or infinite.
 */
export const metricSummarySchema = z.strictObject({
  points: z.int().min(1),
  last: metricValueSchema,
  lastStep: z.int().min(0),
  lastEpoch: z.number(),
  min: z.number().nullable(),
  minStep: z.int().nullable(),
  minEpoch: z.number().nullable(),
  max: z.number().nullable(),
  maxStep: z.int().nullable(),
  maxEpoch: z.number().nullable(),
})
export type MetricSummary = z.infer<typeof metricSummarySchema>

/** How a value is kept where NaN and infinities would be lost (SQLite stores NaN as NULL, JSON as null). */
export type ValueKind = 'finite' | 'nan' | 'positive-infinity' | 'negative-infinity'

export function kindOf(value: number): ValueKind {
  if (Number.isNaN(value)) return 'nan'
  if (value === Infinity) return 'positive-infinity'
  return value === -Infinity ? 'negative-infinity' : 'finite'
}

/** The number that a stored (kind, value) pair stands for. */
export function valueOf(kind: ValueKind, value: number | null): number {
  if (kind === 'nan') return NaN
  if (kind === 'positive-infinity') return Infinity
  if (kind === 'negative-infinity') return -Infinity
  return value ?? NaN
}

/** A number for JSON that keeps NaN and infinities as words. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

export const metricDirections = ['higher', 'lower', 'none'] as const
/** Which way of a metric is the better one. */
export type MetricDirection = (typeof metricDirections)[number]

/** `none` for what says nothing of how good a run is: memory, the norm of the gradients, the learning rate. */
export function metricDirection(metric: string): MetricDirection {
  if (/(loss|error)$/.test(metric)) return 'lower'
  return /accuracy$/.test(metric) || metric === metricNames.imagesPerSecond ? 'higher' : 'none'
}

/** Whether a metric says how good a run is, so that its values have a best one and runs can be ranked by it. */
export function hasBest(metric: string): boolean {
  return metricDirection(metric) !== 'none'
}

/** Whether the largest value of a metric is taken for its best: all but losses and errors, which want to be small. */
export function higherIsBetter(metric: string): boolean {
  return metricDirection(metric) !== 'lower'
}

/** Whether a metric is a share of images, which is shown in percent: accuracies and top-k errors. */
export function isShare(metric: string): boolean {
  return /(accuracy|top\d-error)$/.test(metric)
}

/**
 * The smallest and largest value that a metric can have: 0 and 1 of a share, from 0 on of all else that Ablate logs
 * (losses, errors, norms, rates, memory). A metric that is not known to be so has no limits.
 */
export function possibleRange(metric: string): { readonly min: number; readonly max: number } {
  if (isShare(metric)) return { min: 0, max: 1 }
  const positive = /(loss|error|-norm|-rate)$/.test(metric) || metric.startsWith('system/')
  return { min: positive ? 0 : -Infinity, max: Infinity }
}

/** One bucket of a drawn series: with one step per bucket min, max and last are the value itself. */
export const seriesPointSchema = z.strictObject({
  step: z.int().min(0),
  epoch: z.number(),
  wallTime: z.number(),
  activeTime: z.number(),
  /** The value at the bucket's last step. */
  last: metricValueSchema,
  /** The smallest and largest finite value in the bucket; NaN when it has none. */
  min: metricValueSchema,
  max: metricValueSchema,
})
export type SeriesPoint = z.infer<typeof seriesPointSchema>

export const seriesSchema = z.strictObject({
  runId: z.string(),
  metric: metricNameSchema,
  points: z.array(seriesPointSchema),
  /** How many logged values the points stand for. */
  total: z.int(),
})
export type Series = z.infer<typeof seriesSchema>
