import type { StartTrainer, TrainerProcess } from '../../contract/trainer-process.ts'
import type { FromTrainer, ToTrainer } from '../../contract/trainer-protocol.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import { doJob, startProcess, trainerJob } from './one-job.ts'

/** How long a process may live on after its last message, in milliseconds. */
const exitTime = 2000

export interface NewestJobOptions<Answer extends FromTrainer['type']> {
  readonly startTrainer: StartTrainer
  readonly threads: () => number | null
  /** The type of the message that answers the jobs. */
  readonly answer: Answer
  /** What the jobs make, in words: "preview". */
  readonly what: string
  /** Deadline of one job in milliseconds. */
  readonly time: number
}

/** Does jobs of one kind, one at a time, each in a process of its own. A newer request ends the older. */
export class NewestJob<Answer extends FromTrainer['type']> {
  readonly #options: NewestJobOptions<Answer>
  #newest = 0
  #previous: Promise<unknown> = Promise.resolve()
  /** Why requests before the newest are refused. */
  #overtaken: WorkbenchError
  #endPresent: ((reason: WorkbenchError) => void) | null = null
  #closed: WorkbenchError | null = null

  constructor(options: NewestJobOptions<Answer>) {
    this.#options = options
    this.#overtaken = this.#superseded()
  }

  /**
   * Does a job whose spec was checked; settles when the process is gone.
   * @throws WorkbenchError `run-busy` when a newer request took its place; `cancelled`; `trainer-died` when the process
   * died, took too long or Ablate was closed; what the trainer reports.
   */
  async do(job: ToTrainer): Promise<Extract<FromTrainer, { type: Answer }>> {
    const request = this.#overtake(this.#superseded())
    const done = this.#previous.then(() => this.#run(request, job))
    this.#previous = done.catch(() => {})
    return done
  }

  /** Ends a running job and refuses those that wait; resolves when the process is gone. */
  async cancel(): Promise<undefined> {
    this.#overtake(new WorkbenchError('cancelled', `The ${this.#options.what} was cancelled.`))
    await this.#previous
  }

  /** Ends a running job at once and refuses those that wait and those that come. */
  async close(): Promise<void> {
    const message = `The ${this.#options.what} was given up because Ablate was closed.`
    this.#closed = new WorkbenchError('trainer-died', message)
    this.#endPresent?.(this.#closed)
    await this.#previous
  }

  #overtake(reason: WorkbenchError): number {
    this.#overtaken = reason
    this.#endPresent?.(reason)
    return ++this.#newest
  }

  async #run(request: number, job: ToTrainer): Promise<Extract<FromTrainer, { type: Answer }>> {
    if (this.#closed) throw this.#closed
    if (request !== this.#newest) throw this.#overtaken
    const { startTrainer, threads } = this.#options
    return this.#converse(startProcess(startTrainer, threads()), job)
  }

  async #converse(trainer: TrainerProcess, job: ToTrainer): Promise<Extract<FromTrainer, { type: Answer }>> {
    const { answer, time } = this.#options
    let reason: WorkbenchError | null = null
    const end = (why: WorkbenchError): void => {
      reason ??= why
      trainer.kill()
    }
    this.#endPresent = end
    const timer = setTimeout(() => end(this.#tooLong()), time)
    try {
      return await doJob(trainer, { ...trainerJob(job), answer, exitTime })
    } catch (error) {
      throw reason ?? error
    } finally {
      clearTimeout(timer)
      this.#endPresent = null
    }
  }

  #superseded(): WorkbenchError {
    const { what } = this.#options
    return new WorkbenchError('run-busy', `A newer ${what} was asked for before this one was done.`)
  }

  #tooLong(): WorkbenchError {
    const { what, time } = this.#options
    const message = `The ${what} was not done within ${Math.round(time / 1000)} s, and its process was ended.`
    return new WorkbenchError('trainer-died', message)
  }
}
