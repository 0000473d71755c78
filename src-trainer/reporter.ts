import type { CheckpointInfo } from '../src-core/domain/checkpoint.ts'
import type { Artifact } from '../src-core/domain/evaluation/artifact.ts'
import type { StepRecord } from '../src-core/domain/metrics.ts'
import type { TrainingReporter } from '../src-core/engine/training/train.ts'
import type { FromTrainer } from '../src-core/contract/trainer-protocol.ts'
import type { Port } from './port.ts'

export type TrainerPort = Port<FromTrainer>

/**
 * Records leave in batches: a message per step would cost more than a small model's step, and every message makes the
 * window draw, on the processor that trains. Once a second is live enough for curves.
 */
const batchMilliseconds = 1000
const batchSize = 500

/** Sends what training reports to the owner, and waits where the owner must have recorded it first. */
export class Reporter implements TrainingReporter {
  readonly #port: TrainerPort
  #pending: StepRecord[] = []
  #timer: NodeJS.Timeout | undefined
  #onRecorded = new Map<string, () => void>()

  constructor(port: TrainerPort) {
    this.#port = port
  }

  preparing(stage: string): void {
    this.#port.send({ type: 'preparing', stage })
  }

  started(info: Parameters<TrainingReporter['started']>[0]): void {
    this.#port.send({ type: 'started', ...info })
  }

  record(record: StepRecord): void {
    this.#pending.push(record)
    if (this.#pending.length >= batchSize) this.flush()
    // Not when the next record comes: an evaluation may lie between.
    else this.#timer ??= setTimeout(() => this.flush(), batchMilliseconds).unref()
  }

  /** Leaves after the record of its step. */
  artifact(artifact: Artifact): void {
    this.flush()
    this.#port.send({ type: 'artifact', artifact })
  }

  flush(): void {
    if (this.#pending.length > 0) this.#port.send({ type: 'records', records: this.#pending })
    this.#pending = []
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Resolves when the owner has committed the checkpoint's row and every point up to its step. */
  checkpoint(checkpoint: CheckpointInfo): Promise<void> {
    this.flush()
    return new Promise((resolve) => {
      this.#onRecorded.set(checkpoint.directory, resolve)
      this.#port.send({ type: 'checkpoint', checkpoint })
    })
  }

  /** The owner's answer to `checkpoint`. */
  recorded(directory: string): void {
    this.#onRecorded.get(directory)?.()
    this.#onRecorded.delete(directory)
  }
}
