import { Worker } from 'node:worker_threads'
import { fromWireError, WorkbenchError } from '../../src-core/domain/errors.ts'
import type { ReaderData, ReaderReply, ReaderRequest, ReadingName, Readings } from './requests.ts'

/** The thread of node:worker_threads, as far as it is used. */
export type ReaderThread = Pick<Worker, 'postMessage' | 'on' | 'terminate'>

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * Asks the reading thread. It starts with the first question; when it dies, what was asked fails with the reason and
 * the next question starts another.
 */
export class RecordReader {
  readonly #start: () => ReaderThread
  readonly #waiting = new Map<number, Waiting>()
  #thread: ReaderThread | null = null
  #nextId = 1
  #closed = false

  constructor(start: () => ReaderThread) {
    this.#start = start
  }

  ask<Name extends ReadingName>(name: Name, input: Parameters<Readings[Name]>[0]): Promise<ReturnType<Readings[Name]>> {
    if (this.#closed) return Promise.reject(new WorkbenchError('cancelled', 'Ablate is closing.'))
    const thread = (this.#thread ??= this.#started())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
      thread.postMessage({ id, name, input } satisfies ReaderRequest)
    })
  }

  /** Ends the thread; what is still asked fails as cancelled. */
  async close(): Promise<void> {
    this.#closed = true
    this.#failAll(new WorkbenchError('cancelled', 'Ablate is closing.'))
    await this.#thread?.terminate()
  }

  #started(): ReaderThread {
    const thread = this.#start()
    let reason = 'it ended'
    thread.on('message', (reply: ReaderReply) => this.#settle(reply))
    thread.on('error', (error: Error) => (reason = error.message))
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = null
      if (!this.#closed) this.#failAll(new WorkbenchError('internal', `The record could not be read: ${reason}.`))
    })
    return thread
  }

  #settle(reply: ReaderReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(fromWireError(reply.error))
    else waiting?.resolve(reply.value)
  }

  #failAll(error: WorkbenchError): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

/** Starts the reading thread from the bundle at `entry`. */
export function startReader(entry: string, data: Omit<ReaderData, 'purpose'>): ReaderThread {
  return new Worker(entry, { workerData: { ...data, purpose: 'ablate-reader' } satisfies ReaderData })
}
