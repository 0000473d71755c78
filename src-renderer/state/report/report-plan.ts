import { z } from 'zod'
import { metricNameSchema } from '../../../src-core/domain/metrics.ts'
import {
  longestNote,
  mostReportMetrics,
  mostReportRuns,
  reportSections,
  type ReportRequest,
} from '../../../src-core/domain/report/report-request.ts'
import { mostDrawnReferences, type DrawnReference } from '../../../src-core/domain/references/drawn-references.ts'
import type { Run } from '../../../src-core/domain/run.ts'

const itemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('section'), section: z.enum(reportSections), shown: z.boolean() }),
  z.strictObject({ kind: z.literal('note'), id: z.int(), text: z.string().max(longestNote) }),
])
export type ReportItem = z.infer<typeof itemSchema>

/** How the user arranged the report: kept in the workspace. */
export const reportPlanSchema = z.strictObject({
  /** Null is the proposed title. */
  title: z.string().max(200).nullable(),
  metrics: z.array(metricNameSchema).max(mostReportMetrics).nullable(),
  items: z.array(itemSchema).max(90),
})
export type ReportPlan = z.infer<typeof reportPlanSchema>

export const initialPlan: ReportPlan = {
  title: null,
  metrics: null,
  items: reportSections.map((section) => ({ kind: 'section', section, shown: true })),
}

/** A stored plan of an earlier version lacks parts that came later: they stand at the end. */
export function complete(plan: ReportPlan): ReportPlan {
  const known = new Set(plan.items.flatMap((item) => (item.kind === 'section' ? [item.section] : [])))
  const missing = reportSections.filter((section) => !known.has(section))
  return {
    ...plan,
    items: [...plan.items, ...missing.map((section) => ({ kind: 'section' as const, section, shown: true }))],
  }
}

/** The plan with an item one place further up or down; the same where it cannot go. */
export function moved(plan: ReportPlan, index: number, by: 1 | -1): ReportPlan {
  const target = index + by
  if (target < 0 || target >= plan.items.length) return plan
  const items = [...plan.items]
  const [item] = items.splice(index, 1)
  items.splice(target, 0, item!)
  return { ...plan, items }
}

export function withItem(plan: ReportPlan, index: number, item: ReportItem): ReportPlan {
  return { ...plan, items: plan.items.map((one, place) => (place === index ? item : one)) }
}

/** The plan with an empty note at the top, where a reader looks first. */
export function withNote(plan: ReportPlan): ReportPlan {
  const id = 1 + Math.max(0, ...plan.items.map((item) => (item.kind === 'note' ? item.id : 0)))
  return { ...plan, items: [{ kind: 'note', id, text: '' }, ...plan.items] }
}

export function without(plan: ReportPlan, index: number): ReportPlan {
  return { ...plan, items: plan.items.filter((_, place) => place !== index) }
}

/** What the report is called when nobody calls it otherwise. */
export function proposedTitle(runs: readonly Pick<Run, 'name'>[]): string {
  const all = runs.map(({ name }) => name).join(' and ')
  return runs.length <= 2 && all.length <= 200 ? all : `Comparison of ${runs.length} runs`
}

/** What is asked of main. Runs past the most that a report holds are left out. */
export function requestOf(
  plan: ReportPlan,
  runs: readonly Run[],
  logged: readonly string[],
  references: readonly DrawnReference[],
): ReportRequest {
  const metrics = plan.metrics?.filter((metric) => logged.includes(metric)) ?? null
  return {
    title: plan.title?.trim() || proposedTitle(runs),
    runIds: runs.slice(0, mostReportRuns).map(({ id }) => id),
    metrics,
    references: references.slice(0, mostDrawnReferences),
    blocks: plan.items.flatMap((item): ReportRequest['blocks'] => {
      if (item.kind === 'note') return [{ kind: 'note', text: item.text }]
      return item.shown ? [{ kind: 'section', section: item.section }] : []
    }),
  }
}
