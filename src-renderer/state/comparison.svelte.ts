import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../src-core/contract/client.ts'
import type { RunEvent } from '../../src-core/contract/procedures/index.ts'
import { metricTitleWithUnit } from '../../src-core/domain/evaluation/metric-words.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { looksOf, type Looks } from '../lib/charts/groups/looks.ts'
import { meanGroups } from '../lib/charts/groups/means.ts'
import { runLabels, type RunLabel } from '../lib/runs/run-labels.ts'
import type { ChartArrangement } from './charts/chart-arrangement.svelte.ts'
import type { UndoHistory } from './layout/undo-history.svelte.ts'
import { ChartOptions } from './charts/chart-options.svelte.ts'
import { OpenTab } from './layout/open-tab.svelte.ts'
import type { Runs } from './runs.svelte.ts'
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
  /** The chart that is to come into sight, by the id of its card; it takes that back when it has. */
  soughtChart = $state<string | null>(null)
  /** Which way to compare is open. */
  private readonly openedTab = new OpenTab('compareTab', 'curves')
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
  private readonly history: UndoHistory
  readonly runs: Run[] = $derived.by(() =>
    this.runIds.map((id) => this.store.get(id)).filter((run): run is Run => run?.deletedAt === null),
  )
  /** What the runs are called beside each other, by id. */
  readonly labels: ReadonlyMap<string, RunLabel> = $derived.by(() => runLabels(this.runs))
  /** The colours and dash patterns of the runs by the rules that were chosen for the charts. */
  readonly looks: Looks = $derived.by(() => {
    const { color, dash, band, mode } = this.charts.settings
    return looksOf(this.runs, color, dash, band !== 'none' && mode !== 'race')
  })

  constructor(client: Client, runs: Runs, charts: ChartArrangement, history: UndoHistory) {
    this.client = client
    this.charts = charts
    this.history = history
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

  /** `what` names the choice for undo; null for what is not undone. */
  choose(ids: readonly string[], what: string | null = null): void {
    const each = ids.filter((id, index) => ids.indexOf(id) === index)
    this.change(each, what)
    this.options.reset()
    this.scrubber.step = null
  }

  get tab(): string {
    return this.openedTab.value
  }

  openTab(tab: string): void {
    this.openedTab.open(tab)
  }

  add(id: string): void {
    if (!this.runIds.includes(id)) this.change([...this.runIds, id], 'Add a run')
  }

  remove(id: string): void {
    const others = this.runIds.filter((other) => other !== id)
    this.change(others, 'Remove a run')
  }

  removeAll(): void {
    this.change([], 'Remove all runs')
  }

  private change(after: readonly string[], what: string | null): void {
    const before = this.runIds
    this.runIds = after
    if (what === null) return
    this.history.record({
      section: 'compare-runs',
      what,
      undo: () => (this.runIds = before),
      redo: () => (this.runIds = after),
    })
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
