import { z } from 'zod'
import { runIdSchema } from '../ids.ts'
import { metricNameSchema } from '../metrics.ts'
import { drawnReferencesSchema } from '../references/drawn-references.ts'

/** The parts of a report, in the order in which they stand when nobody chose another. */
export const reportSections = [
  'summary',
  'curves',
  'groups',
  'configuration',
  'architecture',
  'classes',
  'profile',
  'environment',
  'reproduce',
  'exports',
] as const
export type ReportSection = (typeof reportSections)[number]

/** What the parts are called. */
export const reportSectionTitles: Readonly<Record<ReportSection, string>> = {
  summary: 'Results',
  curves: 'Curves',
  groups: 'Is it real?',
  configuration: 'What differs in the configuration',
  architecture: 'Networks',
  classes: 'Classes',
  profile: 'Where the time of a step goes',
  environment: 'Environment',
  reproduce: 'How to repeat the runs',
  exports: 'Exported models',
}

/** More runs than this in one report nobody can read. */
export const mostReportRuns = 60
export const mostReportMetrics = 24
/** Characters of one note. */
export const longestNote = 50_000

/** A part of the report, or a note in Markdown between two of them. */
export const reportBlockSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('section'), section: z.enum(reportSections) }),
  z.strictObject({ kind: z.literal('note'), text: z.string().max(longestNote) }),
])
export type ReportBlock = z.infer<typeof reportBlockSchema>

/** A report that somebody wants. */
export const reportRequestSchema = z.strictObject({
  title: z.string().trim().min(1).max(200),
  runIds: z.array(runIdSchema).min(1).max(mostReportRuns),
  /** The metrics that are drawn; null takes loss, accuracy and what the pre-training logged. */
  metrics: z.array(metricNameSchema).max(mostReportMetrics).nullable(),
  /** Imported curves that stand in the charts of their metrics. */
  references: drawnReferencesSchema.default([]),
  /** What it consists of, from top to bottom. */
  blocks: z.array(reportBlockSchema).max(100),
})
export type ReportRequest = z.infer<typeof reportRequestSchema>

export const reportFormats = ['html', 'pdf', 'md'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** All parts, with these notes behind the results. */
export function defaultBlocks(notes: readonly string[] = []): ReportBlock[] {
  const sections = reportSections.map((section): ReportBlock => ({ kind: 'section', section }))
  const between = notes.map((text): ReportBlock => ({ kind: 'note', text }))
  return [...between, ...sections]
}
