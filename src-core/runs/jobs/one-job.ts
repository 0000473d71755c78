import type { JobProcess, StartTrainer, TrainerProcess } from '../../contract/trainer-process.ts'
import { fromTrainerSchema, type FromTrainer, type ToTrainer } from '../../contract/trainer-protocol.ts'
import { fromWireError, toWireError, WorkbenchError, type WireError } from '../../domain/errors.ts'
import { describeDeath, parseMessage, type ProcessRole } from './process-messages.ts'

/** What every process that does one job says: that it is ready, and what went wrong. */
type Message = { readonly type: 'ready' } | { readonly type: 'failed'; readonly error: WireError }

/** One job and the protocol that it is done by. */
export interface Job<To, From> {
  readonly role: ProcessRole
  readonly job: To
  readonly parse: (raw: unknown) => From
  /** Hears what comes before the answer; answers whether that belongs to the job. */
  readonly onOther: (message: From) => boolean
}

/** One job that a process answers with one message, such as an export. */
export interface OneJob<To, From extends { readonly type: string }, Answer extends From['type']> extends Job<To, From> {
  /** The type of the message that answers it. */
  readonly answer: Answer
  /** How long the process may live on after its last message. */
  readonly exitTime: number
}

/** A job of the trainer's protocol. */
export function trainerJob(job: ToTrainer, onStage?: (stage: string) => void): Job<ToTrainer, FromTrainer> {
  return {
    role: 'trainer',
    job,
    parse: (raw) => parseMessage(fromTrainerSchema, 'trainer', raw),
    onOther: (message) => {
      if (message.type === 'preparing') onStage?.(message.stage)
      return message.type === 'preparing'
    },
  }
}

/** @throws WorkbenchError `trainer-died` when the process cannot be started. */
export function startProcess(startTrainer: StartTrainer, threads: number | null): TrainerProcess {
  return starting('trainer', () => startTrainer({ threads }))
}

/** @throws WorkbenchError `trainer-died` when the process cannot be started. */
export function starting<Process>(role: ProcessRole, start: () => Process): Process {
  try {
    return start()
  } catch (error) {
    const message = `The ${role} process could not be started: ${toWireError(error).message}`
    throw new WorkbenchError('trainer-died', message)
  }
}

/**
 * Does one job with one process, from `ready` to the end of the process; resolves or rejects when that is gone.
 * @throws WorkbenchError what the process reports, `trainer-protocol`, `trainer-died`.
 */
export function doJob<To extends { type: string }, From extends { type: string }, Answer extends From['type']>(
  process: JobProcess<To>,
  { role, job, parse, answer, onOther, exitTime }: OneJob<To, From, Answer>,
): Promise<Extract<From, { type: Answer }>> {
  return new Promise((resolve, reject) => {
    let settle: (() => void) | null = null
    let exitTimer: NodeJS.Timeout | undefined
    const over = (how: () => void): void => {
      settle ??= how
      exitTimer ??= setTimeout(() => process.kill(), exitTime)
    }
    const handle = (parsed: From): void => {
      const message = parsed as From | Message
      if (message.type === 'ready') process.send(job)
      else if (message.type === 'failed') over(() => reject(fromWireError((message as { error: WireError }).error)))
      else if (message.type === answer) over(() => resolve(parsed as Extract<From, { type: Answer }>))
      else if (!onOther(parsed)) {
        throw new WorkbenchError('trainer-protocol', `The ${role} sent "${message.type}" to the job "${job.type}".`)
      }
    }
    process.onMessage((raw) => {
      try {
        if (!settle) handle(parse(raw))
      } catch (error) {
        over(() => reject(error as Error))
        process.kill()
      }
    })
    process.onExit((exit) => {
      clearTimeout(exitTimer)
      settle ??= () => reject(fromWireError(describeDeath(exit, role)))
      settle()
    })
  })
}
