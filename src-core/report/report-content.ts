import type { MetricChoice } from '../domain/comparison/readings.ts'
import type { DatasetInfo } from '../domain/dataset.ts'
import type { ExportRecord } from '../domain/model-export.ts'
import type { StepProfile } from '../domain/profile/step-profile.ts'
import type { FoundReference } from '../domain/references/drawn-references.ts'
import type { ReportBlock } from '../domain/report/report-request.ts'
import type { Run } from '../domain/run.ts'
import type { DrawnSeries } from '../domain/statistics/drawn-series.ts'
import type { Evaluation } from './evaluation.ts'
import type { RunLook } from './report-document.ts'

/** A run's newest profile and the last step that it covers. */
export interface MeasuredProfile {
  readonly step: number
  readonly profile: StepProfile
}

/** Everything that a report is made of, read from the record. */
export interface ReportContent {
  readonly title: string
  readonly blocks: readonly ReportBlock[]
  readonly runs: readonly Run[]
  /** How each run's lines look, by the run's place. */
  readonly looks: readonly RunLook[]
  /** The drawn metrics, in their order. */
  readonly metrics: readonly string[]
  /** By which variants are compared. */
  readonly decisive: MetricChoice
  readonly series: readonly DrawnSeries[]
  /** Imported curves, drawn in the charts of their metrics. */
  readonly references: readonly FoundReference[]
  /** Weight of the past in the smoothed lines. */
  readonly smoothing: number
  /** The last evaluation of every run that has one, by run id. */
  readonly evaluations: ReadonlyMap<string, Evaluation>
  readonly profiles: ReadonlyMap<string, MeasuredProfile>
  readonly exports: readonly ExportRecord[]
  /** Those that exist, for titles and classes. */
  readonly datasets: readonly DatasetInfo[]
  /** Version of the record's schema. */
  readonly schemaVersion: number
  /** Milliseconds since 1970. */
  readonly writtenAt: number
}

/** The series of a run's metric; undefined when it never logged it. */
export function seriesOf(
  { series }: Pick<ReportContent, 'series'>,
  runId: string,
  metric: string,
): DrawnSeries | undefined {
  return series.find((one) => one.runId === runId && one.metric === metric)
}
