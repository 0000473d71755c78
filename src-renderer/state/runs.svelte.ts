import type { Client } from '../../src-core/contract/client.ts'
import type { StepRecord } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { NewGrid } from '../../src-core/domain/grid/grid.ts'
import { unpackRunList } from '../../src-core/domain/run-list/run-list.ts'
import { SummaryTable } from '../../src-core/domain/run-list/summary-table.ts'
import { isActive } from '../../src-core/domain/run-status.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import type { PlannedRun } from '../../src-core/domain/spec/templates.ts'
import { plural } from '../lib/format.ts'
import { runsOfList } from '../lib/runs/runs-of-list.ts'
import { changedTags } from '../lib/table/run-sets.ts'
import type { Notices } from './notices.svelte.ts'

/** A change that answers with the run as it is afterwards. */
type RunChange = 'runs.pause' | 'runs.resume' | 'runs.stop' | 'runs.delete' | 'runs.restore'

/** Least time between two announcements of mere progress, in milliseconds. */
const progressPause = 250
const slowPause = 1000

/** A copy with other fields. Not a spread: the newest values of a run's metrics are read when they are asked for. */
function withChange(run: Run, change: Partial<Run>): Run {
  return Object.defineProperties({} as Run, {
    ...Object.getOwnPropertyDescriptors(run),
    ...Object.getOwnPropertyDescriptors(change),
  })
}

/** Whether a run only went on training: nothing by which the table is usually sorted or filtered is another. */
function isProgress(before: Run, after: Run): boolean {
  return (
    before.state === after.state &&
    before.name === after.name &&
    before.color === after.color &&
    before.deletedAt === after.deletedAt &&
    before.queuePosition === after.queuePosition &&
    before.notes === after.notes &&
    before.tags.join() === after.tags.join()
  )
}

/** Every run of the workspace, the trash included, kept current by main's announcements. */
export class Runs {
  loaded = $state(false)
  /** The sums of all metrics; `progress` says when they changed. */
  readonly summaries = new SummaryTable()
  /** Counts what changes a run beside its progress: which runs there are, their states, names, places. */
  version = $state(0)
  /** Counts changes of any kind, a few times a second at most. */
  progress = $state(0)
  /** As `progress`, once a second at most: for what costs more than a row, such as sorting ten thousand anew. */
  pace = $state(0)
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- ten thousand signals are slower than the one above
  private readonly byId = new Map<string, Run>()
  readonly all: Run[] = $derived.by(() => {
    void this.progress
    return [...this.byId.values()]
  })
  readonly kept: Run[] = $derived(this.all.filter((run) => run.deletedAt === null))
  readonly training: Run[] = $derived(this.kept.filter((run) => isActive(run.state)))
  readonly queued: Run[] = $derived(
    this.kept.filter((run) => run.queuePosition !== null).sort((a, b) => a.queuePosition! - b.queuePosition!),
  )
  private readonly client: Client
  private readonly notices: Notices
  private paceTimer: ReturnType<typeof setTimeout> | undefined
  private progressTimer: ReturnType<typeof setTimeout> | undefined
  /** How many metrics there were at the last announcement of a change. */
  private metricCount = 0
  /** What was logged while the list of runs is on its way, and what was purged: the list may be older than both. */
  private meanwhile: { readonly runId: string; readonly records: readonly StepRecord[] }[] | null = null
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly purged = new Set<string>()
  private waiting: { runId: string; done: () => void }[] = []

  constructor(client: Client, notices: Notices) {
    this.client = client
    this.notices = notices
    client.on('run.changed', ({ run }) => this.take(run))
    client.on('run.purged', ({ runId }) => this.drop(runId))
    client.on('metrics.appended', ({ runId, records }) => this.count(runId, records))
    client.on('metrics.rewound', ({ runId }) => void this.readSummaries(runId))
  }

  async load(): Promise<void> {
    this.meanwhile = []
    const packed = await this.notices.attempt(this.client.call('runs.columns'))
    const { meanwhile } = this
    this.meanwhile = null
    if (packed) {
      const list = unpackRunList(packed)
      // What events told of meanwhile is newer than the list.
      const added = runsOfList(list).filter(({ id }) => !this.byId.has(id) && !this.purged.has(id))
      for (const run of added) this.byId.set(run.id, run)
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- lives for this call only
      const ids = new Set(added.map(({ id }) => id))
      this.summaries.takeList(list, (id) => ids.has(id))
      for (const { runId, records } of meanwhile) if (ids.has(runId)) this.addUp(runId, records)
      this.tellUnreadable(list.unreadable)
    }
    this.loaded = true
    this.changed()
  }

  private tellUnreadable([first, ...others]: readonly string[]): void {
    if (!first) return
    const also =
      others.length > 0 ? ` So ${others.length === 1 ? 'is' : 'are'} ${plural(others.length, 'other run')}.` : ''
    this.notices.warn(first + also)
  }

  /** Reads a run's summaries anew, after its history lost its end. */
  private async readSummaries(runId: string): Promise<void> {
    const run = await this.notices.attempt(this.client.call('runs.get', { runId }))
    if (run) this.summaries.takeRun(runId, run.metrics)
    this.progressed()
  }

  private count(runId: string, records: readonly StepRecord[]): void {
    this.meanwhile?.push({ runId, records })
    this.addUp(runId, records)
    this.progressed()
  }

  private addUp(runId: string, records: readonly StepRecord[]): void {
    for (const { step, metrics } of records) {
      for (const [metric, value] of Object.entries(metrics)) this.summaries.append(runId, metric, step, value)
    }
  }

  /** Every run as it is now, without listening to their progress. */
  snapshot(): Run[] {
    return [...this.byId.values()]
  }

  /** A run as it is now, without listening to its progress. */
  peek(id: string): Run | undefined {
    return this.byId.get(id)
  }

  get(id: string): Run | undefined {
    void this.progress
    return this.byId.get(id)
  }

  /** Adds and removes tags of runs. */
  async setTags(ids: readonly string[], add: readonly string[], remove: readonly string[]): Promise<void> {
    await this.inParts(ids, async (runIds) => {
      await this.client.call('runs.setTags', { runIds, add: [...add], remove: [...remove] })
      for (const id of runIds) {
        const run = this.byId.get(id)
        if (run) this.byId.set(id, withChange(run, { tags: changedTags(run.tags, add, remove) }))
      }
    })
  }

  /** Replaces the notes of runs. */
  async setNotes(ids: readonly string[], notes: string): Promise<void> {
    await this.inParts(ids, async (runIds) => {
      await this.client.call('runs.setNotes', { runIds, notes })
      for (const id of runIds) {
        const run = this.byId.get(id)
        if (run) this.byId.set(id, withChange(run, { notes }))
      }
    })
  }

  /** Main writes a thousand runs at a time, so that it never keeps the window waiting. */
  private async inParts(ids: readonly string[], write: (ids: string[]) => Promise<void>): Promise<void> {
    const whole = async (): Promise<void> => {
      for (let from = 0; from < ids.length; from += 1000) await write(ids.slice(from, from + 1000))
    }
    await this.notices.attempt(whole())
    this.changed()
  }

  private changed(): void {
    this.metricCount = this.summaries.metricCount
    this.version++
    this.progress++
  }

  /** Announces progress now, or when the pause since the last announcement is over; a metric of a new name is more. */
  private progressed(): void {
    if (this.summaries.metricCount > this.metricCount) this.changed()
    this.paceTimer ??= setTimeout(() => {
      this.paceTimer = undefined
      this.pace++
    }, slowPause)
    if (this.progressTimer) return
    this.progress++
    this.progressTimer = setTimeout(() => {
      this.progressTimer = undefined
      this.progress++
    }, progressPause)
  }

  private drop(id: string): void {
    this.purged.add(id)
    if (this.byId.delete(id)) this.changed()
  }

  async create(name: string, spec: RunSpec, start: boolean): Promise<Run | null> {
    const run = await this.notices.attempt(this.client.call('runs.create', { name, spec, start }))
    if (run) this.take(run)
    return run
  }

  /** Records several runs at once, all or none; with a grid as that grid. */
  async createAll(runs: readonly PlannedRun[], start: boolean, grid: NewGrid | null = null): Promise<Run[] | null> {
    const requests = runs.map(({ name, spec }) => ({ name, spec }))
    const created = await this.notices.attempt(this.client.call('runs.createAll', { runs: requests, start, grid }))
    created?.forEach((run) => this.take(run))
    return created
  }

  pause = (id: string): Promise<Run | null> => this.change('runs.pause', id)
  resume = (id: string): Promise<Run | null> => this.change('runs.resume', id)
  stop = (id: string): Promise<Run | null> => this.change('runs.stop', id)
  restore = (id: string): Promise<Run | null> => this.change('runs.restore', id)

  async rename(id: string, name: string): Promise<void> {
    const before = this.byId.get(id)
    const trimmed = name.trim()
    if (!before || trimmed === '' || trimmed === before.name) return
    await this.takeFrom(this.client.call('runs.rename', { runId: id, name: trimmed }))
  }

  async recolor(id: string, color: number): Promise<void> {
    await this.takeFrom(this.client.call('runs.recolor', { runId: id, color }))
  }

  async move(id: string, position: number): Promise<void> {
    const inRange = Math.max(0, Math.min(this.queued.length - 1, position))
    const runs = await this.notices.attempt(this.client.call('runs.reorder', { runId: id, position: inRange }))
    for (const run of runs ?? []) this.take(run)
  }

  /** Moves runs to the trash and offers to undo it. Active ones must be stopped before: see `stopAndRemove`. */
  async remove(ids: readonly string[]): Promise<void> {
    const removed: Run[] = []
    for (const id of ids) {
      const run = await this.change('runs.delete', id)
      if (run) removed.push(run)
    }
    if (removed.length === 0) return
    const what = removed.length === 1 ? `“${removed[0]!.name}”` : plural(removed.length, 'run')
    this.notices.say(`Deleted ${what}.`, {
      label: 'Undo',
      run: () => removed.forEach((run) => void this.restore(run.id)),
    })
  }

  async stopAndRemove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (!isActive(this.byId.get(id)?.state ?? 'stopped')) continue
      if (!(await this.stop(id))) return
      await this.idle(id)
    }
    await this.remove(ids)
  }

  /** Deletes trashed runs for good. */
  async purge(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const reply = await this.notices.attempt(this.client.call('runs.purge', { runId: id }).then(() => true))
      if (reply) this.drop(id)
    }
  }

  private async change(procedure: RunChange, runId: string): Promise<Run | null> {
    return this.takeFrom(this.client.call(procedure, { runId }))
  }

  private async takeFrom(reply: Promise<Run>): Promise<Run | null> {
    const run = await this.notices.attempt(reply)
    if (run) this.take(run)
    return run
  }

  private take(run: Run): void {
    const before = this.byId.get(run.id)
    this.byId.set(run.id, run)
    this.summaries.takeRun(run.id, run.metrics)
    if (before && isProgress(before, run)) this.progressed()
    else this.changed()
    if (isActive(run.state)) return
    const done = this.waiting.filter(({ runId }) => runId === run.id)
    this.waiting = this.waiting.filter(({ runId }) => runId !== run.id)
    done.forEach((waiter) => waiter.done())
  }

  /** Resolves once no trainer process is left for the run. */
  private idle(runId: string): Promise<void> {
    if (!isActive(this.byId.get(runId)?.state ?? 'stopped')) return Promise.resolve()
    return new Promise((done) => this.waiting.push({ runId, done }))
  }
}
