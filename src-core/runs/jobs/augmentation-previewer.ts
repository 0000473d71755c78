import type { StartTrainer, TrainerProcess } from '../../contract/trainer-process.ts'
import type { ToTrainer } from '../../contract/trainer-protocol.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { AugmentationPreview } from '../../domain/evaluation/artifact.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { doJob, startProcess, trainerJob } from './one-job.ts'

type PreviewJob = Extract<ToTrainer, { type: 'preview' }>

/** How long a preview may take, in milliseconds. */
export const defaultPreviewTime = 60_000

/** How long a previewing process may live on after its last message, in milliseconds. */
const exitTime = 2000

/** Draws previews of augmentation, one at a time, each in a process of its own. A newer request ends the older. */
export class AugmentationPreviewer {
  readonly #startTrainer: StartTrainer
  readonly #threads: () => number | null
  readonly #time: number
  #newest = 0
  #previous: Promise<unknown> = Promise.resolve()
  #endPresent: ((reason: WorkbenchError) => void) | null = null
  #closed = false

  /** `time` is the deadline of one preview in milliseconds. */
  constructor(startTrainer: StartTrainer, threads: () => number | null, time = defaultPreviewTime) {
    this.#startTrainer = startTrainer
    this.#threads = threads
    this.#time = time
  }

  /**
   * Draws what augmentation makes of some training images of a spec that was checked; settles when the process is gone.
   * @param datasetDirectory folder of an imported data set, null for one that comes with Ablate.
   * @throws WorkbenchError `run-busy` when a newer request took its place; `trainer-died` when the process died, took
   * too long or Ablate was closed; what the trainer reports.
   */
  async preview(spec: RunSpec, datasetDirectory: string | null): Promise<AugmentationPreview> {
    const request = ++this.#newest
    this.#endPresent?.(superseded())
    const job = { type: 'preview', spec, datasetDirectory } as const
    const previewed = this.#previous.then(() => this.#run(request, job))
    this.#previous = previewed.catch(() => {})
    return previewed
  }

  /** Ends a running preview at once and refuses those that wait. */
  async close(): Promise<void> {
    this.#closed = true
    this.#endPresent?.(closed())
    await this.#previous
  }

  async #run(request: number, job: PreviewJob): Promise<AugmentationPreview> {
    if (this.#closed) throw closed()
    if (request !== this.#newest) throw superseded()
    return this.#converse(startProcess(this.#startTrainer, this.#threads()), job)
  }

  async #converse(trainer: TrainerProcess, job: PreviewJob): Promise<AugmentationPreview> {
    let reason: WorkbenchError | null = null
    const end = (why: WorkbenchError): void => {
      reason ??= why
      trainer.kill()
    }
    this.#endPresent = end
    const timer = setTimeout(() => end(tooLong(this.#time)), this.#time)
    try {
      const { preview } = await doJob(trainer, { ...trainerJob(job), answer: 'previewed', exitTime })
      return preview
    } catch (error) {
      throw reason ?? error
    } finally {
      clearTimeout(timer)
      this.#endPresent = null
    }
  }
}

function superseded(): WorkbenchError {
  return new WorkbenchError('run-busy', 'A newer preview was asked for before this one was drawn.')
}

function tooLong(time: number): WorkbenchError {
  const message = `The preview was not drawn within ${Math.round(time / 1000)} s, and its process was ended.`
  return new WorkbenchError('trainer-died', message)
}

function closed(): WorkbenchError {
  return new WorkbenchError('trainer-died', 'The preview was given up because Ablate was closed.')
}
