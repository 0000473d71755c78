import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StartTrainer, TrainerExit, TrainerProcess } from '../../src-core/contract/trainer-process.ts'
import type { FromTrainer, ToTrainer, InspectJob } from '../../src-core/contract/trainer-protocol.ts'
import type { CheckpointInfo } from '../../src-core/domain/checkpoint.ts'
import type { Environment } from '../../src-core/domain/environment.ts'
import type { Artifact } from '../../src-core/domain/evaluation/artifact.ts'
import { sampleAnswer } from './sample-answers.ts'
import { samplePreview, sampleProbe } from './sample-run.ts'
import { stepRecord } from './workspaces.ts'

type TrainJob = Extract<ToTrainer, { type: 'train' }>
type ExportJob = Extract<ToTrainer, { type: 'export' }>
type PreviewJob = Extract<ToTrainer, { type: 'preview' }>
type ProbeJob = Extract<ToTrainer, { type: 'probe' }>

export const fakeEnvironment: Environment = {
  ablate: '0.1.0',
  tensorflow: '2.9.1',
  tfjs: '4.22.0',
  runtime: 'node 24',
  device: 'cpu',
  deviceName: 'a processor',
  threads: 2,
  cpu: 'a processor',
  cpuFlags: ['avx2'],
  platform: 'linux x64',
  totalMemoryMib: 1024,
}

/** A trainer process that exists only in this process; tests play its part with `emit` and `exit`. */
export class FakeTrainer implements TrainerProcess {
  readonly pid = 4242
  readonly threads: number | null
  /** Everything that the owner sent, in order. */
  readonly sent: ToTrainer[] = []
  killed = false
  #exited = false
  readonly #onSent: (message: ToTrainer) => void
  readonly #messageListeners: ((message: unknown) => void)[] = []
  readonly #exitListeners: ((exit: TrainerExit) => void)[] = []

  constructor(threads: number | null, behave: (trainer: FakeTrainer) => (message: ToTrainer) => void) {
    this.threads = threads
    this.#onSent = behave(this)
  }

  send(message: ToTrainer): void {
    this.sent.push(message)
    if (!this.#exited) setImmediate(() => this.#onSent(message))
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener)
  }

  onExit(listener: (exit: TrainerExit) => void): void {
    this.#exitListeners.push(listener)
  }

  kill(): void {
    this.killed = true
    setImmediate(() => this.exit({ code: null, signal: 'SIGKILL' }))
  }

  get exited(): boolean {
    return this.#exited
  }

  /** Sends a message to the owner, at once; ill-formed ones too. */
  emit(message: FromTrainer | Record<string, unknown>): void {
    if (this.#exited) return
    for (const listener of this.#messageListeners) listener(structuredClone(message))
  }

  /** Ends the process. */
  exit(exit: Partial<TrainerExit> = {}): void {
    if (this.#exited) return
    this.#exited = true
    for (const listener of this.#exitListeners) listener({ code: 0, signal: null, stderr: '', ...exit })
  }

  /** What the owner sent, by type. */
  get sentTypes(): string[] {
    return this.sent.map(({ type }) => type)
  }
}

/** Writes a checkpoint folder with a true manifest and answers what a trainer would report. */
export function writeFakeCheckpoint(
  checkpointsDirectory: string,
  step: number,
  changes: Partial<CheckpointInfo> = {},
): CheckpointInfo {
  const directory = `step-${String(step).padStart(9, '0')}`
  const manifest = JSON.stringify({ step })
  mkdirSync(join(checkpointsDirectory, directory), { recursive: true })
  writeFileSync(join(checkpointsDirectory, directory, 'manifest.json'), manifest)
  const manifestSha256 = createHash('sha256').update(manifest).digest('hex')
  const { epoch, activeTime } = stepRecord(step)
  return { directory, step, epoch, activeTime, bytes: 10, manifestSha256, reason: 'interval', best: null, ...changes }
}

export interface FakeBehaviour {
  /** Milliseconds from step to step. */
  readonly stepTime?: number
  readonly totalSteps?: number
  readonly checkpointEvery?: number
  /** Milliseconds between a checkpoint's writing and its report. */
  readonly checkpointTime?: number
  /** Artifacts that follow the record of a step. */
  readonly artifactsAt?: (step: number) => readonly Artifact[]
  /** Why training ended. */
  readonly note?: string
  /** The step after which training diverges. */
  readonly divergesAt?: number
  /** What to do with a job instead of training, exporting, previewing or probing. */
  readonly onJob?: (trainer: FakeTrainer, job: TrainJob | ExportJob | PreviewJob | ProbeJob) => void
  /** What to do with a question instead of answering it. */
  readonly onQuestion?: (trainer: FakeTrainer, id: number) => void
  /** Ends at once instead of saying that it is ready. */
  readonly failToLoad?: Partial<TrainerExit>
}

export interface FakeTrainers {
  readonly start: StartTrainer
  /** All that were started, in order. */
  readonly all: FakeTrainer[]
  /** The newest. */
  latest(): FakeTrainer
}

/** Starts trainers that behave well, save where the test says otherwise. */
export function fakeTrainers(behaviour: FakeBehaviour = {}): FakeTrainers {
  const all: FakeTrainer[] = []
  const start: StartTrainer = ({ threads }) => {
    const trainer = new FakeTrainer(threads, (self) => new FakeLife(self, behaviour).receive)
    all.push(trainer)
    setImmediate(() => {
      if (behaviour.failToLoad) trainer.exit(behaviour.failToLoad)
      else trainer.emit({ type: 'ready', environment: fakeEnvironment })
    })
    return trainer
  }
  return { start, all, latest: () => all.at(-1)! }
}

/** Trains without a network: the loss at step n is 1/n, so that every history can be foretold. */
class FakeLife {
  readonly #trainer: FakeTrainer
  readonly #behaviour: FakeBehaviour
  #request: 'pause' | 'stop' | null = null
  #onRecorded = new Map<string, () => void>()

  constructor(trainer: FakeTrainer, behaviour: FakeBehaviour) {
    this.#trainer = trainer
    this.#behaviour = behaviour
  }

  receive = (message: ToTrainer): void => {
    if (message.type === 'pause' || message.type === 'stop') this.#request = message.type
    else if (message.type === 'inspect') this.#inspect(message)
    else if (message.type === 'read-images')
      this.#trainer.emit({
        type: 'inspected',
        id: message.id,
        answer: { kind: 'images', images: samplePreview().originals },
      })
    else if (message.type === 'recorded') this.#onRecorded.get(message.directory)?.()
    else if (this.#behaviour.onJob) this.#behaviour.onJob(this.#trainer, message)
    else if (message.type === 'train') void this.#train(message)
    else if (message.type === 'export') this.#export(message)
    else if (message.type === 'preview') this.#preview()
    else this.#probe()
  }

  #inspect({ id, question }: InspectJob): void {
    const { onQuestion } = this.#behaviour
    if (onQuestion) onQuestion(this.#trainer, id)
    else this.#trainer.emit({ type: 'inspected', id, answer: sampleAnswer(question) })
  }

  async #train(job: TrainJob): Promise<void> {
    const { stepTime = 1, totalSteps = 40, checkpointEvery = 10, artifactsAt, divergesAt } = this.#behaviour
    this.#trainer.emit({ type: 'preparing', stage: 'Opening the data set' })
    let step = this.#restore(job)
    if (step === null) return
    this.#trainer.emit(startedAt(step, totalSteps))
    let saved = step
    while (step < totalSteps && !this.#request && !this.#trainer.exited) {
      await wait(stepTime)
      step++
      this.#trainer.emit({ type: 'records', records: [stepRecord(step)] })
      for (const artifact of artifactsAt?.(step) ?? []) this.#trainer.emit({ type: 'artifact', artifact })
      if (step === divergesAt) return this.#end('diverged', step)
      if (step % checkpointEvery === 0 && step < totalSteps) {
        await this.#save(job, step, 'interval')
        saved = step
      }
    }
    const outcome = step >= totalSteps ? 'finished' : this.#request === 'stop' ? 'stopped' : 'paused'
    if (step > saved) await this.#save(job, step, outcome === 'finished' ? 'finished' : (this.#request ?? 'pause'))
    this.#end(outcome, step)
  }

  #end(outcome: 'finished' | 'paused' | 'stopped' | 'diverged', step: number): void {
    const note = this.#behaviour.note ?? null
    this.#trainer.emit({ type: 'ended', outcome, step, weightsSha256: 'f'.repeat(64), note })
    this.#trainer.exit()
  }

  #restore({ resumeFrom }: TrainJob): number | null {
    if (resumeFrom === null) return 0
    try {
      return (JSON.parse(readFileSync(join(resumeFrom, 'manifest.json'), 'utf8')) as { step: number }).step
    } catch {
      this.#trainer.emit({ type: 'failed', error: { code: 'checkpoint-damaged', message: `${resumeFrom} is damaged` } })
      this.#trainer.exit()
      return null
    }
  }

  async #save(job: TrainJob, step: number, reason: CheckpointInfo['reason']): Promise<void> {
    const checkpoint = writeFakeCheckpoint(job.checkpointsDirectory, step, { reason })
    await wait(this.#behaviour.checkpointTime ?? 0)
    await new Promise<void>((resolve) => {
      this.#onRecorded.set(checkpoint.directory, resolve)
      this.#trainer.emit({ type: 'checkpoint', checkpoint })
    })
  }

  #preview(): void {
    this.#trainer.emit({ type: 'preparing', stage: 'Opening the data set' })
    this.#trainer.emit({ type: 'previewed', preview: samplePreview() })
    this.#trainer.exit()
  }

  #probe(): void {
    this.#trainer.emit({ type: 'preparing', stage: 'Building the model' })
    this.#trainer.emit({ type: 'probed', probe: sampleProbe() })
    this.#trainer.exit()
  }

  #export({ outDirectory, temporaryDirectory }: ExportJob): void {
    this.#trainer.emit({ type: 'preparing', stage: 'Writing' })
    mkdirSync(temporaryDirectory, { recursive: true })
    writeFileSync(join(temporaryDirectory, 'model.json'), '{}')
    renameSync(temporaryDirectory, outDirectory)
    const files = [{ path: 'model.json', bytes: 2, sha256: 'a'.repeat(64) }]
    const check = { images: 256, maxAbsDiff: 0, top1Agreement: 1 }
    this.#trainer.emit({ type: 'exported', result: { directory: outDirectory, files, check } })
    this.#trainer.exit()
  }
}

/** The message with which training begins at a step. */
export function startedAt(step: number, totalSteps = 40): Extract<FromTrainer, { type: 'started' }> {
  const { epoch, activeTime } = stepRecord(step)
  return { type: 'started', parameters: 10, stepsPerEpoch: 10, totalSteps, step, epoch, activeTime, best: null }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
