import type { ToImporter } from './importer-protocol.ts'
import type { ToTrainer } from './trainer-protocol.ts'

export interface ProcessExit {
  /** Exit status, null when a signal ended it. */
  readonly code: number | null
  readonly signal: string | null
  /** The last lines that the process wrote to standard error. */
  readonly stderr: string
}

/** A running process that does one job, whatever kind of process it is. Exactly one `onExit` call ends its life. */
export interface JobProcess<Message> {
  readonly pid: number | undefined
  send(message: Message): void
  /** Messages arrive unparsed: whoever listens parses them with the schema of the protocol. */
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: (exit: ProcessExit) => void): void
  /** Ends the process at once. */
  kill(): void
}

export type TrainerExit = ProcessExit
export type TrainerProcess = JobProcess<ToTrainer>
export type ImporterProcess = JobProcess<ToImporter>

/** Starts a trainer process with TensorFlow's thread count (null leaves it to TensorFlow). */
export type StartTrainer = (options: { threads: number | null }) => TrainerProcess

/** Starts a process that imports one data set; it never loads TensorFlow. */
export type StartImporter = () => ImporterProcess
