import type { StartTrainer } from '../contract/trainer-process.ts'
import type { CheckpointRecord } from '../domain/checkpoint.ts'
import { WorkbenchError } from '../domain/errors.ts'
import type { Artifact, ArtifactHeader } from '../domain/evaluation/artifact.ts'
import type { RunId } from '../domain/ids.ts'
import type { ExportFormat, ExportRecord } from '../domain/model-export.ts'
import type { Grid, NewGrid } from '../domain/grid/grid.ts'
import type { Run } from '../domain/run.ts'
import { canResume, isActive } from '../domain/run-status.ts'
import type { RunEventRecord } from '../storage/records/run-events.ts'
import type { TagChange } from '../storage/records/tags.ts'
import type { Workspace } from '../storage/workspace.ts'
import { ActiveRuns } from './active-runs.ts'
import { markCheckpoints } from './checkpoints/checkpoint-marks.ts'
import { awaiting } from './checkpoints/transfer-source.ts'
import { isolated, type RunServiceListeners } from './listeners.ts'
import { ModelExporter } from './jobs/model-exporter.ts'
import { Inspections } from './jobs/inspections.ts'
import { RunSetup, type RunSetupOptions } from './jobs/run-setup.ts'
import { recover } from './recovery.ts'
import { RunAnnouncer } from './run-announcer.ts'
import { checkName, createRuns, type NewRunRequest } from './run-creation.ts'
import { next, reorder } from './run-queue.ts'
import { isSettled, RunRecorder } from './run-recorder.ts'
import { defaultSessionTimes, type SessionTimes } from './trainer-session.ts'
import { illegal, leaveQueue, Trash } from './trash.ts'

export type { NoticeLevel, RunServiceListeners } from './listeners.ts'
export type { NewRunRequest } from './run-creation.ts'

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
  /**
   * Deadlines in milliseconds; `close` is how long closing waits for a pause before it kills, `preview` and
   * `preflight` how long these may take.
   */
  readonly times?: Partial<SessionTimes> & { readonly close?: number } & RunSetupOptions['times']
  readonly readLimits?: RunSetupOptions['readLimits']
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
  /** What is asked before a run is recorded. */
  readonly setup: RunSetup
  /** What is asked of trained networks. */
  readonly inspections: Inspections
  readonly #workspace: Workspace
  readonly #listeners: RunServiceListeners
  readonly #announcer: RunAnnouncer
  readonly #recorder: RunRecorder
  readonly #active: ActiveRuns
  readonly #trash: Trash
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
    this.setup = new RunSetup({ ...options, threads })
    this.inspections = new Inspections({ workspace, startTrainer })
    this.#active = new ActiveRuns({
      recorder: this.#recorder,
      startTrainer,
      listeners,
      threads,
      times: { ...defaultSessionTimes, ...times },
      isInUse: (runId, { directory, step }) =>
        this.#exporter.isInUse(runId, directory) ||
        this.inspections.isInUse(runId, directory) ||
        awaiting(workspace, runId, step) !== null,
      onFree: () => this.#startNext(),
    })
    this.#trash = new Trash({
      recorder: this.#recorder,
      isExporting: (id) => this.#exporter.isInUse(id),
      gone: (id) => this.#active.gone(id),
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

  /** The recorded grids with the runs of them that are still there, newest first. */
  grids(): Grid[] {
    return this.#workspace.grids.list()
  }

  /** A run's log, oldest line first. */
  events(id: RunId): RunEventRecord[] {
    this.get(id)
    return this.#workspace.events.list(id)
  }

  /** A run's artifacts without their bodies, in the order of their steps. */
  artifacts(id: RunId): ArtifactHeader[] {
    this.get(id)
    return this.#workspace.artifacts.list(id)
  }

  /** @throws WorkbenchError `usage` for an artifact that is not recorded. */
  artifact(artifactId: number): Artifact {
    const artifact = this.#workspace.artifacts.find(artifactId)
    if (artifact) return artifact
    throw new WorkbenchError('usage', `There is no artifact ${artifactId}.`, { artifactId })
  }

  /** A run's checkpoints, newest first; the best and the last finite one are marked. */
  checkpoints(id: RunId): CheckpointRecord[] {
    return markCheckpoints(this.get(id), this.#workspace.checkpoints.list(id))
  }

  /**
   * Records a new run.
   * @throws WorkbenchError `invalid-value`, `unknown-field`, `unknown-dataset`, `input-too-small`, `batch-too-large`;
   * `run-not-found`, `checkpoint-missing`, `model-file-unreadable` where the first weights shall come from.
   */
  create({ start, ...run }: NewRunRequest & { readonly start: boolean }): Run {
    return this.createAll([run], start)[0]!
  }

  /**
   * Records several runs, all or none. With `start` they go to the end of the queue in this order; otherwise they wait
   * as paused at step 0.
   * @param grid what the runs are recorded as, with a cell for each of them.
   * @throws as `create`, naming the run that is wrong; `invalid-value` for a grid whose cells are not those of the runs.
   */
  createAll(runs: readonly NewRunRequest[], start: boolean, grid: NewGrid | null = null): Run[] {
    const ids = createRuns(this.#recorder, runs, { start, grid })
    if (start) this.#startNext()
    return ids.map((id) => this.get(id))
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
    if (state === 'queued') return leaveQueue(this.#recorder, id)
    if (state !== 'pausing') this.#active.pause(id)
    return this.settled(id)
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

  /**
   * Adds and removes tags of runs, all or none. Announces nothing: whoever changes a thousand knows what came of it.
   * @throws WorkbenchError `run-not-found`; `invalid-value` for more tags than a run may have.
   */
  changeTags(ids: readonly RunId[], change: TagChange): void {
    this.#workspace.write(() => ids.forEach((id) => this.#workspace.runs.changeTags(id, change)))
  }

  /** Replaces the notes of runs, all or none; announces nothing. @throws WorkbenchError `run-not-found`. */
  setNotes(ids: readonly RunId[], notes: string): void {
    this.#workspace.write(() => ids.forEach((id) => this.#workspace.runs.setNotes(id, notes)))
  }

  recolor(id: RunId, color: number): Run {
    return this.#recorder.update(id, { color })
  }

  /**
   * Moves a run to the trash, from where it can be restored whole. A queued run leaves the queue.
   * @throws WorkbenchError `run-busy` while it trains.
   */
  delete(id: RunId): Run {
    return this.#trash.delete(id)
  }

  /** Takes a run out of the trash. */
  restore(id: RunId): Run {
    return this.#trash.restore(id)
  }

  /**
   * Deletes a run in the trash for good, with history and checkpoints. Its exports stay.
   * @throws WorkbenchError `run-busy` while one of its checkpoints is exported, or awaited by a run that shall begin
   * with its weights.
   */
  async purge(id: RunId): Promise<undefined> {
    await this.#trash.purge(id)
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
    this.inspections.close()
    await Promise.all([this.#active.close(this.#closeTime), this.#exporter.close(), this.setup.close()])
    this.#announcer.flush()
  }
}
