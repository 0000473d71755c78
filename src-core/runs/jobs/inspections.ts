import { join } from 'node:path'
import type { StartTrainer, TrainerProcess } from '../../contract/trainer-process.ts'
import {
  fromTrainerSchema,
  type FromTrainer,
  type ImagesJob,
  type InspectJob,
} from '../../contract/trainer-protocol.ts'
import { fromWireError, WorkbenchError } from '../../domain/errors.ts'
import type { RunId } from '../../domain/ids.ts'
import type { z } from 'zod'
import type { Pictures } from '../../domain/evaluation/artifact.ts'
import type { AnswerTo, imagesAnswerSchema, Predictions } from '../../domain/inspection/answers.ts'
import type { InspectedPart, Question } from '../../domain/inspection/questions.ts'
import type { Run } from '../../domain/run.ts'
import type { RecordedCheckpoint } from '../../storage/records/checkpoints.ts'
import type { Workspace } from '../../storage/workspace.ts'
import { isPresent } from '../checkpoints/checkpoint-files.ts'
import { runNotFound } from '../../storage/records/runs.ts'
import { startProcess } from './one-job.ts'
import { describeDeath, parseMessage } from './process-messages.ts'

/** How long the process waits for another question, in milliseconds: loading TensorFlow takes seconds. */
const defaultIdleTime = 60_000
/** Predictions that are kept: those of two dozen checkpoints. */
const keptPredictions = 24
/** One thread: what trains at the same time keeps the others. */
const threads = 1

/** A question that waits for its answer. */
interface Waiting {
  readonly asker: string
  readonly job: InspectJob | ImagesJob
  resolve(answer: unknown): void
  reject(error: unknown): void
}

export interface InspectionOptions {
  readonly workspace: Pick<Workspace, 'runs' | 'checkpoints' | 'checkpointsDirectory' | 'datasets'>
  readonly startTrainer: StartTrainer
  readonly idleTime?: number | undefined
}

/** An answer with the step of the checkpoint that it is about. */
export type Inspected<Kind extends Question['kind']> = AnswerTo<Kind> & { readonly step: number }

/**
 * Asks trained networks, in one process of its own that stays a while for the next question. It reads checkpoints
 * only, so that a run that trains goes on. Questions wait here, and the process gets one at a time: what is given up
 * then costs nothing any more. `asker` is who asks, by any name.
 */
export class Inspections {
  readonly #options: InspectionOptions
  /** In the order in which they are put. */
  readonly #waiting = new Map<number, Waiting>()
  #process: TrainerProcess | null = null
  #isReady = false
  /** What the process works at; also when nobody waits for it any more. */
  #current: number | null = null
  #idle: NodeJS.Timeout | undefined
  #nextId = 1
  #closed = false
  /** Predictions by checkpoint and part, the oldest first: a checkpoint never changes. */
  readonly #predictions = new Map<string, Predictions>()

  constructor(options: InspectionOptions) {
    this.#options = options
  }

  /**
   * Asks the checkpoint of a run at a step, the newest at or before it; null asks the newest of all.
   * @throws WorkbenchError `run-not-found`; `checkpoint-missing`; `checkpoint-damaged`; `image-unreadable`;
   * `cancelled`; `trainer-died`; what the question itself throws.
   */
  async ask<Asked extends Question>(
    asker: string,
    runId: RunId,
    step: number | null,
    question: Asked,
  ): Promise<Inspected<Asked['kind']>> {
    if (this.#closed) throw cancelled()
    const { workspace } = this.#options
    const { run, checkpoint } = this.#find(runId, step)
    const answer = await this.#put(asker, {
      type: 'inspect',
      id: this.#nextId++,
      spec: run.spec,
      datasetDirectory: workspace.datasets.directoryOf(run.spec.data.dataset),
      checkpointDirectory: join(workspace.checkpointsDirectory(run.id), checkpoint.directory),
      question,
    })
    return { ...(answer as AnswerTo<Asked['kind']>), step: checkpoint.step }
  }

  /**
   * Images of a data set by their places.
   * @throws WorkbenchError `dataset-missing`, `dataset-damaged`, `invalid-value`, `cancelled`, `trainer-died`.
   */
  async images(asker: string, dataset: string, part: 'train' | 'test', indices: readonly number[]): Promise<Pictures> {
    if (this.#closed) throw cancelled()
    const datasetDirectory = this.#options.workspace.datasets.directoryOf(dataset)
    const id = this.#nextId++
    const job: ImagesJob = { type: 'read-images', id, dataset, datasetDirectory, part, indices: [...indices] }
    const answer = await this.#put(asker, job)
    return (answer as z.infer<typeof imagesAnswerSchema>).images
  }

  /**
   * As `ask` for `predictions`; the last answers are kept.
   * @throws as `ask`
   */
  async predictions(
    asker: string,
    runId: RunId,
    step: number | null,
    part: InspectedPart,
  ): Promise<Inspected<'predictions'>> {
    const { checkpoint } = this.#find(runId, step)
    const key = `${checkpoint.manifestSha256} ${part}`
    const known = this.#predictions.get(key)
    if (known) return { ...known, step: checkpoint.step }
    const answer = await this.ask(asker, runId, checkpoint.step, { kind: 'predictions', part })
    const { step: answered, ...predictions } = answer
    this.#predictions.set(key, predictions)
    if (this.#predictions.size > keptPredictions) this.#predictions.delete(this.#predictions.keys().next().value!)
    return { ...predictions, step: answered }
  }

  /** Whether a question about this checkpoint waits or is being answered. */
  isInUse(runId: RunId, directory: string): boolean {
    const key = join(this.#options.workspace.checkpointsDirectory(runId), directory)
    return [...this.#waiting.values()].some(({ job }) => job.type === 'inspect' && job.checkpointDirectory === key)
  }

  /** Gives up the questions of an asker. The process ends only when it works for nobody else. */
  cancel(asker: string): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.asker !== asker) continue
      this.#waiting.delete(id)
      waiting.reject(cancelled())
    }
    if (this.#waiting.size === 0 && this.#current !== null) this.#end(null)
  }

  close(): void {
    this.#closed = true
    this.#end(cancelled())
  }

  #find(runId: RunId, step: number | null): { run: Run; checkpoint: RecordedCheckpoint } {
    const run = this.#options.workspace.runs.find(runId)
    if (!run) throw runNotFound(runId)
    return { run, checkpoint: this.#checkpointOf(run, step) }
  }

  #checkpointOf(run: Run, step: number | null): RecordedCheckpoint {
    const { workspace } = this.#options
    const directory = workspace.checkpointsDirectory(run.id)
    // Newest first.
    const kept = workspace.checkpoints.list(run.id).filter((checkpoint) => isPresent(directory, checkpoint))
    const found = step === null ? kept[0] : (kept.find((one) => one.step <= step) ?? kept.at(-1))
    if (found) return found
    const message = `"${run.name}" has no checkpoint yet: train it, then pause it or let it finish.`
    throw new WorkbenchError('checkpoint-missing', message, { runId: run.id })
  }

  #put(asker: string, job: InspectJob | ImagesJob): Promise<unknown> {
    clearTimeout(this.#idle)
    const answered = new Promise((resolve, reject) => {
      this.#waiting.set(job.id, { asker, job, resolve, reject })
    })
    this.#process ??= this.#start()
    this.#sendNext()
    return answered
  }

  /** Sends the question that has waited longest, if the process can take one. */
  #sendNext(): void {
    if (!this.#isReady || this.#current !== null) return
    const [next] = this.#waiting.values()
    if (next) {
      this.#current = next.job.id
      this.#process!.send(next.job)
    } else this.#idle = setTimeout(() => this.#end(null), this.#options.idleTime ?? defaultIdleTime).unref()
  }

  #start(): TrainerProcess {
    const process = startProcess(this.#options.startTrainer, threads)
    process.onMessage((raw) => {
      if (process !== this.#process) return
      try {
        this.#receive(parseMessage(fromTrainerSchema, 'trainer', raw))
      } catch (error) {
        this.#end(error)
      }
    })
    process.onExit((exit) => {
      if (process === this.#process) this.#end(fromWireError(describeDeath(exit)))
    })
    return process
  }

  #receive(message: FromTrainer): void {
    if (message.type === 'ready') {
      this.#isReady = true
      this.#sendNext()
    } else if (message.type === 'inspected') this.#settle(message.id, ({ resolve }) => resolve(message.answer))
    else if (message.type === 'not-inspected')
      this.#settle(message.id, ({ reject }) => reject(fromWireError(message.error)))
    else if (message.type === 'failed') this.#end(fromWireError(message.error))
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (id === this.#current) this.#current = null
    if (waiting) how(waiting)
    this.#sendNext()
  }

  /** Ends the process; what still waits fails with the reason. */
  #end(reason: unknown): void {
    clearTimeout(this.#idle)
    const process = this.#process
    this.#process = null
    this.#isReady = false
    this.#current = null
    for (const { reject } of this.#waiting.values()) reject(reason ?? cancelled())
    this.#waiting.clear()
    process?.kill()
  }
}

function cancelled(): WorkbenchError {
  return new WorkbenchError('cancelled', 'The question to the trained network was given up.')
}
