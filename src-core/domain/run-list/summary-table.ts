import type { MetricSummary } from '../metrics.ts'
import { summaryFields, type RunList } from './run-list.ts'

export type SummaryStatistic = 'last' | 'min' | 'max'

interface SummaryColumn {
  last: Float64Array
  lastStep: Float64Array
  min: Float64Array
  minStep: Float64Array
  max: Float64Array
  maxStep: Float64Array
}

const parts = ['last', 'lastStep', 'min', 'minStep', 'max', 'maxStep'] as const
const firstCapacity = 256

/**
 * The summaries of all metrics of all runs in columns: one number per run in each, found by the run's place. Made for
 * sorting ten thousand runs by a metric, which then reads one array. A step of NaN stands for a missing value.
 */
export class SummaryTable {
  readonly #places = new Map<string, number>()
  readonly #columns = new Map<string, SummaryColumn>()
  #capacity = firstCapacity

  /** How many metrics there are. */
  get metricCount(): number {
    return this.#columns.size
  }

  /** Takes the summaries of a list of runs, as far as they are wanted. */
  takeList({ ids, metrics }: Pick<RunList, 'ids' | 'metrics'>, isWanted: (id: string) => boolean = () => true): void {
    this.#reserve(this.#places.size + ids.length)
    const places = ids.map((id) => (isWanted(id) ? this.#placeOf(id) : -1))
    const offsets = parts.map((part) => summaryFields.indexOf(part))
    for (const { name, places: rows, values } of metrics) {
      const column = this.#columnOf(name)
      parts.forEach((part, index) => {
        const into = column[part]
        let from = offsets[index]!
        for (const row of rows) {
          if (places[row]! >= 0) into[places[row]!] = values[from]!
          from += summaryFields.length
        }
      })
    }
  }

  /** Takes the summaries of one run in the place of what was known of it. */
  takeRun(runId: string, metrics: Readonly<Record<string, MetricSummary>>): void {
    this.clear(runId)
    const place = this.#placeOf(runId)
    for (const [name, summary] of Object.entries(metrics)) {
      const column = this.#columnOf(name)
      for (const part of parts) column[part][place] = summary[part] ?? NaN
    }
  }

  /** Counts a logged value in, as it arrives while the run trains. */
  append(runId: string, metric: string, step: number, value: number): void {
    const [place, column] = [this.#placeOf(runId), this.#columnOf(metric)]
    column.last[place] = value
    column.lastStep[place] = step
    if (!Number.isFinite(value)) return
    if (Number.isNaN(column.minStep[place]) || value < column.min[place]!) {
      column.min[place] = value
      column.minStep[place] = step
    }
    if (Number.isNaN(column.maxStep[place]) || value > column.max[place]!) {
      column.max[place] = value
      column.maxStep[place] = step
    }
  }

  /** Forgets a run's values, before they are read anew. */
  clear(runId: string): void {
    const place = this.#places.get(runId)
    if (place === undefined) return
    for (const column of this.#columns.values()) for (const part of parts) column[part][place] = NaN
  }

  /** The value of a statistic; null when the run has none. The newest value may be NaN or infinite. */
  value(runId: string, metric: string, statistic: SummaryStatistic): number | null {
    const found = this.#find(runId, metric, statistic)
    return found && found.value
  }

  /** The step of a statistic; null when the run has none. */
  step(runId: string, metric: string, statistic: SummaryStatistic): number | null {
    const found = this.#find(runId, metric, statistic)
    return found && found.step
  }

  /** The newest value of every metric of a run. */
  last(runId: string): Record<string, number> {
    const values: Record<string, number> = {}
    for (const metric of this.#columns.keys()) {
      const found = this.#find(runId, metric, 'last')
      if (found) values[metric] = found.value
    }
    return values
  }

  /** Names of all metrics in alphabetical order. */
  metrics(): string[] {
    return [...this.#columns.keys()].sort()
  }

  #find(runId: string, metric: string, statistic: SummaryStatistic): { value: number; step: number } | null {
    const [place, column] = [this.#places.get(runId), this.#columns.get(metric)]
    if (place === undefined || column === undefined) return null
    const step = column[`${statistic}Step`][place]!
    return Number.isNaN(step) ? null : { value: column[statistic][place]!, step }
  }

  #placeOf(runId: string): number {
    const found = this.#places.get(runId)
    if (found !== undefined) return found
    const place = this.#places.size
    this.#reserve(place + 1)
    this.#places.set(runId, place)
    return place
  }

  #columnOf(metric: string): SummaryColumn {
    const found = this.#columns.get(metric)
    if (found) return found
    const empty = (): Float64Array => new Float64Array(this.#capacity).fill(NaN)
    const column = { last: empty(), lastStep: empty(), min: empty(), minStep: empty(), max: empty(), maxStep: empty() }
    this.#columns.set(metric, column)
    return column
  }

  #reserve(places: number): void {
    if (places <= this.#capacity) return
    while (this.#capacity < places) this.#capacity *= 2
    for (const column of this.#columns.values()) {
      for (const part of parts) {
        const longer = new Float64Array(this.#capacity).fill(NaN)
        longer.set(column[part])
        column[part] = longer
      }
    }
  }
}
