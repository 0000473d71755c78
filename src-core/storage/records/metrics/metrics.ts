import type { RunId } from '../../../domain/ids.ts'
import type { DrawnSeries } from '../../../domain/statistics/drawn-series.ts'
import type { Series, StepRecord } from '../../../domain/metrics.ts'
import type { Smoothing } from '../../../domain/statistics/series-smoothing.ts'
import { transact, type ReadableDatabase, type WritableDatabase } from '../../database.ts'
import { seriesAppender, seriesRewinder } from './append.ts'
import { columnsDrawer } from './drawn.ts'
import { seriesDrawer, type HistoryQuery } from './history.ts'
import { toPoint, toValue, type PointRow } from './rows.ts'
import { smoothedReader } from './smoothed-cache.ts'

export type { HistoryQuery } from './history.ts'

/** One logged value, for files. */
export interface ExportedPoint {
  readonly metric: string
  readonly step: number
  readonly epoch: number
  readonly wallTime: number
  readonly activeTime: number
  readonly value: number
}

export interface MetricReader {
  /** Names of a run's metrics in alphabetical order. */
  names(runId: RunId): string[]
  /** The highest step with a value; 0 when there is none. */
  lastStep(runId: RunId): number
  /** The latest value of every metric of a run. */
  last(runId: RunId): Record<string, number>
  /**
   * One series per run and metric that exists, at most `maxPoints` points each: the values themselves when they fit,
   * else buckets of 2^n neighbouring values with their extremes. The first and the last bucket end where the range ends.
   */
  history(query: HistoryQuery): Series[]
  /** As `history`, in columns and with the smoothed values that every logged value was used for. */
  drawn(query: HistoryQuery & { readonly smoothing: Smoothing }): DrawnSeries[]
  /** The newest value of each metric at or before a step, with the step at which it was logged. */
  at(runId: RunId, step: number): Record<string, { readonly step: number; readonly value: number }>
  /** Every value of a run, metric by metric in the order of steps. Reads in pages: writing meanwhile is allowed. */
  export(runId: RunId, metric?: string): Generator<ExportedPoint>
}

export interface MetricWriter extends MetricReader {
  /**
   * Adds values. Steps of a metric must rise.
   * @throws WorkbenchError `trainer-protocol` for a step that is not past the metric's last one.
   */
  append(runId: RunId, records: readonly StepRecord[]): void
  /** Deletes all values past `step`; answers how many. */
  rewindTo(runId: RunId, step: number): number
}

const exportPage = 10_000

/** A function that tells the latest value of every metric of a run. */
function lastValues(database: ReadableDatabase): (runId: string) => Record<string, number> {
  const select = database
    .prepare<[string], [string, number, number | null]>(
      'SELECT name, last_kind, last_value FROM metrics WHERE run_id = ? AND last_kind IS NOT NULL ORDER BY name',
    )
    .raw()
  return (runId) => Object.fromEntries(select.all(runId).map(([name, kind, value]) => [name, toValue(kind, value)]))
}

/** Queries over metrics. */
export function metricReader(database: ReadableDatabase): MetricReader {
  const names = database.prepare('SELECT name FROM metrics WHERE run_id = ? ORDER BY name').pluck()
  const metricId = database.prepare('SELECT id FROM metrics WHERE run_id = ? AND name = ?').pluck()
  const lastStep = database
    .prepare(
      `SELECT coalesce(max((SELECT max(step) FROM metric_points WHERE metric_id = metrics.id)), 0)
       FROM metrics WHERE run_id = ?`,
    )
    .pluck()
  const draw = seriesDrawer(database)
  // In one snapshot: a value that is recorded between two statements must not count in one of them only.
  const drawColumns = database.transaction(columnsDrawer(database, smoothedReader(database)))
  const valuesAt = valuesAtStep(database)
  const exportOne = metricExporter(database)
  const namesOf = (runId: RunId): string[] => names.all(runId) as string[]
  const find = (runId: RunId, name: string): number | undefined => metricId.get(runId, name) as number | undefined
  const series = (runId: RunId, metric: string, query: HistoryQuery): Series[] => {
    const id = find(runId, metric)
    return id === undefined ? [] : [{ runId, metric, ...draw(id, query) }]
  }
  return {
    names: namesOf,
    lastStep: (runId) => lastStep.get(runId) as number,
    last: lastValues(database),
    history: (query) =>
      query.runIds.flatMap((runId) => query.metrics.flatMap((metric) => series(runId, metric, query))),
    drawn: ({ smoothing, ...query }) =>
      query.runIds.flatMap((runId) =>
        query.metrics.flatMap((metric) => {
          const id = find(runId, metric)
          return id === undefined ? [] : [{ runId, metric, ...drawColumns(id, query, smoothing) }]
        }),
      ),
    at: valuesAt,
    *export(runId, metric) {
      for (const name of metric === undefined ? namesOf(runId) : [metric]) {
        const id = find(runId, name)
        if (id !== undefined) yield* exportOne(id, name)
      }
    },
  }
}

function valuesAtStep(database: ReadableDatabase): MetricReader['at'] {
  const select = database.prepare<[number, string], PointRow & { name: string }>(`
    SELECT metrics.name, metric_points.* FROM metrics JOIN metric_points ON metric_points.metric_id = metrics.id
      AND step = (SELECT max(step) FROM metric_points WHERE metric_id = metrics.id AND step <= ?)
    WHERE run_id = ? ORDER BY name`)
  return (runId, step) =>
    Object.fromEntries(
      select.all(step, runId).map((row) => [row.name, { step: row.step, value: toValue(row.kind, row.value) }]),
    )
}

function metricExporter(database: ReadableDatabase): (id: number, metric: string) => Generator<ExportedPoint> {
  const page = database.prepare<[number, number], PointRow>(
    `SELECT * FROM metric_points WHERE metric_id = ? AND step > ? ORDER BY step LIMIT ${exportPage}`,
  )
  return function* (id, metric) {
    for (let after = -1; ;) {
      const rows = page.all(id, after)
      for (const row of rows) {
        const { last, step, epoch, wallTime, activeTime } = toPoint(row)
        yield { metric, step, epoch, wallTime, activeTime, value: last }
      }
      if (rows.length < exportPage) return
      after = rows.at(-1)!.step
    }
  }
}

/** Queries and changes of metrics. */
export function metricWriter(database: WritableDatabase): MetricWriter {
  const openSeries = seriesAppender(database)
  const rewind = seriesRewinder(database)
  const metricIds = database.prepare('SELECT id FROM metrics WHERE run_id = ?').pluck()
  const append = (runId: RunId, records: readonly StepRecord[]): void => {
    const open = new Map<string, ReturnType<typeof openSeries>>()
    for (const record of records) {
      for (const [name, value] of Object.entries(record.metrics)) {
        if (!open.has(name)) open.set(name, openSeries(runId, name))
        open.get(name)!.append(record, value)
      }
    }
    for (const series of open.values()) series.finish()
  }
  return {
    ...metricReader(database),
    append: (runId, records) => transact(database, () => append(runId, records)),
    rewindTo: (runId, step) =>
      transact(database, () => {
        const ids = metricIds.all(runId) as number[]
        return ids.reduce((deleted, id) => deleted + rewind(id, step), 0)
      }),
  }
}
