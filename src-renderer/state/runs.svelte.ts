/* eslint-disable svelte/prefer-svelte-reactivity -- the map is replaced as a whole, never changed in place */
import type { Client } from '../../src-core/contract/client.ts'
import type { NewGrid } from '../../src-core/domain/grid/grid.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { isActive } from '../../src-core/domain/run-status.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import type { PlannedRun } from '../../src-core/domain/spec/templates.ts'
import { plural } from '../lib/format.ts'
import { runsOfList } from '../lib/runs/runs-of-list.ts'
import type { Notices } from './notices.svelte.ts'

/** Milliseconds between two redraws for progress alone. */
const takenEvery = 200

/** A change that answers with the run as it is afterwards. */
type RunChange = 'runs.pause' | 'runs.resume' | 'runs.stop' | 'runs.delete' | 'runs.restore'

/** Every run of the workspace, the trash included, kept current by main's announcements. */
export class Runs {
  /** Replaced as a whole when runs change, at most a few times a second: thousands of signals cost more. */
  private byId = $state.raw<ReadonlyMap<string, Run>>(new Map())
  loaded = $state(false)
  readonly all: Run[] = $derived([...this.byId.values()])
  readonly kept: Run[] = $derived(this.all.filter((run) => run.deletedAt === null))
  readonly training: Run[] = $derived(this.kept.filter((run) => isActive(run.state)))
  readonly queued: Run[] = $derived(
    this.kept.filter((run) => run.queuePosition !== null).sort((a, b) => a.queuePosition! - b.queuePosition!),
  )
  private readonly client: Client
  private readonly notices: Notices
  private readonly arriving = new Map<string, Run>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private waiting: { runId: string; done: () => void }[] = []

  constructor(client: Client, notices: Notices) {
    this.client = client
    this.notices = notices
    client.on('run.changed', ({ run }) => this.takeSoon(run))
    client.on('run.purged', ({ runId }) => this.forget(runId))
  }

  async load(): Promise<void> {
    const list = await this.notices.attempt(this.client.call('runs.columns'))
    // What changed while the list was on its way is newer than the list.
    const found = list ? runsOfList(list).map((run): [string, Run] => [run.id, run]) : []
    this.byId = new Map([...found, ...this.byId])
    this.loaded = true
  }

  get(id: string): Run | undefined {
    return this.byId.get(id)
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
      if (reply) this.forget(id)
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

  /** Announcements of progress wait a little, so that many runs that train redraw the table once. */
  private takeSoon(run: Run): void {
    const present = this.get(run.id)
    if (!present || present.state !== run.state || present.queuePosition !== run.queuePosition) return this.take(run)
    this.arriving.set(run.id, run)
    this.timer ??= setTimeout(() => this.takeArrived(), takenEvery)
  }

  private takeArrived(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.arriving.size === 0) return
    this.byId = new Map([...this.byId, ...this.arriving])
    this.arriving.clear()
  }

  private forget(id: string): void {
    this.takeArrived()
    const left = new Map(this.byId)
    left.delete(id)
    this.byId = left
  }

  private take(run: Run): void {
    this.arriving.set(run.id, run)
    this.takeArrived()
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
