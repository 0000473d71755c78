import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { StartTrainer, TrainerProcess } from '../contract/trainer-process.ts'
import { WorkbenchError, toWireError } from '../domain/errors.ts'
import type { RunId } from '../domain/ids.ts'
import type { Run } from '../domain/run.ts'
import { canTransition } from '../domain/run-status.ts'
import type { RecordedCheckpoint } from '../storage/records/checkpoints.ts'
import { isPresent, leftovers, removeNamed, setAsideGeneration } from './checkpoint-files.ts'
import type { RunServiceListeners } from './listeners.ts'
import { interrupt } from './recovery.ts'
import { reorder } from './run-queue.ts'
import type { RunRecorder } from './run-recorder.ts'
import { TrainerSession, type SessionResult, type SessionTimes } from './trainer-session.ts'
import { TrainingRecord } from './training-record.ts'

/** How long a killed process may take to be gone, in milliseconds. */
const killTime = 5000

export interface ActiveRunsOptions {
  readonly recorder: RunRecorder
  readonly startTrainer: StartTrainer
  readonly listeners: RunServiceListeners
  /** TensorFlow's thread count for runs that begin. */
  readonly threads: () => number | null
  readonly times: SessionTimes
  /** Whether an export still reads this checkpoint. */
  readonly isExporting: (runId: RunId, directory: string) => boolean
  /** A place for another run has become free. */
  readonly onFree: () => void
}

interface ActiveRun {
  readonly session: TrainerSession
  /** Resolves when the process is gone and its end is recorded. */
  readonly done: Promise<unknown>
}

/** The runs that have a trainer process, from its start to its recorded end. */
export class ActiveRuns {
  readonly #options: ActiveRunsOptions
  readonly #active = new Map<RunId, ActiveRun>()
  #givenUp = false

  constructor(options: ActiveRunsOptions) {
    this.#options = options
  }

  get #recorder(): RunRecorder {
    return this.#options.recorder
  }

  get count(): number {
    return this.#active.size
  }

  has(id: RunId): boolean {
    return this.#active.has(id)
  }

  /** Resolves when the run has no process any more. */
  async gone(id: RunId): Promise<void> {
    await this.#active.get(id)?.done
  }

  /**
   * Starts a queued run from its newest checkpoint, or from step 0 when it has none. History past that is deleted
   * before the trainer begins to compute it again.
   * @throws WorkbenchError `disk-full`; a process that cannot be started makes the run fail instead.
   */
  start(id: RunId): void {
    const { workspace } = this.#recorder
    const checkpoint = this.#chooseCheckpoint(id)
    const run = this.#beginAt(id, checkpoint)
    const isInUse = (directory: string): boolean => this.#options.isExporting(id, directory)
    const record = new TrainingRecord(id, this.#recorder, this.#options.listeners, isInUse)
    const trainer = this.#spawn(id, record)
    if (!trainer) return
    const checkpointsDirectory = workspace.checkpointsDirectory(id)
    const resumeFrom = checkpoint ? join(checkpointsDirectory, checkpoint.directory) : null
    const job = { type: 'train', spec: run.spec, checkpointsDirectory, resumeFrom } as const
    const session = new TrainerSession(trainer, job, record, this.#options.times)
    const recorded = session.result.then((result) => this.#recordResult(id, record, checkpoint, result))
    const done = Promise.all([session.exited, recorded]).then(() => this.#free(id))
    this.#active.set(id, { session, done })
  }

  #free(id: RunId): void {
    this.#active.delete(id)
    this.#options.onFree()
  }

  /** The newest checkpoint that is there. Rows without a folder and folders without a row go. */
  #chooseCheckpoint(id: RunId): RecordedCheckpoint | null {
    const { workspace } = this.#recorder
    const { checkpoints } = workspace
    const runDirectory = workspace.checkpointsDirectory(id)
    const recorded = checkpoints.list(id)
    const present = recorded.filter((checkpoint) => isPresent(runDirectory, checkpoint))
    const missing = recorded.filter((checkpoint) => !present.includes(checkpoint)).map(({ directory }) => directory)
    if (missing.length > 0) {
      checkpoints.remove(id, missing)
      this.#recorder.note(id, 'error', `Checkpoints are missing on the disk: ${missing.join(', ')}.`)
    }
    const { unfinished, orphans } = leftovers(
      runDirectory,
      present.map(({ directory }) => directory),
    )
    removeNamed(runDirectory, [...unfinished, ...orphans])
    return present[0] ?? null
  }

  /** Makes run, history and checkpoint agree, in one transaction, and answers the run. */
  #beginAt(id: RunId, checkpoint: RecordedCheckpoint | null): Run {
    const { workspace, now } = this.#recorder
    const { startedAt } = this.#recorder.get(id)
    const { step, epoch, activeTime, best } = checkpoint ?? { step: 0, epoch: 0, activeTime: 0, best: null }
    let deleted = 0
    const run = this.#recorder.change(id, {
      to: 'preparing',
      patch: {
        ...{ step, epoch, activeTime, best },
        ...{ startedAt: startedAt ?? now(), endedAt: null, error: null, weightsSha256: null },
      },
      message: checkpoint ? `Prepares to go on from the checkpoint at step ${step}.` : 'Prepares to begin at step 0.',
      also: () => {
        deleted = workspace.metrics.rewindTo(id, checkpoint?.coveredStep ?? -1)
        if (!checkpoint) workspace.runs.setRequestedThreads(id, this.#options.threads())
      },
    })
    if (deleted > 0) this.#options.listeners.metricsRewound?.(id, checkpoint?.coveredStep ?? 0)
    return run
  }

  #spawn(id: RunId, record: TrainingRecord): TrainerProcess | null {
    try {
      // A run goes on with the threads it began with: another count would give other last bits.
      return this.#options.startTrainer({ threads: this.#recorder.workspace.runs.requestedThreads(id) })
    } catch (error) {
      const message = `The trainer process could not be started: ${toWireError(error).message}`
      record.failed({ code: 'trainer-died', message })
      return null
    }
  }

  /**
   * Asks for a pause; the run becomes paused once it is durable.
   * @throws WorkbenchError `illegal-transition`.
   */
  pause(id: RunId): void {
    this.#recorder.change(id, { to: 'pausing', message: 'Pause requested.' })
    this.#active.get(id)?.session.pause()
  }

  /**
   * Asks for the end; the run becomes stopped once its last checkpoint is durable.
   * @throws WorkbenchError `illegal-transition`.
   */
  stop(id: RunId): void {
    this.#recorder.change(id, { to: 'stopping', message: 'Stop requested.' })
    this.#active.get(id)?.session.stop()
  }

  /** Pauses what trains; what has not paused after `deadline` milliseconds is killed and recorded as interrupted. */
  async close(deadline: number): Promise<void> {
    for (const [id] of this.#active) {
      if (canTransition(this.#recorder.get(id).state, 'pausing')) this.pause(id)
    }
    await this.#allGone(deadline)
    for (const { session } of this.#active.values()) session.interrupt()
    await this.#allGone(killTime)
    this.#givenUp = true
  }

  async #allGone(deadline: number): Promise<void> {
    const waiting = new AbortController()
    const done = Promise.all([...this.#active.values()].map((active) => active.done))
    const tooLong = delay(deadline, undefined, { signal: waiting.signal }).catch(() => {})
    await Promise.race([done, tooLong])
    waiting.abort()
  }

  /** Records how a session ended; while that fails, which is told once, it is tried again. */
  async #recordResult(
    id: RunId,
    record: TrainingRecord,
    resumedFrom: RecordedCheckpoint | null,
    result: SessionResult,
  ): Promise<void> {
    for (let attempt = 1; !this.#givenUp; attempt++) {
      try {
        return this.#applyResult(id, record, resumedFrom, result)
      } catch (error) {
        const message = `The end of a run could not be recorded yet: ${toWireError(error).message}`
        if (attempt === 1) this.#options.listeners.notice?.('error', message)
        await delay(this.#options.times.retry)
      }
    }
  }

  #applyResult(id: RunId, record: TrainingRecord, resumedFrom: RecordedCheckpoint | null, result: SessionResult): void {
    if (result.kind === 'interrupted') return void interrupt(this.#recorder, id, 'Ablate was closed')
    if (result.kind === 'ended') return this.#applyEnd(record, result)
    const damaged = result.error.code === 'checkpoint-damaged' && !result.trained ? resumedFrom : null
    if (damaged && this.#fallBack(id, damaged)) return
    record.failed(result.error)
  }

  #applyEnd(record: TrainingRecord, { message }: Extract<SessionResult, { kind: 'ended' }>): void {
    try {
      record.ended(message)
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'trainer-protocol') throw error
      record.failed(toWireError(error))
    }
  }

  /**
   * Sets a damaged checkpoint aside. Answers whether there is an older one; then the run goes on from that at once,
   * unless it was meanwhile asked to pause or stop.
   */
  #fallBack(id: RunId, damaged: RecordedCheckpoint): boolean {
    const { workspace } = this.#recorder
    const runDirectory = workspace.checkpointsDirectory(id)
    workspace.checkpoints.remove(id, [damaged.directory])
    const path = setAsideGeneration(runDirectory, damaged.directory)
    this.#recorder.note(id, 'error', `The checkpoint at step ${damaged.step} is damaged; it was set aside as ${path}.`)
    const older = workspace.checkpoints.list(id).find((checkpoint) => isPresent(runDirectory, checkpoint))
    if (!older) return false
    const { state, name } = this.#recorder.get(id)
    const to = state === 'pausing' ? 'paused' : state === 'stopping' ? 'stopped' : 'queued'
    this.#recorder.change(id, { to, message: `Goes back to the checkpoint at step ${older.step}.` })
    if (to === 'queued') this.#recorder.writeQueue(reorder(workspace.runs.queue(), id, 0))
    this.#options.listeners.notice?.(
      'warning',
      `The newest checkpoint of "${name}" is damaged. The run goes back to the one before, at step ${older.step}.`,
    )
    return true
  }
}
