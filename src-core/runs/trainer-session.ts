import type { TrainerExit, TrainerProcess } from '../contract/trainer-process.ts'
import { fromTrainerSchema, type FromTrainer, type ToTrainer } from '../contract/trainer-protocol.ts'
import { WorkbenchError, toWireError, type WireError } from '../domain/errors.ts'
import type { StepRecord } from '../domain/metrics.ts'
import { describeDeath, parseMessage } from './jobs/process-messages.ts'
import type { TrainingRecord } from './training-record.ts'

/** All in milliseconds. */
export interface SessionTimes {
  /** Longest time that values wait before they are committed. */
  readonly commit: number
  /** After a stop was asked for: how long the trainer may say nothing before it is killed. */
  readonly stop: number
  /** After its last message: how long the process may live on before it is killed. */
  readonly exit: number
  /** How long to wait before an end that could not be recorded, as on a full disk, is tried again. */
  readonly retry: number
}

export const defaultSessionTimes: SessionTimes = { commit: 250, stop: 30_000, exit: 10_000, retry: 2000 }

export type TrainJob = Extract<ToTrainer, { type: 'train' }>
type Ended = Extract<FromTrainer, { type: 'ended' }>

/**
 * How a session ended; told once, at the latest when the process is gone. `trained` is false while the trainer had not
 * yet read its checkpoint.
 */
export type SessionResult =
  { kind: 'ended'; message: Ended } | { kind: 'failed'; error: WireError; trained: boolean } | { kind: 'interrupted' }

/**
 * Drives one trainer through the training protocol. The steps of its life:
 * loading (until `ready`), preparing (until `started`), training, over. What arrives goes to the TrainingRecord;
 * the first thing that ends the session is its result.
 */
export class TrainerSession {
  readonly result: Promise<SessionResult>
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>
  readonly #trainer: TrainerProcess
  readonly #job: TrainJob
  readonly #record: TrainingRecord
  readonly #times: SessionTimes
  #resolveResult: (result: SessionResult) => void = () => {}
  #phase: 'loading' | 'preparing' | 'training' | 'over' = 'loading'
  #request: 'pause' | 'stop' | null = null
  #waiting: StepRecord[] = []
  #commitTimer: NodeJS.Timeout | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor(
    trainer: TrainerProcess,
    job: TrainJob,
    record: TrainingRecord,
    times: SessionTimes = defaultSessionTimes,
  ) {
    this.#trainer = trainer
    this.#job = job
    this.#record = record
    this.#times = times
    this.result = new Promise((resolve) => (this.#resolveResult = resolve))
    this.exited = new Promise((resolve) => {
      trainer.onExit((exit) => {
        this.#exited(exit)
        resolve()
      })
    })
    trainer.onMessage((message) => this.#receive(message))
  }

  /** Asks for a pause; the trainer hears of it once it has its job. */
  pause(): void {
    this.#ask('pause')
  }

  /** Asks for the end. A trainer that then says nothing for too long is killed. */
  stop(): void {
    this.#ask('stop')
    this.#watchSilence()
  }

  /** Ends the process at once; what was trained since the last checkpoint is lost. */
  interrupt(): void {
    this.#conclude({ kind: 'interrupted' })
    this.#trainer.kill()
  }

  #ask(request: 'pause' | 'stop'): void {
    this.#request = request
    if (this.#phase !== 'loading' && this.#phase !== 'over') this.#trainer.send({ type: request })
  }

  #watchSilence(): void {
    if (this.#request !== 'stop' || this.#phase === 'over') return
    this.#killAfter(this.#times.stop, () => {
      const seconds = Math.round(this.#times.stop / 1000)
      const message = `The trainer did not answer for ${seconds} s after it was asked to stop, and was ended.`
      this.#fail({ code: 'trainer-died', message })
    })
  }

  #killAfter(delay: number, before: () => void = () => {}): void {
    clearTimeout(this.#killTimer)
    this.#killTimer = setTimeout(() => {
      before()
      this.#trainer.kill()
    }, delay)
  }

  #receive(raw: unknown): void {
    if (this.#phase === 'over') return
    try {
      this.#handle(parseTrainerMessage(raw))
      this.#watchSilence()
    } catch (error) {
      this.#fail(toWireError(error))
    }
  }

  #handle(message: FromTrainer): void {
    switch (message.type) {
      case 'ready':
        return this.#ready(message)
      case 'preparing':
        return this.#record.preparing(message.stage)
      case 'started':
        this.#requirePhase('preparing', message.type)
        this.#phase = 'training'
        return this.#record.started(message)
      case 'records':
        this.#requirePhase('training', message.type)
        return this.#take(message.records)
      case 'artifact':
        this.#requirePhase('training', message.type)
        return this.#record.artifact(message.artifact, this.#takeWaiting())
      case 'checkpoint':
        this.#requirePhase('training', message.type)
        return this.#checkpoint(message)
      case 'ended':
        this.#requirePhase('training', message.type)
        this.#commit()
        this.#conclude({ kind: 'ended', message })
        return this.#killAfter(this.#times.exit)
      case 'failed':
        this.#concludeFailed(message.error)
        return this.#killAfter(this.#times.exit)
      case 'exported':
      case 'previewed':
      case 'probed':
        throw outOfTurn(message.type)
    }
  }

  #ready({ environment }: Extract<FromTrainer, { type: 'ready' }>): void {
    this.#requirePhase('loading', 'ready')
    this.#phase = 'preparing'
    this.#record.ready(environment)
    this.#trainer.send(this.#job)
    if (this.#request) this.#trainer.send({ type: this.#request })
  }

  #take(records: readonly StepRecord[]): void {
    this.#waiting.push(...records)
    this.#commitTimer ??= setTimeout(() => {
      try {
        this.#commit()
      } catch (error) {
        this.#fail(toWireError(error))
      }
    }, this.#times.commit)
  }

  /** The values that wait, which now count as taken. */
  #takeWaiting(): StepRecord[] {
    clearTimeout(this.#commitTimer)
    this.#commitTimer = undefined
    return this.#waiting.splice(0)
  }

  #commit(): void {
    this.#record.append(this.#takeWaiting())
  }

  #checkpoint({ checkpoint }: Extract<FromTrainer, { type: 'checkpoint' }>): void {
    this.#record.checkpoint(checkpoint, this.#takeWaiting())
    this.#trainer.send({ type: 'recorded', directory: checkpoint.directory })
    this.#record.prune()
  }

  #requirePhase(expected: string, type: string): void {
    if (this.#phase !== expected) throw outOfTurn(type)
  }

  /** Ends a session that cannot go on. */
  #fail(error: WireError): void {
    this.#concludeFailed(error)
    this.#trainer.kill()
  }

  #concludeFailed(error: WireError): void {
    this.#conclude({ kind: 'failed', error, trained: this.#phase === 'training' })
  }

  #exited(exit: TrainerExit): void {
    clearTimeout(this.#killTimer)
    this.#concludeFailed(describeDeath(exit))
  }

  /** Only the first result counts. Values that still wait are committed before it. */
  #conclude(result: SessionResult): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    try {
      this.#commit()
    } catch {
      // A full disk or values out of order: the result, or the next checkpoint's rewind, tells the same story.
    }
    this.#resolveResult(result)
  }
}

/** @throws WorkbenchError `trainer-protocol` naming the field that is wrong. */
export function parseTrainerMessage(raw: unknown): FromTrainer {
  return parseMessage(fromTrainerSchema, 'trainer', raw)
}

function outOfTurn(type: string): WorkbenchError {
  return new WorkbenchError('trainer-protocol', `The trainer sent "${type}" when it was not its turn.`, { type })
}
