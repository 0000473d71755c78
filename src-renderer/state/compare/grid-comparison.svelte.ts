import { SvelteMap } from 'svelte/reactivity'
import { z } from 'zod'
import type { Client } from '../../../src-core/contract/client.ts'
import { cellTable, type CellRun, type TableCell } from '../../../src-core/domain/grid/cell-table.ts'
import {
  factorsOfGrid,
  factorsOfRuns,
  type ComparedFactor,
  type PlacedRuns,
} from '../../../src-core/domain/grid/factors.ts'
import type { Grid } from '../../../src-core/domain/grid/grid.ts'
import { columnsOf } from '../../../src-core/domain/comparison/readings.ts'
import { metricTitleWithUnit } from '../../../src-core/domain/evaluation/metric-words.ts'
import { metricDirection, metricNames, type MetricDirection } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { DrawnSeries } from '../../../src-core/domain/statistics/drawn-series.ts'
import { noSmoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { formatMetric, formatNumber } from '../../lib/format.ts'
import { factorDimension, metricDimension, metricOf, type Dimension } from '../../lib/grid/axes.ts'
import { curveOf, measured, measures, type Curve, type Measure } from '../../lib/grid/run-curves.ts'
import { applies } from '../../lib/spec/applies.ts'
import { fieldLabel } from '../../lib/spec/labels.ts'
import type { LayoutStore } from '../layout/layout-store.svelte.ts'
import type { Notices } from '../notices.svelte.ts'
import type { Grids } from './grids.svelte.ts'

export const gridViews = ['cells', 'parallel', 'scatter', 'heat', 'effects'] as const
export type GridView = (typeof gridViews)[number]

const id = z.string().max(200)
const layoutSchema = z.object({
  view: z.enum(gridViews).default('cells'),
  metric: id.nullable().default(null),
  measure: z.enum(measures).default('best'),
  rows: id.nullable().default(null),
  columns: id.nullable().default(null),
  held: z.record(id, z.int()).default({}),
  axes: z.array(id).max(60).nullable().default(null),
  logarithmic: z.array(id).max(60).default([]),
  x: id.nullable().default(null),
  y: id.nullable().default(null),
  color: id.nullable().default(null),
  margin: z.number().min(0).default(0),
})
export type GridLayout = z.infer<typeof layoutSchema>

const section = 'compare-grid'
const curvePoints = 200
/** What changes within this time is asked for together, in milliseconds. */
const refreshTime = 400
/** As many runs as one question for histories takes. */
const runsPerQuestion = 200

interface Sources {
  readonly client: Client
  readonly notices: Notices
  readonly layout: LayoutStore
  readonly grids: Grids
  readonly runs: () => readonly Run[]
}

/** The compared runs as a grid: their factors, what each run came to, and how it is shown. */
export class GridComparison {
  private readonly sources: Sources
  /** By run and metric, with the step up to which it is known. */
  private readonly curves = new SvelteMap<string, { readonly step: number; readonly curve: Curve }>()
  /** What is asked for now, so that it is not asked for twice. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly asked = new Set<string>()
  private failing = false
  private timer: ReturnType<typeof setTimeout> | undefined

  readonly runs: readonly Run[] = $derived.by(() => this.sources.runs())
  readonly grid: Grid | undefined = $derived.by(() => this.sources.grids.holding(this.runs.map((run) => run.id)))
  readonly choices: GridLayout = $derived.by(() =>
    this.sources.layout.read(section, layoutSchema, layoutSchema.parse({})),
  )
  private readonly placed: PlacedRuns = $derived.by(() => {
    if (this.grid) return factorsOfGrid(this.grid, this.runs)
    return factorsOfRuns(this.runs, (path) => this.runs.some(({ spec }) => applies(path, spec)))
  })
  readonly factors: readonly ComparedFactor[] = $derived(this.placed.factors)
  /** The level of each factor, run by run. */
  readonly levels: readonly (readonly number[])[] = $derived(this.placed.levels)
  readonly metrics: readonly string[] = $derived(
    Object.keys(Object.assign({}, ...this.runs.map(({ last }) => last))).sort(),
  )
  readonly metric: string = $derived.by(() => {
    const wanted = this.choices.metric
    if (wanted !== null && this.metrics.includes(wanted)) return wanted
    const { validationAccuracy } = metricNames
    return this.metrics.includes(validationAccuracy) ? validationAccuracy : (this.metrics[0] ?? validationAccuracy)
  })
  /** Which way the objective is better, whichever of its values stands for a run. */
  readonly direction: MetricDirection = $derived(metricDirection(this.metric))
  /** Which of its values can stand for a run: none is the best where neither way is better. */
  readonly measures: readonly Measure[] = $derived(
    this.direction === 'none' ? measures.filter((measure) => measure !== 'best') : measures,
  )
  readonly measure: Measure = $derived(this.measures.includes(this.choices.measure) ? this.choices.measure : 'last')
  readonly cellRuns: readonly CellRun[] = $derived.by(() =>
    this.runs.map((run, index) => ({
      id: run.id,
      levels: this.levels[index]!,
      value: this.valueOf(run.id, this.metric),
      state: run.state,
      progress: run.totalSteps ? Math.min(1, run.step / run.totalSteps) : 0,
    })),
  )
  /** Numbers of the factors in the rows and in the columns of tables; no columns with a single factor. */
  readonly rows: number = $derived.by(() => Math.max(0, this.indexOf(this.choices.rows)))
  readonly columns: number | null = $derived.by(() => {
    if (this.factors.length < 2) return null
    const wanted = this.indexOf(this.choices.columns)
    return wanted >= 0 && wanted !== this.rows ? wanted : this.factors.findIndex((_, index) => index !== this.rows)
  })
  /** Levels at which other factors are held, by number. */
  readonly held: Readonly<Record<number, number>> = $derived.by(() => {
    const entries = Object.entries(this.choices.held).map(([factor, level]) => [this.indexOf(factor), level] as const)
    const shown = entries.filter(
      ([index, level]) =>
        index >= 0 && index !== this.rows && index !== this.columns && level < this.factors[index]!.levels.length,
    )
    return Object.fromEntries(shown)
  })
  readonly table: readonly TableCell[] = $derived.by(() => {
    const size = (factor: number): number => this.factors[factor]?.levels.length ?? 1
    return cellTable({
      runs: this.cellRuns,
      rows: { factor: this.rows, size: size(this.rows) },
      columns: this.columns === null ? null : { factor: this.columns, size: size(this.columns) },
      held: this.held,
    })
  })
  /** The runs by combination of all factors. */
  readonly cells: readonly { readonly name: string; readonly runs: readonly Run[] }[] = $derived.by(() => {
    const groups: Record<string, number[]> = {}
    this.levels.forEach((own, index) => (groups[own.join(' ')] ??= []).push(index))
    return Object.values(groups).map((indices) => ({
      name: this.factors
        .map((factor, index) => `${this.factorTitle(factor)} ${factor.levels[this.levels[indices[0]!]![index]!]!.name}`)
        .join(', '),
      runs: indices.map((index) => this.runs[index]!),
    }))
  })
  /** Everything that runs can be placed by. */
  readonly dimensions: readonly Dimension[] = $derived.by(() => [
    ...this.factors.map((factor, index) =>
      factorDimension(
        factor,
        this.factorTitle(factor),
        this.levels.map((own) => own[index]!),
        formatNumber,
      ),
    ),
    ...this.metrics.map((metric) => ({
      id: metricDimension(metric),
      title: metricTitleWithUnit(metric),
      levels: null,
      values: this.runs.map((run) => this.valueOf(run.id, metric)),
      format: (value: number) => formatMetric(metric, value),
    })),
  ])

  constructor(sources: Sources) {
    this.sources = sources
  }

  change(change: Partial<GridLayout>, what: string | null): void {
    this.sources.layout.write(section, { ...this.choices, ...change }, what)
  }

  private indexOf(factor: string | null): number {
    return this.factors.findIndex((one) => one.id === factor)
  }

  factorTitle({ id: path, paths }: ComparedFactor): string {
    const title = path === 'variant' ? 'Variant' : fieldLabel(path)
    return path !== 'variant' && paths.length > 1 ? `${title} and ${paths.length - 1} more` : title
  }

  format(value: number | null | undefined): string {
    return formatMetric(this.metric, value)
  }

  dimension(wanted: string | null, fallback: number): Dimension | undefined {
    return this.dimensions.find((one) => one.id === wanted) ?? this.dimensions[fallback] ?? this.dimensions[0]
  }

  objective(): Dimension | undefined {
    return this.dimensions.find((one) => one.id === metricDimension(this.metric))
  }

  valueOf(runId: string, metric: string): number | null {
    return measured(this.curves.get(`${runId} ${metric}`)?.curve, metric, this.choices.measure)
  }

  curve(runId: string, metric = this.metric): Curve | undefined {
    return this.curves.get(`${runId} ${metric}`)?.curve
  }

  /** The metrics that the open view shows. */
  wanted(): string[] {
    const { view, axes, x, y, color } = this.choices
    const ids = view === 'parallel' ? (axes ?? []) : view === 'scatter' ? [x, y, color] : []
    const named = ids.map((one) => (one === null ? null : metricOf(one))).filter((one) => one !== null)
    const wanted = [this.metric, ...named.filter((metric) => metric !== this.metric)]
    return wanted
      .filter((metric, index) => wanted.indexOf(metric) === index)
      .filter((metric) => this.metrics.includes(metric))
  }

  /** As `refresh`, but not with every report of a run that trains. */
  refreshSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.refresh()
    }, refreshTime)
  }

  /** Asks for what has grown since it was last asked for. */
  async refresh(): Promise<void> {
    const metrics = this.wanted()
    const stale = this.runs.filter((run) => run.step > 0 && metrics.some((metric) => this.isStale(run, metric)))
    for (let first = 0; first < stale.length; first += runsPerQuestion) {
      await this.ask(stale.slice(first, first + runsPerQuestion), metrics)
    }
  }

  private isStale(run: Run, metric: string): boolean {
    const key = `${run.id} ${metric}`
    return this.curves.get(key)?.step !== run.step && !this.asked.has(`${key} ${run.step}`)
  }

  /** Null when it failed, which is told once and not again before an answer has come. */
  private async read(runs: readonly Run[], metrics: readonly string[]): Promise<DrawnSeries[] | null> {
    try {
      const found = await this.sources.client.call('metrics.history', {
        runIds: runs.map((run) => run.id),
        metrics: [...metrics],
        fromStep: null,
        toStep: null,
        maxPoints: curvePoints,
        smoothing: noSmoothing,
      })
      this.failing = false
      return found
    } catch (error) {
      if (!this.failing) this.sources.notices.fail(error)
      this.failing = true
      return null
    }
  }

  private async ask(runs: readonly Run[], metrics: readonly string[]): Promise<void> {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
    const steps = new Map(runs.map((run) => [run.id, run.step] as const))
    const keys = runs.flatMap((run) => metrics.map((metric) => `${run.id} ${metric} ${run.step}`))
    keys.forEach((key) => this.asked.add(key))
    const found = await this.read(runs, metrics)
    keys.forEach((key) => this.asked.delete(key))
    if (found === null) return
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- lives for this call only
    const answers = new Map(found.map((series) => [`${series.runId} ${series.metric}`, series]))
    for (const run of runs) {
      for (const metric of metrics) {
        const key = `${run.id} ${metric}`
        // A run need not have logged every metric; that it has not is known up to its step too.
        const columns = answers.get(key)?.columns ?? columnsOf([])
        this.curves.set(key, { step: steps.get(run.id)!, curve: curveOf(columns) })
      }
    }
  }
}
