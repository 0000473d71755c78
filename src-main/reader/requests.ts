import type { DrawnSeries } from '../../src-core/domain/statistics/drawn-series.ts'
import type { DrawnReference } from '../../src-core/domain/references/drawn-references.ts'
import type { RecordedFilters } from '../../src-core/domain/evaluation/artifact.ts'
import type { ParsedCurves, ReferenceCurves } from '../../src-core/domain/references/reference-curves.ts'
import type { WireError } from '../../src-core/domain/errors.ts'
import type { RunId } from '../../src-core/domain/ids.ts'
import type { PackedRunList } from '../../src-core/domain/run-list/run-list.ts'
import type { ReportRequest } from '../../src-core/domain/report/report-request.ts'
import type { Smoothing } from '../../src-core/domain/statistics/series-smoothing.ts'
import type { WorkspaceUsage } from '../../src-core/storage/folder/usage.ts'
import type { Upkeep } from '../../src-core/storage/workspace.ts'
import type { HistoryQuery } from '../../src-core/storage/records/metrics/metrics.ts'

/** What the reading thread is started with. */
export interface ReaderData {
  readonly purpose: 'ablate-reader'
  /** Folder of the workspace. */
  readonly directory: string
  readonly nativeBinding: string | undefined
}

export type ValuesAt = Record<string, { readonly step: number; readonly value: number }>

/** Where reference curves come from. */
export type CurvesSource = { readonly file: string } | { readonly name: string; readonly text: string }

/** What the reading thread does, by name. */
export interface Readings {
  /** Reads what the window will ask for first. */
  prepare(query: undefined): void
  /** Every run, those in the trash included, newest first. */
  runs(query: undefined): PackedRunList
  /** The disk that the workspace takes, counted file by file. */
  usage(query: undefined): WorkspaceUsage
  /** Checks the whole file, makes today's backup. */
  keepUp(due: Upkeep): { readonly damaged: boolean; readonly warnings: readonly string[] }
  drawn(query: HistoryQuery & { readonly smoothing: Smoothing }): DrawnSeries[]
  at(query: { readonly runIds: readonly RunId[]; readonly step: number }): ValuesAt[]
  /** The first kernels that a run kept, those recorded after the one of that id: up to two megabytes. */
  filters(query: { readonly runId: RunId; readonly after: number }): RecordedFilters[]
  /** Writes the values of some metrics of some runs and of references into a file; nothing is left of it when that fails. */
  writeCsv(query: {
    readonly runIds: readonly RunId[]
    readonly metrics: readonly string[]
    readonly references: readonly DrawnReference[]
    readonly file: string
  }): void
  references(query: undefined): ReferenceCurves[]
  /** Reads a CSV file of reference curves, or its text; `body` is what the record keeps of it. */
  parseCurves(source: CurvesSource): { readonly name: string; readonly body: string; readonly columns: ParsedCurves }
  /** A report as it is shown in the window. */
  previewReport(request: ReportRequest): { readonly style: string; readonly body: string }
  reportMarkdown(request: ReportRequest): string
  /** Writes a report; nothing is left of it when that fails. */
  writeReport(query: { readonly request: ReportRequest; readonly format: 'html' | 'md'; readonly file: string }): void
}
export type ReadingName = keyof Readings

export interface ReaderRequest {
  readonly id: number
  readonly name: ReadingName
  readonly input: unknown
}

export type ReaderReply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: WireError })
