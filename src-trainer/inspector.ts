import type { ImagesJob, InspectJob } from '../src-core/contract/trainer-protocol.ts'
import { toWireError } from '../src-core/domain/errors.ts'
import { answerQuestion } from '../src-core/engine/inspection/answer.ts'
import { openInspected, readImages, type InspectedModel } from '../src-core/engine/inspection/inspected-model.ts'
import type { TrainerPort } from './reporter.ts'

/** Answers questions about trained networks, one after the other; the network of the last one stays open. */
export class Inspector {
  readonly #port: TrainerPort
  #open: { readonly key: string; readonly inspected: InspectedModel } | null = null
  #previous: Promise<void> = Promise.resolve()

  constructor(port: TrainerPort) {
    this.#port = port
  }

  answer(job: InspectJob | ImagesJob): Promise<void> {
    this.#previous = this.#previous.then(() => this.#answerNext(job))
    return this.#previous
  }

  async close(): Promise<void> {
    await this.#previous
    this.#open?.inspected.close()
    this.#open = null
  }

  async #answerNext(job: InspectJob | ImagesJob): Promise<void> {
    const { id } = job
    try {
      const answer =
        job.type === 'inspect'
          ? await answerQuestion(await this.#inspected(job), job.question)
          : ({ kind: 'images', images: await readImages(job) } as const)
      this.#port.send({ type: 'inspected', id, answer })
    } catch (error) {
      this.#port.send({ type: 'not-inspected', id, error: toWireError(error) })
    }
  }

  async #inspected({ spec, datasetDirectory, checkpointDirectory }: InspectJob): Promise<InspectedModel> {
    if (this.#open?.key === checkpointDirectory) return this.#open.inspected
    this.#open?.inspected.close()
    this.#open = null
    const inspected = await openInspected({ spec, datasetDirectory, checkpointDirectory })
    this.#open = { key: checkpointDirectory, inspected }
    return inspected
  }
}
