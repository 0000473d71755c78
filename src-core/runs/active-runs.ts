import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { StartTrainer } from '../contract/trainer-process.ts'
import { WorkbenchError, toWireError, type WireError } from '../domain/errors.ts'
import type { RunId } from '../domain/ids.ts'
import type { Run } from '../domain/run.ts'
import { canTransition, isActive } from '../domain/run-status.ts'
import type { RecordedCheckpoint } from '../storage/records/checkpoints.ts'
import { recordedBest } from './checkpoints/best-validation.ts'
import { isPresent, setAsideGeneration } from './checkpoints/checkpoint-files.ts'
import { chooseResumePoint } from './checkpoints/resume-point.ts'
import { startOf } from './checkpoints/transfer-source.ts'
import { startProcess } from './jobs/one-job.ts'
import type { RunServiceListeners } from './listeners.ts'
import { interrupt } from './recovery.ts'
import { reorder } from './run-queue.ts'
import { isSettled, type RunRecorder } from './run-recorder.ts'
import { TrainerSession, type SessionResult, type SessionTimes } from './trainer-session.ts'
import { TrainingRecord } from './training-record.ts'

/** How long a killed process may take to be gone, in milliseconds. */
const killTime = 5000
/** Where a run without a checkpoint begins: before every value, also one of step 0. */
const beginning = { step: 0, epoch: 0, activeTime: 0, coveredStep: -1 }

export interface ActiveRunsOptions {
  readonly recorder: RunRecorder
  readonly startTrainer: StartTrainer
  readonly listeners: RunServiceListeners
  /** TensorFlow's thread count for runs that begin. */
  readonly threads: () => number | null
  readonly times: SessionTimes
  /** Whether an export or another run still needs this checkpoint. */
  readonly isInUse: (runId: RunId, checkpoint: RecordedCheckpoint) => boolean
  /** A place for another run has become free. */
  readonly onFree: () => void
}

interface ActiveRun {
  /** Null for a run that could not be started. */
  readonly session: TrainerSession | null
  /** Resolves when the process is gone and its end is recorded. */
  readonly done: Promise<unknown>
}

/** The runs that have a trainer process, from its start to its recorded end; a failed start counts as both. */
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
   * Starts a queued run from its newest checkpoint, or from step 0 when it never had one. History past that is deleted
   * before the trainer begins to compute it again. A run that cannot be started fails with the reason.
   */
  start(id: RunId): void {
    try {
      this.#begin(id)
    } catch (error) {
      const failStart = (): void => this.#failStart(id, toWireError(error))
      // Only in the next turn: whoever hears of the failure may resume the run at once.
      const done = Promise.resolve().then(() => this.#persist(failStart))
      this.#active.set(id, { session: null, done: done.then(() => this.#free(id)) })
    }
  }

  #begin(id: RunId): void {
    const { workspace } = this.#recorder
    const checkpoint = chooseResumePoint(this.#recorder, id)
    const startFrom = checkpoint ? null : startOf(workspace, this.#recorder.get(id).spec)
    const datasetDirectory = workspace.datasets.directoryOf(this.#recorder.get(id).spec.data.dataset)
    const run = this.#beginAt(id, checkpoint)
    const record = this.#recordOf(id)
    // A run goes on with the threads it began with: another count would give other last bits.
    const trainer = startProcess(this.#options.startTrainer, workspace.runs.requestedThreads(id))
    const checkpointsDirectory = workspace.checkpointsDirectory(id)
    const resumeFrom = checkpoint ? join(checkpointsDirectory, checkpoint.directory) : null
    const { spec } = run
    const job = { type: 'train', spec, datasetDirectory, checkpointsDirectory, resumeFrom, startFrom } as const
    const session = new TrainerSession(trainer, job, record, this.#options.times)
    const recorded = session.result.then((result) =>
      this.#persist(() => this.#applyResult(id, record, checkpoint, result)),
    )
    const done = Promise.all([session.exited, recorded]).then(() => this.#free(id))
    this.#active.set(id, { session, done })
  }

  #recordOf(id: RunId): TrainingRecord {
    const isInUse = (checkpoint: RecordedCheckpoint): boolean => this.#options.isInUse(id, checkpoint)
    return new TrainingRecord(id, this.#recorder, this.#options.listeners, isInUse)
  }

  #failStart(id: RunId, error: WireError): void {
    const { state } = this.#recorder.get(id)
    // While this was tried again, the user may have taken the run out of the queue.
    if (isSettled(state)) return
    if (state === 'queued') this.#recorder.change(id, { to: 'preparing', message: 'Prepares to start.' })
    this.#recordOf(id).failed(error)
  }

  #free(id: RunId): void {
    this.#active.delete(id)
    this.#options.onFree()
  }

  /** Makes run, history and checkpoint agree, in one transaction, and answers the run. */
  #beginAt(id: RunId, checkpoint: RecordedCheckpoint | null): Run {
    const { workspace, now } = this.#recorder
    const { startedAt, spec } = this.#recorder.get(id)
    const { step, epoch, activeTime, coveredStep } = checkpoint ?? beginning
    const best = recordedBest(workspace.metrics, id, spec.training.selection, coveredStep)
    let deleted = 0
    const run = this.#recorder.change(id, {
      to: 'preparing',
      patch: {
        ...{ step, epoch, activeTime, best },
        ...{ startedAt: startedAt ?? now(), endedAt: null, error: null, weightsSha256: null },
      },
      message: checkpoint ? `Prepares to go on from the checkpoint at step ${step}.` : 'Prepares to begin at step 0.',
      also: () => {
        deleted = workspace.metrics.rewindTo(id, coveredStep) + workspace.artifacts.rewindTo(id, coveredStep)
        if (!checkpoint) workspace.runs.setRequestedThreads(id, this.#options.threads())
      },
    })
    if (deleted > 0) this.#options.listeners.metricsRewound?.(id, Math.max(0, coveredStep))
    return run
  }

  /**
   * Asks for a pause; the run becomes paused once it is durable.
   * @throws WorkbenchError `illegal-transition`.
   */
  pause(id: RunId): void {
    this.#recorder.change(id, { to: 'pausing', message: 'Pause requested.' })
    this.#active.get(id)?.session?.pause()
  }

  /**
   * Asks for the end; the run becomes stopped once its last checkpoint is durable.
   * @throws WorkbenchError `illegal-transition`.
   */
  stop(id: RunId): void {
    this.#recorder.change(id, { to: 'stopping', message: 'Stop requested.' })
    this.#active.get(id)?.session?.stop()
  }

  /** Pauses what trains; what has not paused after `deadline` milliseconds is killed and recorded as interrupted. */
  async close(deadline: number): Promise<void> {
    for (const [id, { session }] of this.#active) {
      try {
        if (canTransition(this.#recorder.get(id).state, 'pausing')) this.pause(id)
      } catch {
        // Where not even the wish can be recorded, as on a full disk, no pause can be durable.
        session?.interrupt()
      }
    }
    await this.#allGone(deadline)
    for (const { session } of this.#active.values()) session?.interrupt()
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

  /** Records how a run ended; while that fails, which is told once, it is tried again. */
  async #persist(recordEnd: () => void): Promise<void> {
    for (let attempt = 1; !this.#givenUp; attempt++) {
      try {
        return recordEnd()
      } catch (error) {
        const message = `The end of a run could not be recorded yet: ${toWireError(error).message}`
        if (attempt === 1) this.#options.listeners.notice?.('error', message)
        await delay(this.#options.times.retry)
      }
    }
  }

  #applyResult(id: RunId, record: TrainingRecord, resumedFrom: RecordedCheckpoint | null, result: SessionResult): void {
    // An attempt before may have thrown only after it had recorded the end.
    if (!isActive(this.#recorder.get(id).state)) return
    if (result.kind === 'interrupted') return void interrupt(this.#recorder, id, 'Ablate was closed')
    if (result.kind === 'ended') return this.#applyEnd(record, result)
    const damaged = result.error.code === 'checkpoint-damaged' && !result.trained ? resumedFrom : null
    if (damaged && this.#fallBack(id, damaged)) return
    record.failed(damaged ? withAdvice(result.error) : result.error)
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
   * Sets a damaged checkpoint aside and goes on from an older one at once, unless the run was meanwhile asked to pause
   * or stop. Answers whether there is an older one; if not, the damaged one stays, so that no resume begins anew.
   */
  #fallBack(id: RunId, damaged: RecordedCheckpoint): boolean {
    const { workspace } = this.#recorder
    const runDirectory = workspace.checkpointsDirectory(id)
    const others = workspace.checkpoints.list(id).filter(({ directory }) => directory !== damaged.directory)
    const older = others.find((checkpoint) => isPresent(runDirectory, checkpoint))
    if (!older) return false
    const path = setAsideGeneration(runDirectory, damaged.directory)
    const { state, name } = this.#recorder.get(id)
    const to = state === 'pausing' ? 'paused' : state === 'stopping' ? 'stopped' : 'queued'
    const also = (): void => {
      workspace.checkpoints.remove(id, [damaged.directory])
      const message = `The checkpoint at step ${damaged.step} is damaged; it was set aside as ${path}.`
      this.#recorder.note(id, 'error', message)
    }
    this.#recorder.change(id, { to, message: `Goes back to the checkpoint at step ${older.step}.`, also })
    if (to === 'queued') this.#recorder.writeQueue(reorder(workspace.runs.queue(), id, 0))
    this.#options.listeners.notice?.(
      'warning',
      `The newest checkpoint of "${name}" is damaged. The run goes back to the one before, at step ${older.step}.`,
    )
    return true
  }
}

function withAdvice(error: WireError): WireError {
  const advice =
    'The run has no other, so nothing was moved or deleted. ' +
    'Put an intact copy back and resume, or start a new run with the same settings.'
  return { ...error, message: `${error.message} ${advice}` }
}
