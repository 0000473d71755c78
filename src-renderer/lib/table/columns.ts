import { statistics, type Statistic } from '../../../src-core/domain/query/query.ts'
import { statisticOf, valueAtPath } from '../../../src-core/domain/query/run-source.ts'
import type { Meaning } from '../../../src-core/domain/query/short-names.ts'
import { metricUnit, shortMetricTitle } from '../../../src-core/domain/evaluation/metric-words.ts'
import { metricDirection, type MetricDirection } from '../../../src-core/domain/metrics.ts'
import type { SummaryTable } from '../../../src-core/domain/run-list/summary-table.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { formatCount, formatMetric, formatNumber, missing } from '../format.ts'
import { readableText } from '../run/comparison.ts'
import { normalizationShort } from '../run/run-name.ts'
import { applies } from '../spec/applies.ts'
import { fieldLabel } from '../spec/labels.ts'
import { bestCell, goodness, type BestHeading } from '../run/best.ts'
import { runColumns } from './run-columns.ts'

export type SortValue = string | number | null

export interface TableColumn {
  readonly id: string
  readonly title: string
  readonly unit?: string
  readonly numeric: boolean
  /** Width in pixels until it is resized. */
  readonly width: number
  readonly value: (run: Run) => SortValue
  /** What stands in the cell. */
  readonly text: (run: Run) => string
  /** More of the cell in grey, such as the step of a best value. */
  readonly note?: (run: Run) => string
  /** Writes a mean, a spread or a difference; only of numeric columns. */
  readonly format?: (value: number) => string
  /** Which way is better; undefined for what is no result, so that it has no differences to a baseline. */
  readonly direction?: MetricDirection
  /** The metric of a metric's column. */
  readonly metric?: { readonly name: string; readonly statistic: Statistic }
  /** What the column is called in a file, where the window's words would not say enough. */
  readonly file?: string
  /** The spec's path of a field's column. */
  readonly path?: string
  /** Whether the value changes while a run trains. */
  readonly live: boolean
}

export const statisticTitles: Readonly<Record<Statistic, string>> = {
  last: 'Latest',
  best: 'Best',
  min: 'Smallest',
  max: 'Largest',
}

export function metricColumnId(metric: string, statistic: Statistic): string {
  return `metric:${statistic}:${metric}`
}

function metricColumn(metric: string, statistic: Statistic, summaries: SummaryTable): TableColumn {
  const which = statisticOf(statistic, metric)
  const value = (run: Run): number | null => summaries.value(run.id, metric, which)
  const prefix = statistic === 'last' ? '' : `${statisticTitles[statistic]} `
  const unit = metricUnit(metric)
  const title = shortMetricTitle(metric)
  return {
    id: metricColumnId(metric, statistic),
    title: prefix === '' ? title : prefix + title[0]!.toLowerCase() + title.slice(1),
    ...(unit ? { unit } : {}),
    numeric: true,
    width: statistic === 'last' ? 80 : 132,
    value,
    text: (run) => formatMetric(metric, value(run)),
    ...(statistic === 'last' ? {} : { note: stepNote(summaries, metric, which) }),
    format: (number) => formatMetric(metric, number),
    direction: metricDirection(metric),
    metric: { name: metric, statistic },
    live: true,
  }
}

function stepNote(summaries: SummaryTable, metric: string, which: 'last' | 'min' | 'max'): (run: Run) => string {
  return (run) => {
    const step = summaries.step(run.id, metric, which)
    return step === null ? '' : `at ${formatCount(step)}`
  }
}

/** The best value of what each run goes by: a number that can be compared when all go by the same. */
function bestColumn(heading: BestHeading): TableColumn {
  const { title, unit, metric } = heading
  const common = {
    id: 'best',
    title,
    numeric: true,
    width: 104,
    live: true,
    text: (run: Run) => bestCell(run, heading),
    // Of several metrics each row has that by which its run goes.
    file: `best(${metric ?? 'training.selection'})`,
  }
  if (metric === null) return { ...common, value: ({ best }) => goodness(best) }
  return {
    ...common,
    ...(unit ? { unit } : {}),
    value: ({ best }) => best?.value ?? null,
    format: (value) => formatMetric(metric, value),
    direction: metricDirection(metric),
  }
}

const shortFields: Readonly<Record<string, { readonly title: string; readonly width: number }>> = {
  'model.normalization.kind': { title: 'Norm.', width: 60 },
  'model.dropout.rate': { title: 'Dropout', width: 68 },
  'training.seed': { title: 'Seed', width: 52 },
  'training.batchSize': { title: 'Batch size', width: 80 },
}

function fieldColumn(path: string, isNumeric: (path: string) => boolean): TableColumn {
  const keys = path.split('.')
  const read = (run: Run): unknown => valueAtPath(run.spec, keys)
  const numeric = isNumeric(path)
  // A mean of seeds means nothing.
  const title = shortFields[path]?.title ?? fieldLabel(path)
  return {
    id: `spec:${path}`,
    title,
    numeric,
    width: shortFields[path]?.width ?? Math.min(200, Math.max(64, 28 + title.length * 7)),
    value: (run) => sortable(read(run)),
    text: (run) => (applies(path, run.spec) ? fieldText(path, read(run)) : missing),
    ...(numeric && path !== 'training.seed' ? { format: formatNumber } : {}),
    path,
    live: false,
  }
}

function fieldText(path: string, value: unknown): string {
  if (value === undefined) return missing
  if (path === 'model.normalization.kind') return normalizationShort[value as 'bn']
  return typeof value === 'number' && !Number.isInteger(value) ? formatNumber(value) : readableText(value, path)
}

function sortable(value: unknown): SortValue {
  if (value === undefined || value === null) return null
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)
}

export interface ColumnNeeds {
  /** What the runs' best values are about. */
  readonly best: BestHeading
  readonly summaries: SummaryTable
  /** Whether the values of a spec's path are numbers. */
  readonly isNumeric: (path: string) => boolean
}

/** The column of an id: of the run itself, `spec:PATH`, or `metric:STATISTIC:NAME`. Null for one that is not known. */
export function columnOf(id: string, needs: ColumnNeeds): TableColumn | null {
  const [kind, ...rest] = id.split(':')
  if (kind === 'spec' && rest.length === 1) return fieldColumn(rest[0]!, needs.isNumeric)
  const statistic = statistics.find((one) => one === rest[0])
  if (kind === 'metric' && statistic && rest.length === 2) return metricColumn(rest[1]!, statistic, needs.summaries)
  if (id === 'best') return bestColumn(needs.best)
  return runColumns.find((column) => column.id === id) ?? null
}

/** What a query means by the head of a column, with its unit or without; null for a head that no column has. */
export function meaningOfHead(head: string, columns: readonly TableColumn[]): Meaning | null {
  const lower = head.toLowerCase()
  const isHead = ({ title, unit = '' }: TableColumn): boolean =>
    [title, `${title} ${unit}`].some((text) => text.toLowerCase() === lower)
  const column = columns.find(isHead)
  if (column?.path) return { kind: 'field', name: column.path }
  if (column?.metric) return { kind: 'metric', ...column.metric }
  return column?.id === 'best' ? { kind: 'field', name: 'best' } : null
}
