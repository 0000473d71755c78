import { z } from 'zod'
import { metricNameSchema, metricNames } from '../../../../src-core/domain/metrics.ts'
import { isPercent, type DrawnReference } from '../../../../src-core/domain/references/drawn-references.ts'
import type { ReferenceCurves } from '../../../../src-core/domain/references/reference-curves.ts'
import type { AxisKind } from '../places.ts'
import { dashCount } from '../run-colors.ts'
import { matchMetric } from './match-metric.ts'

/** What was chosen for one curve of an imported file. */
const choiceSchema = z.strictObject({
  referenceId: z.int(),
  /** The name of its column. */
  curve: z.string(),
  /** On whose charts it is drawn; null while nobody has said. */
  metric: metricNameSchema.nullable(),
  shown: z.boolean(),
})

/** The section `reference-curves` of the window's layout. */
export const curveChoicesSchema = z.array(choiceSchema)
export type CurveChoice = z.infer<typeof choiceSchema>

/** A curve of an imported file as the window has it. */
export interface ReferenceCurve extends CurveChoice {
  readonly file: ReferenceCurves
  /** Index of its dash pattern: curves that can meet in one chart have different ones. */
  readonly dash: number
  /** Its values are percent of a metric that is a share. */
  readonly percent: boolean
}

/** The same for no two curves. */
export function curveKey({ referenceId, curve }: Pick<CurveChoice, 'referenceId' | 'curve'>): string {
  return `reference ${referenceId} ${curve}`
}

/** The choices that a new file begins with: its curves are on as far as their metric is clear from their name. */
export function firstChoices({ id, curves }: ReferenceCurves, metrics: readonly string[]): CurveChoice[] {
  const known = [...new Set([...metrics, ...standardMetrics])]
  return curves.map(({ label }) => {
    const metric = matchMetric(label, known)
    return { referenceId: id, curve: label, metric, shown: metric !== null }
  })
}

/** The chart of a run draws training and validation, or top-1 and top-5, over each other. */
function chartOf(metric: string): string {
  return metric.slice(metric.lastIndexOf('/') + 1).replace(/^top\d-/, '')
}

/** Every curve of the files in their order, with what was chosen for it. */
export function referenceCurves(files: readonly ReferenceCurves[], choices: readonly CurveChoice[]): ReferenceCurve[] {
  const chosen = new Map(choices.map((choice) => [curveKey(choice), choice]))
  const inChart = new Map<string, number>()
  return files.flatMap((file) =>
    file.curves.map(({ label, values }): ReferenceCurve => {
      const unchosen = { referenceId: file.id, curve: label, metric: matchMetric(label, standardMetrics), shown: false }
      const choice = chosen.get(curveKey(unchosen)) ?? unchosen
      const { metric } = choice
      const chart = metric === null ? '' : chartOf(metric)
      const place = inChart.get(chart) ?? 0
      inChart.set(chart, place + 1)
      // The first pattern is solid, as the runs have it.
      const dash = 1 + (place % (dashCount - 1))
      return { ...choice, file, dash, percent: metric !== null && isPercent(metric, values) }
    }),
  )
}

/** The curves that are switched on and have a metric. */
export function shownReferences(curves: readonly ReferenceCurve[]): (ReferenceCurve & DrawnReference)[] {
  return curves.flatMap((one) => (one.shown && one.metric !== null ? [{ ...one, metric: one.metric }] : []))
}

/** The metrics that Ablate logs itself, whichever runs there are. */
export const standardMetrics: readonly string[] = Object.values(metricNames)

/** Where the points of a file are, in words. */
export function placesText({ step, epoch }: ReferenceCurves): string {
  if (step && epoch) return 'steps and epochs'
  return step ? 'steps only' : 'epochs only'
}

/** Whether a file says where its points are on an axis. */
export function hasPlaces({ step, epoch }: ReferenceCurves, axis: AxisKind): boolean {
  return (axis === 'step' && step !== null) || (axis === 'epoch' && epoch !== null)
}
