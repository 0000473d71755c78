import type { FromTrainer } from '../contract/trainer-protocol.ts'
import type { CheckpointInfo } from '../domain/checkpoint.ts'
import type { Environment } from '../domain/environment.ts'
import { toWireError, WorkbenchError, type WireError } from '../domain/errors.ts'
import type { Artifact, ArtifactHeader, FiltersArtifact } from '../domain/evaluation/artifact.ts'
import type { RunId } from '../domain/ids.ts'
import { metricNames, type StepRecord } from '../domain/metrics.ts'
import { activeStates, canTransition, type RunState } from '../domain/run-status.ts'
import { planPrune, type RecordedCheckpoint } from '../storage/records/checkpoints.ts'
import type { RunPatch } from '../storage/records/run-rows.ts'
import { raiseBest } from './checkpoints/best-validation.ts'
import { removeGeneration, requireWritten } from './checkpoints/checkpoint-files.ts'
import type { RunServiceListeners } from './listeners.ts'
import type { RunRecorder, StateChange } from './run-recorder.ts'

type Started = Extract<FromTrainer, { type: 'started' }>
type Ended = Extract<FromTrainer, { type: 'ended' }>

const outcomeWords = {
  finished: 'Finished',
  paused: 'Paused',
  stopped: 'Stopped',
  diverged: 'Diverged: a loss or a weight is no longer a finite number',
} as const

/** What one trainer's messages do to the record of its run. */
export class TrainingRecord {
  readonly #runId: RunId
  readonly #recorder: RunRecorder
  readonly #listeners: RunServiceListeners
  readonly #isInUse: (checkpoint: RecordedCheckpoint) => boolean
  readonly #startStep: number
  /** Whether it was told that kernels could not be written: once is enough. */
  #toldOfFilters = false

  /** `isInUse` names checkpoints that must outlive pruning: exported just now, or awaited by another run. */
  constructor(
    runId: RunId,
    recorder: RunRecorder,
    listeners: RunServiceListeners,
    isInUse: (checkpoint: RecordedCheckpoint) => boolean,
  ) {
    this.#runId = runId
    this.#recorder = recorder
    this.#listeners = listeners
    this.#isInUse = isInUse
    this.#startStep = recorder.get(runId).step
  }

  get #workspace() {
    return this.#recorder.workspace
  }

  /** TensorFlow is loaded; on another machine or with other threads the numbers go on with other last bits. */
  ready(environment: Environment): void {
    const before = this.#recorder.get(this.#runId).environment
    this.#recorder.update(this.#runId, { environment })
    if (!before || this.#startStep === 0) return
    const differing = (['tensorflow', 'device', 'deviceName', 'threads', 'cpu', 'kernels'] as const).filter(
      (key) => before[key] !== environment[key],
    )
    if (differing.length === 0) return
    const changes = differing.map((key) => `${key} ${before[key] ?? 'unknown'} -> ${environment[key]}`).join(', ')
    this.#recorder.note(this.#runId, 'note', `Goes on in another environment: ${changes}.`)
  }

  preparing(stage: string): void {
    this.#recorder.note(this.#runId, 'note', stage)
  }

  /** @throws WorkbenchError `trainer-protocol` when the trainer begins at another step than it was told. */
  started({ type: _type, best: _best, ...facts }: Started): void {
    if (facts.step !== this.#startStep) {
      const message = `The trainer began at step ${facts.step} instead of ${this.#startStep}.`
      throw new WorkbenchError('trainer-protocol', message, { step: facts.step, expected: this.#startStep })
    }
    const { state } = this.#recorder.get(this.#runId)
    const message = `Trains from step ${facts.step} of ${facts.totalSteps}.`
    if (state === 'preparing') this.#recorder.change(this.#runId, { to: 'running', patch: facts, message })
    else this.#recorder.update(this.#runId, facts)
  }

  /** Commits values and the progress that they show, then tells the listeners. */
  append(records: readonly StepRecord[]): void {
    if (records.length === 0) return
    this.#workspace.write(() => this.#writeValues(records))
    this.#tell(records)
  }

  #writeValues(records: readonly StepRecord[]): void {
    if (records.length === 0) return
    this.#workspace.metrics.append(this.#runId, records)
    this.#workspace.runs.update(this.#runId, this.#progressAfter(records))
  }

  /**
   * Commits an artifact with the values before it. One that is refused is left out with a line in the log: a picture
   * is not worth a run.
   */
  artifact(artifact: Artifact, records: readonly StepRecord[]): void {
    if (artifact.kind === 'filters') return this.#filters(artifact, records)
    const header = this.#workspace.write(() => {
      this.#writeValues(records)
      return this.#addArtifact(artifact)
    })
    if (records.length > 0) this.#tell(records)
    if (header) this.#listeners.artifactRecorded?.(this.#runId, header)
  }

  /** Kernels are committed after the values, not with them: whatever keeps them from the record, the run trains on. */
  #filters(artifact: FiltersArtifact, records: readonly StepRecord[]): void {
    this.append(records)
    try {
      const header = this.#workspace.write(() => this.#addArtifact(artifact))
      if (header) this.#listeners.artifactRecorded?.(this.#runId, header)
    } catch (error) {
      if (this.#toldOfFilters) return
      this.#toldOfFilters = true
      const what = `The kernels of "${this.#recorder.get(this.#runId).name}" at step ${artifact.step}`
      const why = toWireError(error).message
      this.#listeners.notice?.('warning', `${what} could not be recorded: ${why} The run trains on without them.`)
    }
  }

  #addArtifact(artifact: Artifact): ArtifactHeader | null {
    try {
      return this.#workspace.artifacts.add(this.#runId, artifact)
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'invalid-value') throw error
      this.#recorder.note(this.#runId, 'error', `${error.code}: ${error.message} It was left out.`)
      return null
    }
  }

  /**
   * Commits a checkpoint with the values that it covers. When this returns, both survive any crash.
   * @throws WorkbenchError `checkpoint-missing`, `checkpoint-damaged`, `disk-full`.
   */
  checkpoint(checkpoint: CheckpointInfo, records: readonly StepRecord[]): void {
    const { step, epoch, activeTime } = checkpoint
    requireWritten(this.#workspace.checkpointsDirectory(this.#runId), checkpoint)
    this.#workspace.write(() => {
      const patch = { ...this.#progressAfter(records), step, epoch, activeTime }
      this.#workspace.checkpoints.commit(this.#runId, checkpoint, records, patch)
      this.#recorder.note(this.#runId, 'checkpoint', `Checkpoint at step ${step} (${checkpoint.reason}).`)
    })
    this.#tell(records)
  }

  /**
   * Where the run stands after these values. The best result comes from them and not from the trainer's checkpoints:
   * none follows an evaluation that was redone after a pause.
   */
  #progressAfter(records: readonly StepRecord[]): RunPatch {
    const last = records.at(-1)
    if (!last) return {}
    const rates = records.map(({ metrics }) => metrics[metricNames.imagesPerSecond])
    const imagesPerSecond = rates.findLast((rate) => rate !== undefined && Number.isFinite(rate))
    const { step, epoch, activeTime } = last
    const run = this.#recorder.get(this.#runId)
    const best = raiseBest(run.best, records, run.spec.training.selection)
    return { step, epoch, activeTime, best, ...(imagesPerSecond === undefined ? {} : { imagesPerSecond }) }
  }

  #tell(records: readonly StepRecord[]): void {
    if (records.length > 0) this.#listeners.metricsAppended?.(this.#runId, records)
    this.#recorder.progressed(this.#runId)
  }

  /** Forgets old checkpoints, then removes their folders: never the other way round. */
  prune(): void {
    const { checkpoints } = this.#workspace
    const runDirectory = this.#workspace.checkpointsDirectory(this.#runId)
    const bestStep = this.#recorder.get(this.#runId).best?.step ?? null
    const old = planPrune(checkpoints.list(this.#runId), bestStep)
    const directories = old.filter((checkpoint) => !this.#isInUse(checkpoint)).map(({ directory }) => directory)
    if (directories.length === 0) return
    checkpoints.remove(this.#runId, directories)
    for (const directory of directories) {
      removeGeneration(runDirectory, directory).catch((error: Error) =>
        this.#listeners.notice?.('warning', `An old checkpoint could not be removed: ${error.message}`),
      )
    }
  }

  /** @throws WorkbenchError `trainer-protocol` when the outcome cannot follow from where the run is. */
  ended({ outcome, step, weightsSha256, note }: Ended): void {
    const { state } = this.#recorder.get(this.#runId)
    // Somebody who asks for a stop after a pause gets the stop: the checkpoint is the same.
    const to = state === 'stopping' && outcome === 'paused' ? 'stopped' : outcome
    if (to === 'paused') this.#requireDurable(step)
    const ended = to === 'paused' ? {} : { endedAt: this.#recorder.now() }
    const patch = { step, weightsSha256, ...ended }
    const message = `${outcomeWords[to]} at step ${step}.`
    if (to === 'diverged') return this.#diverged(patch, message, note)
    const also = (): void => {
      if (note !== null) this.#recorder.note(this.#runId, 'note', note)
    }
    this.#reach(to, { patch, message, also })
  }

  /** The newest checkpoint was written while everything was finite: it is marked and stays. */
  #diverged(patch: RunPatch, message: string, note: string | null): void {
    const newest = this.#workspace.checkpoints.newest(this.#runId)
    const kept = newest ? `The last finite checkpoint, at step ${newest.step}, is kept.` : 'It has no checkpoint.'
    const reason = note === null ? kept : `${note} ${kept}`
    const error = { code: 'diverged', message: note === null ? `${message} ${reason}` : reason } as const
    const also = (): void => {
      this.#workspace.checkpoints.markLastFinite(this.#runId)
      this.#recorder.note(this.#runId, 'error', reason)
    }
    this.#reach('diverged', { patch: { ...patch, error }, message, also })
  }

  #requireDurable(step: number): void {
    const newest = this.#workspace.checkpoints.newest(this.#runId)
    if (step === this.#startStep || newest?.step === step) return
    const message = `The trainer paused at step ${step} without a checkpoint of it.`
    throw new WorkbenchError('trainer-protocol', message, { step })
  }

  failed(error: WireError): void {
    const { state, checkpointStep } = this.#recorder.get(this.#runId)
    const from = checkpointStep === null ? 'from the beginning' : `from step ${checkpointStep}`
    const to: RunState = canTransition(state, 'failed') ? 'failed' : 'interrupted'
    this.#recorder.note(this.#runId, 'error', `${error.code}: ${error.message}`)
    const patch = { error, endedAt: this.#recorder.now() }
    this.#recorder.change(this.#runId, { to, patch, message: `Failed. It can be resumed ${from}.` })
  }

  /** Goes to a state, through an active one where the table of transitions has no direct way. */
  #reach(to: RunState, change: Omit<StateChange, 'to'>): void {
    const { state } = this.#recorder.get(this.#runId)
    if (!canTransition(state, to)) {
      const between = activeStates.find((active) => canTransition(state, active) && canTransition(active, to))
      if (!between)
        throw new WorkbenchError('trainer-protocol', `The trainer answered ${to} to a run that is ${state}.`)
      this.#recorder.change(this.#runId, { to: between, message: 'The trainer ends by itself.' })
    }
    this.#recorder.change(this.#runId, { to, ...change })
  }
}
