import type { StartTrainer, TrainerProcess } from '../../contract/trainer-process.ts'
import type { FromTrainer, ToTrainer } from '../../contract/trainer-protocol.ts'
import { fromWireError, toWireError, WorkbenchError } from '../../domain/errors.ts'
import { parseMessage } from '../trainer-session.ts'
import { describeDeath } from '../training-record.ts'

/** One job that a trainer answers with one message, such as an export. */
export interface OneJob<Answer extends FromTrainer['type']> {
  readonly job: ToTrainer
  /** The type of the message that answers it. */
  readonly answer: Answer
  readonly onStage?: (stage: string) => void
  /** How long the process may live on after its last message, in milliseconds. */
  readonly exitTime: number
}

/** @throws WorkbenchError `trainer-died` when the process cannot be started. */
export function startProcess(startTrainer: StartTrainer, threads: number | null): TrainerProcess {
  try {
    return startTrainer({ threads })
  } catch (error) {
    const message = `The trainer process could not be started: ${toWireError(error).message}`
    throw new WorkbenchError('trainer-died', message)
  }
}

/**
 * Does one job with one trainer, from `ready` to the end of the process; resolves or rejects when that is gone.
 * @throws WorkbenchError what the trainer reports, `trainer-protocol`, `trainer-died`.
 */
export function doJob<Answer extends FromTrainer['type']>(
  trainer: TrainerProcess,
  { job, answer, onStage, exitTime }: OneJob<Answer>,
): Promise<Extract<FromTrainer, { type: Answer }>> {
  return new Promise((resolve, reject) => {
    let settle: (() => void) | null = null
    let exitTimer: NodeJS.Timeout | undefined
    const over = (how: () => void): void => {
      settle ??= how
      exitTimer ??= setTimeout(() => trainer.kill(), exitTime)
    }
    const handle = (message: FromTrainer): void => {
      if (message.type === 'ready') trainer.send(job)
      else if (message.type === 'preparing') onStage?.(message.stage)
      else if (message.type === 'failed') over(() => reject(fromWireError(message.error)))
      else if (message.type === answer) over(() => resolve(message as Extract<FromTrainer, { type: Answer }>))
      else throw new WorkbenchError('trainer-protocol', `The trainer sent "${message.type}" to the job "${job.type}".`)
    }
    trainer.onMessage((raw) => {
      try {
        if (!settle) handle(parseMessage(raw))
      } catch (error) {
        over(() => reject(error as Error))
        trainer.kill()
      }
    })
    trainer.onExit((exit) => {
      clearTimeout(exitTimer)
      settle ??= () => reject(fromWireError(describeDeath(exit)))
      settle()
    })
  })
}
