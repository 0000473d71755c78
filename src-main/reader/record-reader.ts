import { Worker } from 'node:worker_threads'
import { fromWireError, WorkbenchError } from '../../src-core/domain/errors.ts'
import type { ReaderData, ReaderReply, ReaderRequest, ReadingName, Readings } from './requests.ts'

/** The thread of node:worker_threads, as far as it is used. */
export type ReaderThread = Pick<Worker, 'postMessage' | 'on' | 'terminate'>

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** These take long: they have a thread of their own, which ends afterwards, so that charts need not wait for them. */
const slowReadings: ReadonlySet<ReadingName> = new Set(['writeCsv', 'previewReport', 'reportMarkdown', 'writeReport'])

/**
 * Asks the reading threads. A thread starts with the first question; when it dies, `onDeath` is told, what was asked
 * fails with the reason, and the next question starts another.
 */
export class RecordReader {
  readonly #quick: Lane
  readonly #slow: Lane
  #closed = false

  constructor(start: () => ReaderThread, onDeath: (reason: string) => void = () => {}) {
    this.#quick = new Lane(start, onDeath)
    this.#slow = new Lane(start, onDeath)
  }

  async ask<Name extends ReadingName>(
    name: Name,
    input: Parameters<Readings[Name]>[0],
  ): Promise<ReturnType<Readings[Name]>> {
    if (this.#closed) throw new WorkbenchError('cancelled', 'Ablate is closing.')
    if (!slowReadings.has(name)) return (await this.#quick.ask(name, input)) as ReturnType<Readings[Name]>
    try {
      return (await this.#slow.ask(name, input)) as ReturnType<Readings[Name]>
    } finally {
      this.#slow.endWhenIdle()
    }
  }

  /** Ends the threads; what is still asked fails as cancelled. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#quick.close(), this.#slow.close()])
  }
}

/** One thread and the questions that wait for it. */
class Lane {
  readonly #start: () => ReaderThread
  readonly #onDeath: (reason: string) => void
  readonly #waiting = new Map<number, Waiting>()
  #thread: ReaderThread | null = null
  #nextId = 1

  constructor(start: () => ReaderThread, onDeath: (reason: string) => void) {
    this.#start = start
    this.#onDeath = onDeath
  }

  ask(name: ReadingName, input: unknown): Promise<unknown> {
    const thread = (this.#thread ??= this.#started())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      thread.postMessage({ id, name, input } satisfies ReaderRequest)
    })
  }

  endWhenIdle(): void {
    if (this.#waiting.size === 0) void this.#end()
  }

  async close(): Promise<void> {
    this.#failAll(new WorkbenchError('cancelled', 'Ablate is closing.'))
    await this.#end()
  }

  /** Forgets the thread before it ends, so that its end is no death. */
  async #end(): Promise<void> {
    const thread = this.#thread
    this.#thread = null
    await thread?.terminate()
  }

  #started(): ReaderThread {
    const thread = this.#start()
    let reason = 'it ended'
    thread.on('message', (reply: ReaderReply) => this.#settle(reply))
    thread.on('error', (error: Error) => (reason = error.message))
    thread.on('exit', () => {
      if (this.#thread !== thread) return
      this.#thread = null
      this.#onDeath(reason)
      this.#failAll(new WorkbenchError('internal', `The record could not be read: ${reason}.`))
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
