import type { ToTrainer } from './trainer-protocol.ts'

export interface TrainerExit {
  /** Exit status, null when a signal ended it. */
  readonly code: number | null
  readonly signal: string | null
  /** The last lines that the process wrote to standard error. */
  readonly stderr: string
}

/** A running trainer, whatever kind of process it is. Exactly one `onExit` call ends its life. */
export interface TrainerProcess {
  readonly pid: number | undefined
  send(message: ToTrainer): void
  /** Messages arrive unparsed: whoever listens parses them with `fromTrainerSchema`. */
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: (exit: TrainerExit) => void): void
  /** Ends the process at once. */
  kill(): void
}

/** Starts a trainer process with TensorFlow's thread count (null leaves it to TensorFlow). */
export type StartTrainer = (options: { threads: number | null }) => TrainerProcess
