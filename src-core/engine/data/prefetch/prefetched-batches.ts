import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { batchWorkerVariable } from '../../../domain/environment.ts'
import { fromWireError, WorkbenchError } from '../../../domain/errors.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import type { BatchFeed } from './batch-feed.ts'
import type { BatchReply, BatchRequest, BatchWorkerData } from './batch-worker.ts'
import type { FloatBatch } from './float-batches.ts'

export interface Prefetch {
  readonly spec: RunSpec
  /** Folder of an imported data set; null for one that comes with Ablate. */
  readonly datasetDirectory: string | null
  /** Size of a batch in bytes. */
  readonly bytes: number
  /** By default a quarter of the processor's, at most four. */
  readonly threads?: number
}

/** Batches that wait for the trainer, beside those that the threads are at. */
const waiting = 2

/** Memory that batches which were not asked for yet may take together, unless one alone takes more. */
const mostBytes = 512 * 1024 ** 2

/** Plain Node runs the source beside this one; a bundled trainer is told where its file lies. */
function workerFile(): string | URL {
  return process.env[batchWorkerVariable] ?? new URL('./batch-worker.ts', import.meta.url)
}

/** As the system lists it. */
export const threadName = 'ablate-batches'

function threadsByDefault(): number {
  return Math.max(1, Math.min(4, Math.floor(availableParallelism() / 4)))
}

/** How many batches are made before they are asked for, by so many threads and of so many bytes each. */
export function batchesAhead(threads: number, bytes: number): number {
  return Math.max(1, Math.min(threads + waiting, Math.floor(mostBytes / bytes)))
}

interface Awaited {
  readonly promise: Promise<FloatBatch>
  readonly resolve: (batch: FloatBatch) => void
  readonly reject: (error: unknown) => void
}

function awaited(): Awaited {
  let resolve: Awaited['resolve'] = () => {}
  let reject: Awaited['reject'] = () => {}
  const promise = new Promise<FloatBatch>((onBatch, onError) => {
    resolve = onBatch
    reject = onError
  })
  // A batch that nobody has asked for yet may fail; whoever asks hears of it.
  promise.catch(() => {})
  return { promise, resolve, reject }
}

/**
 * Training batches made by threads of their own, which read and preprocess while TensorFlow computes. Each batch is a
 * pure function of spec and step, so it does not matter which thread makes it, or when.
 */
export class PrefetchedBatches implements BatchFeed {
  readonly #workers: readonly Worker[]
  readonly #ahead: number
  /** By finished steps: what was asked of the threads and not handed out yet. */
  readonly #awaited = new Map<number, Awaited>()
  #ended: WorkbenchError | null = null

  constructor({ spec, datasetDirectory, bytes, threads = threadsByDefault() }: Prefetch) {
    const workerData: BatchWorkerData = { purpose: 'ablate-batches', spec, datasetDirectory }
    this.#ahead = batchesAhead(threads, bytes)
    this.#workers = Array.from({ length: threads }, () => {
      const worker = new Worker(workerFile(), { workerData, name: threadName })
      worker.on('message', (reply: BatchReply) => this.#receive(reply))
      worker.on('error', (error: NodeJS.ErrnoException) => this.#end(explain(error)))
      worker.on('exit', () => this.#end(new WorkbenchError('internal', 'A thread that reads images has ended.')))
      return worker
    })
  }

  /** Asks for this batch and the next ones, and answers when this one is there. */
  next(finishedSteps: number): Promise<FloatBatch> {
    const last = finishedSteps + this.#ahead
    for (const step of this.#awaited.keys()) if (step < finishedSteps || step > last) this.#awaited.delete(step)
    for (let step = finishedSteps; step <= last; step++) this.#request(step)
    const { promise } = this.#awaited.get(finishedSteps)!
    const handedOut = (): void => void this.#awaited.delete(finishedSteps)
    promise.then(handedOut, handedOut)
    return promise
  }

  recycle(floats: FloatBatch['floats'], finishedSteps: number): void {
    if (this.#ended) return
    this.#workerOf(finishedSteps).postMessage({ recycled: floats } satisfies BatchRequest, [floats.buffer])
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #workerOf(step: number): Worker {
    return this.#workers[step % this.#workers.length]!
  }

  #request(step: number): void {
    if (this.#awaited.has(step)) return
    const batch = awaited()
    this.#awaited.set(step, batch)
    if (this.#ended) batch.reject(this.#ended)
    else this.#workerOf(step).postMessage({ step } satisfies BatchRequest)
  }

  #receive({ step, ...reply }: BatchReply): void {
    const batch = this.#awaited.get(step)
    if ('error' in reply) batch?.reject(fromWireError(reply.error))
    else batch?.resolve(reply.batch)
  }

  /** A thread is gone: what it was asked for will not come. */
  #end(reason: WorkbenchError): void {
    this.#ended ??= reason
    for (const batch of this.#awaited.values()) batch.reject(this.#ended)
  }
}

function explain({ code, message }: NodeJS.ErrnoException): WorkbenchError {
  const full = code === 'ERR_WORKER_OUT_OF_MEMORY'
  return new WorkbenchError(full ? 'out-of-memory' : 'internal', `A thread that reads images failed: ${message}`)
}
