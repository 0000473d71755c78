import {
  toTrainerSchema,
  type ImagesJob,
  type InspectJob,
  type ToTrainer,
} from '../src-core/contract/trainer-protocol.ts'
import { toWireError } from '../src-core/domain/errors.ts'
import { describeEnvironment } from '../src-core/engine/environment.ts'
import { makeAugmentationPreview } from '../src-core/engine/data/augmentation/preview.ts'
import { exportTfjs } from '../src-core/engine/export/export-tfjs.ts'
import { probeRun } from '../src-core/engine/preflight/probe-run.ts'
import { train } from '../src-core/engine/training/train.ts'
import { Inspector } from './inspector.ts'
import { Reporter, type TrainerPort } from './reporter.ts'

type TrainJob = Extract<ToTrainer, { type: 'train' }>
type ExportJob = Extract<ToTrainer, { type: 'export' }>
type PreviewJob = Extract<ToTrainer, { type: 'preview' }>
type ProbeJob = Extract<ToTrainer, { type: 'probe' }>

/** Images on which an exported model must agree with the trained one. */
const exportCheckImages = 256

/** A trainer's life: ready, one job, the end. Pause and stop are heard between two steps. */
export class Session {
  readonly #port: TrainerPort
  readonly #reporter: Reporter
  #request: 'pause' | 'stop' | null = null
  #busy = false
  #inspector: Inspector | null = null

  constructor(port: TrainerPort) {
    this.#port = port
    this.#reporter = new Reporter(port)
  }

  /** Resolves with the exit status once the one job is done. */
  run(): Promise<number> {
    return new Promise((resolve) => {
      this.#port.onMessage((message) => void this.#receive(message).then((done) => done && resolve(0), failed))
      const failed = async (error: unknown): Promise<void> => {
        this.#reporter.flush()
        this.#port.send({ type: 'failed', error: toWireError(error) })
        resolve(0)
      }
      this.#port.send({ type: 'ready', environment: describeEnvironment() })
    })
  }

  /** Whether the job is done after this message. */
  async #receive(raw: unknown): Promise<boolean> {
    const message = toTrainerSchema.parse(raw)
    if (message.type === 'stop' && this.#inspector) return this.#endInspection()
    if (message.type === 'inspect' || message.type === 'read-images') return this.#inspect(message)
    if (message.type === 'pause' || message.type === 'stop') this.#request = message.type
    else if (message.type === 'recorded') this.#reporter.recorded(message.directory)
    else return this.#start(message)
    return false
  }

  async #start(job: TrainJob | ExportJob | PreviewJob | ProbeJob): Promise<boolean> {
    if (this.#busy) return false
    this.#busy = true
    if (job.type === 'train') await this.#train(job)
    else if (job.type === 'export') await this.#export(job)
    else if (job.type === 'preview') await this.#preview(job)
    else await this.#probe(job)
    return true
  }

  async #train(job: TrainJob): Promise<void> {
    const { outcome, step, weightsSha256, note } = await train({
      spec: job.spec,
      datasetDirectory: job.datasetDirectory,
      checkpointsDirectory: job.checkpointsDirectory,
      resumeFrom: job.resumeFrom,
      startFrom: job.startFrom,
      control: { requested: () => this.#request },
      reporter: this.#reporter,
    })
    this.#reporter.flush()
    this.#port.send({ type: 'ended', outcome, step, weightsSha256, note })
  }

  /** Unlike a job, a question leaves the process ready for the next one. */
  async #inspect(job: InspectJob | ImagesJob): Promise<boolean> {
    if (this.#busy) return false
    this.#inspector ??= new Inspector(this.#port)
    await this.#inspector.answer(job)
    return false
  }

  async #endInspection(): Promise<boolean> {
    await this.#inspector?.close()
    return true
  }

  async #export(job: ExportJob): Promise<void> {
    this.#port.send({ type: 'preparing', stage: 'Writing and checking the exported model' })
    const result = await exportTfjs({
      spec: job.spec,
      datasetDirectory: job.datasetDirectory,
      checkpointDirectory: job.checkpointDirectory,
      outDirectory: job.outDirectory,
      temporaryDirectory: job.temporaryDirectory,
      checkImages: exportCheckImages,
    })
    this.#port.send({ type: 'exported', result })
  }

  async #preview({ spec, datasetDirectory }: PreviewJob): Promise<void> {
    this.#port.send({ type: 'previewed', preview: await makeAugmentationPreview(spec, datasetDirectory) })
  }

  async #probe({ spec, datasetDirectory, startFrom }: ProbeJob): Promise<void> {
    const probe = await probeRun({ spec, datasetDirectory, startFrom, reporter: this.#reporter })
    this.#port.send({ type: 'probed', probe })
  }
}
