import type { StartTrainer } from '../contract/trainer-process.ts'
import { WorkbenchError } from '../domain/errors.ts'
import { newRunId, type RunId } from '../domain/ids.ts'
import type { ExportFormat, ExportRecord } from '../domain/model-export.ts'
import { runNameSchema, type Run } from '../domain/run.ts'
import { canResume, isActive } from '../domain/run-status.ts'
import type { RunSpec } from '../domain/spec/run-spec.ts'
import type { RunEventRecord } from '../storage/records/run-events.ts'
import type { Workspace } from '../storage/workspace.ts'
import { ActiveRuns } from './active-runs.ts'
import { checkSpec } from './check-spec.ts'
import { purgeFolder } from './checkpoint-files.ts'
import { isolated, type RunServiceListeners } from './listeners.ts'
import { ModelExporter } from './model-exporter.ts'
import { recover } from './recovery.ts'
import { RunAnnouncer } from './run-announcer.ts'
import { next, reorder } from './run-queue.ts'
import { isSettled, RunRecorder } from './run-recorder.ts'
import { defaultSessionTimes, type SessionTimes } from './trainer-session.ts'

export type { NoticeLevel, RunServiceListeners } from './listeners.ts'

export interface RunServiceOptions {
  /** Opened for writing; its owner closes it after `close`. */
  readonly workspace: Workspace
  readonly startTrainer: StartTrainer
  readonly listeners?: RunServiceListeners
  /** TensorFlow's thread count for runs that begin; null leaves it to TensorFlow. A resumed run keeps its own. */
  readonly threads?: () => number | null
  readonly maximumActive?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Deadlines in milliseconds; `close` is how long closing waits for a pause before it kills. */
  readonly times?: Partial<SessionTimes> & { readonly close?: number }
}

export interface NewRunRequest {
  readonly name: string
  readonly spec: RunSpec
  /** Whether it goes to the end of the queue; otherwise it waits as paused at step 0. */
  readonly start: boolean
}

const defaultCloseTime = 20_000

/**
 * The runs of a workspace: their life, their queue and their exports. The window and the command line use the same.
 * Nothing starts before the first `startQueue`.
 *
 * Every method that takes an id throws (or rejects with) WorkbenchError `run-not-found` for one that is not recorded,
 * and `illegal-transition` for what the run's state does not allow.
 */
export class RunService {
  readonly #workspace: Workspace
  readonly #listeners: RunServiceListeners
  readonly #announcer: RunAnnouncer
  readonly #recorder: RunRecorder
  readonly #active: ActiveRuns
  readonly #exporter: ModelExporter
  readonly #maximumActive: number
  readonly #closeTime: number
  readonly #waiting = new Map<RunId, ((run: Run) => void)[]>()
  /** Which runs may start by themselves; null for none. */
  #mayStart: ((id: RunId) => boolean) | null = null
  #closing: Promise<void> | null = null

  constructor(options: RunServiceOptions) {
    const { workspace, startTrainer, threads = () => null, now = Date.now } = options
    const listeners = isolated(options.listeners ?? {})
    const { close = defaultCloseTime, ...times } = options.times ?? {}
    this.#workspace = workspace
    this.#listeners = listeners
    this.#maximumActive = options.maximumActive ?? 1
    this.#closeTime = close
    this.#announcer = new RunAnnouncer(workspace.runs.find, (run) => this.#changed(run))
    this.#recorder = new RunRecorder(workspace, this.#announcer, now)
    this.#exporter = new ModelExporter(this.#recorder, startTrainer, listeners)
    this.#active = new ActiveRuns({
      recorder: this.#recorder,
      startTrainer,
      listeners,
      threads,
      times: { ...defaultSessionTimes, ...times },
      isExporting: (runId, directory) => this.#exporter.isInUse(runId, directory),
      onFree: () => this.#startNext(),
    })
  }

  /**
   * Puts the record in order after a crash. Call it once, before anything else.
   * @returns the runs that were interrupted
   */
  recover(): Run[] {
    for (const warning of this.#workspace.warnings) this.#listeners.notice?.('warning', warning)
    return recover(this.#recorder)
  }

  /**
   * Lets queued runs start, now and whenever a place becomes free. With `only`, that run alone; the others stay queued.
   */
  startQueue(options: { only?: RunId } = {}): void {
    const { only } = options
    this.#mayStart = only === undefined ? () => true : (id) => id === only
    this.#startNext()
  }

  #startNext(): void {
    const allowed = this.#mayStart
    if (!allowed) return
    while (!this.#closing && this.#active.count < this.#maximumActive) {
      const id = next(this.#workspace.runs.queue(), (queued) => allowed(queued) && !this.#active.has(queued))
      if (id === null) return
      this.#active.start(id)
    }
  }

  /** Runs outside the trash (or in it), newest first. */
  list(filter: { deleted: boolean }): Run[] {
    return this.#workspace.runs.list(filter)
  }

  get(id: RunId): Run {
    return this.#recorder.get(id)
  }

  /** A run's log, oldest line first. */
  events(id: RunId): RunEventRecord[] {
    this.get(id)
    return this.#workspace.events.list(id)
  }

  /**
   * Records a new run.
   * @throws WorkbenchError `invalid-value`, `unknown-field`, `unknown-dataset`, `input-too-small`, `batch-too-large`.
   */
  create({ name, spec, start }: NewRunRequest): Run {
    const checked = { name: checkName(name), ...checkSpec(spec) }
    const id = newRunId()
    this.#workspace.write(() => {
      this.#workspace.runs.insert({ id, ...checked, createdAt: this.#recorder.now() })
      this.#recorder.note(id, 'state', 'Created.')
    })
    this.#announcer.changed(id)
    return start ? this.#enqueue(id) : this.get(id)
  }

  /** Puts a paused, stopped, failed or interrupted run at the end of the queue. */
  resume(id: RunId): Run {
    const { deletedAt, state } = this.get(id)
    if (deletedAt !== null) throw illegal(id, 'is in the trash: restore it first.')
    if (!canResume(state)) throw illegal(id, `is ${state} and cannot be resumed.`)
    return this.#enqueue(id)
  }

  #enqueue(id: RunId): Run {
    this.#recorder.change(id, { to: 'queued', message: 'Queued.' })
    this.#startNext()
    return this.get(id)
  }

  /**
   * Pauses a run; resolves when its checkpoint and every value up to it are durable. A queued run leaves the queue.
   * Look at the state of the answer: a run may finish or fail before it could pause.
   */
  async pause(id: RunId): Promise<Run> {
    const { state } = this.get(id)
    if (state === 'paused') return this.get(id)
    if (state === 'queued') return this.#leaveQueue(id)
    if (state !== 'pausing') this.#active.pause(id)
    return this.settled(id)
  }

  #leaveQueue(id: RunId): Run {
    return this.#recorder.change(id, { to: 'paused', message: 'Taken out of the queue.' })
  }

  /** Ends a run; resolves when its last checkpoint is durable. It can be resumed all the same. */
  async stop(id: RunId): Promise<Run> {
    const { state } = this.get(id)
    if (state === 'stopped') return this.get(id)
    if (!isActive(state)) {
      return this.#recorder.change(id, { to: 'stopped', patch: { endedAt: this.#recorder.now() }, message: 'Stopped.' })
    }
    if (state !== 'stopping') this.#active.stop(id)
    return this.settled(id)
  }

  /** @throws WorkbenchError `invalid-value` for a name that is empty or too long. */
  rename(id: RunId, name: string): Run {
    return this.#recorder.update(id, { name: checkName(name) })
  }

  recolor(id: RunId, color: number): Run {
    return this.#recorder.update(id, { color })
  }

  /**
   * Moves a run to the trash, from where it can be restored whole. A queued run leaves the queue.
   * @throws WorkbenchError `run-busy` while it trains.
   */
  delete(id: RunId): Run {
    const { state, deletedAt } = this.get(id)
    if (isActive(state)) throw busy(id, 'is training: pause or stop it first.')
    if (state === 'queued') this.#leaveQueue(id)
    return deletedAt === null ? this.#recorder.update(id, { deletedAt: this.#recorder.now() }) : this.get(id)
  }

  /** Takes a run out of the trash. */
  restore(id: RunId): Run {
    return this.#recorder.update(id, { deletedAt: null })
  }

  /**
   * Deletes a run in the trash for good, with history and checkpoints. Its exports stay.
   * @throws WorkbenchError `run-busy` while one of its checkpoints is exported.
   */
  async purge(id: RunId): Promise<undefined> {
    if (this.get(id).deletedAt === null) throw illegal(id, 'is not in the trash: delete it first.')
    if (this.#exporter.isInUse(id)) throw busy(id, 'is just being exported.')
    await this.#active.gone(id)
    await purgeFolder(this.#workspace.checkpointsDirectory(id), () => this.#workspace.runs.remove(id))
    this.#listeners.runPurged?.(id)
  }

  /** Moves a queued run to a place in the queue, 0 being next; answers the queue in order. */
  reorder(id: RunId, position: number): Run[] {
    if (this.get(id).state !== 'queued') throw illegal(id, 'is not queued.')
    this.#recorder.writeQueue(reorder(this.#workspace.runs.queue(), id, position))
    return this.#workspace.runs.queue().map((queued) => this.get(queued))
  }

  /**
   * Exports the newest checkpoint in a process of its own; resolves when the files were loaded back and compared.
   * `outDirectory` must be empty or not exist; by default it lies in the workspace's `exports/`.
   * @throws WorkbenchError `checkpoint-missing`, `export-exists`, `export-mismatch`, `disk-full`, `trainer-died`.
   */
  async exportModel(id: RunId, format: ExportFormat, outDirectory?: string): Promise<ExportRecord> {
    return this.#exporter.export(this.get(id), format, outDirectory)
  }

  /** Resolves when the run neither trains nor waits in the queue. */
  async settled(id: RunId): Promise<Run> {
    const run = this.get(id)
    if (isSettled(run.state)) return run
    return new Promise((resolve) => this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]))
  }

  #changed(run: Run): void {
    this.#listeners.runChanged?.(run)
    if (!isSettled(run.state)) return
    const waiting = this.#waiting.get(run.id) ?? []
    this.#waiting.delete(run.id)
    for (const resolve of waiting) resolve(run)
  }

  /**
   * Pauses what trains, durably, and ends all processes. What has not paused in time is killed and becomes
   * interrupted. Queued runs stay queued.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all([this.#active.close(this.#closeTime), this.#exporter.close()])
    this.#announcer.flush()
  }
}

function checkName(name: string): string {
  const parsed = runNameSchema.safeParse(name)
  if (parsed.success) return parsed.data
  throw new WorkbenchError('invalid-value', `name: ${parsed.error.issues[0]!.message}.`, { path: 'name' })
}

function illegal(id: RunId, why: string): WorkbenchError {
  return new WorkbenchError('illegal-transition', `Run ${id} ${why}`, { runId: id })
}

function busy(id: RunId, why: string): WorkbenchError {
  return new WorkbenchError('run-busy', `Run ${id} ${why}`, { runId: id })
}
