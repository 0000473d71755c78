import type { Client } from '../../src-core/contract/client.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { isActive } from '../../src-core/domain/run-status.ts'
import { sectionIdOf, type MetricCard } from '../lib/charts/metric-cards.ts'
import { plural } from '../lib/format.ts'
import { isShownIn } from '../lib/sections-in-view.ts'
import { actionsOf } from '../lib/run/run-actions.ts'
import type { NewGrid } from '../../src-core/domain/grid/grid.ts'
import type { PlannedRun } from '../../src-core/domain/spec/templates.ts'
import { tableCsv, tableJson } from '../lib/table/export-table.ts'
import { sampleExperiment } from '../../src-core/domain/spec/sample-experiment.ts'
import { recall, remember } from '../lib/storage.ts'
import { AblationDraft } from './new-run/ablation-draft.svelte.ts'
import { GridCostCheck } from './new-run/grid-cost.svelte.ts'
import { GridDraft } from './new-run/grid-draft.svelte.ts'
import { PreflightCheck } from './new-run/preflight-check.svelte.ts'
import { ChartArrangement } from './charts/chart-arrangement.svelte.ts'
import { References } from './charts/references.svelte.ts'
import { Comparison } from './comparison.svelte.ts'
import { Dialogs } from './dialogs.svelte.ts'
import { DraftSpec } from './draft-spec.svelte.ts'
import { GridComparison } from './compare/grid-comparison.svelte.ts'
import { Grids } from './compare/grids.svelte.ts'
import { Exports } from './exports.svelte.ts'
import { LayoutStore } from './layout/layout-store.svelte.ts'
import { OpenTab } from './layout/open-tab.svelte.ts'
import { RememberedPlace } from './layout/place.svelte.ts'
import { Notices } from './notices.svelte.ts'
import { Preferences } from './preferences.svelte.ts'
import { Router } from './router.svelte.ts'
import { RunTable } from './run-table.svelte.ts'
import { Runs } from './runs.svelte.ts'
import { System } from './system.svelte.ts'

/** Everything the window holds, made once; and the actions that touch more than one part of it. */
export class Workbench {
  readonly client: Client
  readonly notices = new Notices()
  readonly router = new Router()
  readonly dialogs = new Dialogs()
  readonly preferences: Preferences
  readonly system: System
  readonly runs: Runs
  readonly table: RunTable
  readonly comparison: Comparison
  readonly exports: Exports
  readonly layout: LayoutStore
  readonly place: RememberedPlace
  readonly charts: ChartArrangement
  readonly references: References
  readonly draft: DraftSpec
  readonly preflight: PreflightCheck
  readonly ablation: AblationDraft
  readonly gridDraft: GridDraft
  readonly gridCost: GridCostCheck
  readonly grids: Grids
  readonly gridComparison: GridComparison
  /** Which view of a run is open. */
  readonly runTab = new OpenTab('runTab', 'curves')
  railFolded = $state(recall<boolean>('railFolded', false))

  constructor(client: Client) {
    this.client = client
    this.preferences = new Preferences(client, this.notices)
    this.system = new System(client, this.notices)
    this.layout = new LayoutStore(client, this.notices)
    this.charts = new ChartArrangement(this.layout)
    this.references = new References(client, this.layout, this.notices)
    this.runs = new Runs(client, this.notices)
    this.table = new RunTable(this.runs, this.layout, client)
    this.comparison = new Comparison(client, this.runs, this.charts, this.layout.history)
    this.place = new RememberedPlace(this.layout, this.router, this.comparison, this.runs)
    this.exports = new Exports(client, this.notices)
    this.draft = new DraftSpec(() => this.system.datasets)
    this.preflight = new PreflightCheck(client)
    this.ablation = new AblationDraft(() => this.system.datasets)
    this.gridDraft = new GridDraft(this.draft, () => this.system.datasets)
    this.gridCost = new GridCostCheck(client, () => this.system.datasets)
    this.grids = new Grids(client, this.notices)
    this.gridComparison = new GridComparison({
      client,
      notices: this.notices,
      layout: this.layout,
      grids: this.grids,
      runs: () => this.comparison.runs,
    })
    client.on('notice', ({ level, message }) => this.notices.add(level, message))
  }

  async load(): Promise<void> {
    await Promise.all([
      this.preferences.load(),
      this.system.load(),
      this.place.restore(this.layout.load(), this.runs.load()),
      this.exports.load(),
      this.grids.load(),
    ])
  }

  /** Takes back the last deletion while its message is there, else the last change of what the open view shows. */
  undo(): void {
    if (this.notices.passing?.action) return this.notices.act()
    const what = this.layout.history.undo((section) => isShownIn(this.router.route.view, section))
    this.notices.say(what === null ? 'Nothing to undo in this view.' : `Undone: ${what}.`)
  }

  redo(): void {
    const what = this.layout.history.redo((section) => isShownIn(this.router.route.view, section))
    this.notices.say(what === null ? 'Nothing to do again in this view.' : `Done again: ${what}.`)
  }

  toggleRail(): void {
    this.railFolded = !this.railFolded
    remember('railFolded', this.railFolded)
  }

  open(run: Run): void {
    this.table.currentId = run.id
    this.router.go({ view: 'run', runId: run.id })
  }

  compare(runs: readonly Run[]): void {
    this.comparison.choose(
      runs.map(({ id }) => id),
      this.comparison.runs.length === 0 ? null : 'Compare other runs',
    )
    // Asked for before the view is made, so that the record is read meanwhile.
    if (this.comparison.tab === 'curves') {
      void this.comparison.pool.setSmoothing(this.charts.smoothing(this.preferences.settings.smoothing))
      void this.comparison.showCurves()
    }
    this.router.go({ view: 'compare' })
  }

  /** Shows the chart of a metric of the compared runs: unfolds its section and brings it into sight. */
  showChart(card: MetricCard): void {
    const section = sectionIdOf(card, this.charts.settings)
    if (this.charts.settings.folded.includes(section)) this.charts.toggle('folded', section, 'Unfold charts')
    this.comparison.openTab('curves')
    this.comparison.soughtChart = card.id
    this.router.go({ view: 'compare' })
  }

  /** Opens New run: one run, or the ready ablations. */
  openNewRun(what: 'run' | 'ablation' = 'run'): void {
    this.ablation.shown = what === 'ablation'
    this.router.go({ view: 'new' })
  }

  /** Opens New run with the experiment of a run, to change it into a variant. */
  duplicate(run: Run): void {
    this.draft.loadFrom(run.spec)
    this.openNewRun()
  }

  /** Opens New run with the experiment of a run, its first weights those of a checkpoint of that run. */
  startFrom(run: Run, step: number): void {
    this.draft.loadFrom(run.spec)
    this.draft.set('training.transfer.from', `run:${run.id}@${step}`)
    // Weights that come from elsewhere are not pre-trained again: the two exclude each other.
    this.draft.set('training.pretraining.kind', 'none')
    this.openNewRun()
  }

  /** The one key for start, pause and resume. */
  startOrPause(run: Run): void {
    const actions = actionsOf(run)
    if (actions.start) void this.runs.resume(run.id)
    else if (actions.pause) void this.runs.pause(run.id)
  }

  async exportRun(run: Run): Promise<void> {
    this.router.go({ view: 'exports', runId: run.id })
    const record = await this.exports.create(run.id)
    if (record) this.notices.say(`Exported “${run.name}” and compared ${plural(record.check.images, 'image')}.`)
  }

  /** Saves the shown columns of runs where the user chooses. */
  async exportTable(runs: readonly Run[], kind: 'csv' | 'json'): Promise<void> {
    const { columns } = this.table
    const text = kind === 'csv' ? tableCsv(columns, runs) : tableJson(columns, runs)
    const saved = await this.notices.attempt(this.client.call('files.saveText', { suggestedName: 'Runs', kind, text }))
    if (saved !== null) this.notices.say(`Saved ${plural(runs.length, 'run')} as ${saved}.`)
  }

  /** Deletes with undo; in the trash deletes for good after a question, as it does for what trains. */
  remove(runs: readonly Run[]): void {
    const ids = runs.map(({ id }) => id)
    if (runs.length === 0) return
    if (runs.every((run) => run.deletedAt !== null)) return this.askToPurge(runs)
    const active = runs.filter((run) => isActive(run.state))
    if (active.length === 0) return void this.removeFromTable(ids)
    this.dialogs.ask({
      title: active.length === 1 ? `Stop “${active[0]!.name}”?` : `Stop ${plural(active.length, 'run')}?`,
      text: 'A run that is training must be stopped before it is deleted. Its last checkpoint is kept until it is deleted for good.',
      confirm: 'Stop and delete',
      destructive: true,
      run: () => void this.removeFromTable(ids),
    })
  }

  private async removeFromTable(ids: readonly string[]): Promise<void> {
    this.table.leaveBehind(ids)
    if (this.router.route.view === 'run') this.router.go({ view: 'runs' })
    await this.runs.stopAndRemove(ids)
  }

  /** The sample of the first launch: the same network with LRN and with batch normalisation. */
  async startSample(): Promise<void> {
    const created: Run[] = []
    for (const { name, spec } of sampleExperiment.runs) {
      const run = await this.runs.create(name, spec, true)
      if (!run) return
      created.push(run)
    }
    this.comparison.choose(created.map(({ id }) => id))
    this.table.currentId = created[0]!.id
  }

  async startDraft(start: boolean): Promise<void> {
    if (this.draft.isGrid) return this.startGrid(start)
    const { spec, name } = this.draft
    if (!spec || !this.draft.ready || this.preflight.refusal(spec)) return
    const run = await this.runs.create(name.trim(), $state.snapshot(spec) as typeof spec, start)
    if (!run) return
    this.draft.nameText = null
    this.table.currentId = run.id
    this.table.show('all')
    this.router.go({ view: 'runs' })
    this.notices.say(start ? `Added “${run.name}” to the queue.` : `Added “${run.name}” as paused.`)
  }

  /** Records all runs of the chosen ablation, or none. */
  async startAblation(start: boolean): Promise<void> {
    const { ready, template } = this.ablation
    if (!ready) return
    await this.startAll(template.title, this.ablation.runs, this.ablation.plan.grid, start)
  }

  /** Records all runs of the grid that the fields of New run make, or none. */
  private async startGrid(start: boolean): Promise<void> {
    const grid = this.gridDraft.definition()
    if (!grid || !this.draft.ready) return
    const started = await this.startAll(grid.name, this.gridDraft.runs, grid, start)
    if (!started) return
    this.draft.nameText = null
    this.comparison.openTab('grid')
    this.router.go({ view: 'compare' })
  }

  private async startAll(
    title: string,
    runs: readonly PlannedRun[],
    grid: NewGrid | null,
    start: boolean,
  ): Promise<boolean> {
    const plain = $state.snapshot(grid) as NewGrid | null
    const created = await this.runs.createAll($state.snapshot(runs) as PlannedRun[], start, plain)
    if (!created) return false
    await this.grids.load()
    this.comparison.choose(created.map(({ id }) => id))
    this.table.currentId = created[0]!.id
    this.table.show('all')
    this.router.go({ view: 'runs' })
    const what = `the ${plural(created.length, 'run')} of “${title}”`
    this.notices.say(start ? `Added ${what} to the queue.` : `Added ${what} as paused.`)
    return true
  }

  private askToPurge(runs: readonly Run[]): void {
    const what = runs.length === 1 ? `“${runs[0]!.name}”` : plural(runs.length, 'run')
    this.dialogs.ask({
      title: `Delete ${what} for good?`,
      text: 'The history and the checkpoints are removed from the disk and cannot be brought back. Exports stay.',
      confirm: 'Delete for good',
      destructive: true,
      run: () => {
        this.table.leaveBehind(runs.map(({ id }) => id))
        void this.runs.purge(runs.map(({ id }) => id))
      },
    })
  }
}
