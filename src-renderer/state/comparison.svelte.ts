import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../src-core/contract/client.ts'
import type { RunEvent } from '../../src-core/contract/procedures/index.ts'
import { metricTitleWithUnit } from '../../src-core/domain/evaluation/metric-words.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { looksOf, type Looks } from '../lib/charts/groups/looks.ts'
import { meanGroups } from '../lib/charts/groups/means.ts'
import type { ChartArrangement } from './charts/chart-arrangement.svelte.ts'
import { ChartOptions } from './charts/chart-options.svelte.ts'
import type { Runs } from './runs.svelte.ts'
import { recall, remember } from '../lib/storage.ts'
import { TestSetAnswers } from './compare/test-set-answers.svelte.ts'
import { Scrubber } from './scrubber.svelte.ts'
import { SeriesPool } from './charts/series-pool.svelte.ts'
import { SeriesSet } from './charts/series.svelte.ts'

/** The metrics of the results table in its order. */
export const comparedMetrics = [
  metricNames.validationAccuracy,
  metricNames.validationTop5Error,
  metricNames.validationLoss,
  metricNames.testAccuracy,
  metricNames.testTop5Error,
  metricNames.testLoss,
  metricNames.trainAccuracy,
  metricNames.trainLoss,
].map((metric) => ({ metric, title: metricTitleWithUnit(metric) }))

/** Runs side by side. Lives as long as the window, so that the choice is still there on return. */
export class Comparison {
  runIds = $state.raw<readonly string[]>([])
  /** Which way to compare is open. */
  tab = $state(recall<string>('compareTab', 'curves'))
  readonly options = new ChartOptions(() => this.scrubber.step)
  /** The step that every tab shows. */
  readonly scrubber: Scrubber
  readonly testSet: TestSetAnswers
  readonly series: SeriesSet
  /** The series of every metric that a chart shows; those of the results are the same. */
  readonly pool: SeriesPool
  /** What happened to the runs whose marks are shown. */
  private readonly events = new SvelteMap<string, readonly RunEvent[]>()
  private readonly client: Client
  private readonly store: Runs
  private readonly charts: ChartArrangement
  readonly runs: Run[] = $derived.by(() =>
    this.runIds.map((id) => this.store.get(id)).filter((run): run is Run => run?.deletedAt === null),
  )
  /** The colours and dash patterns of the runs by the rules that were chosen for the charts. */
  readonly looks: Looks = $derived.by(() => {
    const { color, dash, band, mode } = this.charts.settings
    return looksOf(this.runs, color, dash, band !== 'none' && mode !== 'race')
  })

  constructor(client: Client, runs: Runs, charts: ChartArrangement) {
    this.client = client
    this.charts = charts
    this.store = runs
    this.scrubber = new Scrubber(client)
    this.testSet = new TestSetAnswers(client)
    this.series = new SeriesSet(
      client,
      comparedMetrics.map(({ metric }) => metric),
    )
    this.pool = new SeriesPool(
      client,
      this.series,
      comparedMetrics.map(({ metric }) => metric),
    )
  }

  choose(ids: readonly string[]): void {
    this.runIds = ids.filter((id, index) => ids.indexOf(id) === index)
    this.options.reset()
    this.scrubber.step = null
  }

  openTab(tab: string): void {
    this.tab = tab
    remember('compareTab', tab)
  }

  add(id: string): void {
    if (!this.runIds.includes(id)) this.runIds = [...this.runIds, id]
  }

  remove(id: string): void {
    this.runIds = this.runIds.filter((other) => other !== id)
  }

  /** The runs behind a line that stands for a group of runs that look alike; none for a run's own line. */
  groupMembers(line: string | null): readonly string[] {
    if (line === null || !line.startsWith('group ')) return []
    const found = meanGroups(this.runs, this.looks).find(({ runs }) => runs.some(({ id }) => `group ${id}` === line))
    return found?.runs.map(({ id }) => id) ?? []
  }

  eventsOf(runId: string): readonly RunEvent[] {
    return this.events.get(runId) ?? []
  }

  /** Fetches what happened to a run; a failure leaves out its marks and nothing else. */
  async loadEvents(runId: string): Promise<void> {
    try {
      this.events.set(runId, await this.client.call('runs.events', { runId }))
    } catch {
      this.events.delete(runId)
    }
  }

  /** Asks for the histories of the runs, in the range that is shown. */
  async showCurves(): Promise<void> {
    await this.pool.show(
      this.runs.map((run) => run.id),
      this.options.queried,
    )
  }
}
