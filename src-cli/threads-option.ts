import type { Command } from 'commander'
import { WorkbenchError } from '../src-core/domain/errors.ts'

const mostThreads = 256

export function addThreadsOption(command: Command): Command {
  return command.option(
    '--threads <count>',
    "TensorFlow's threads, also after a pause; another count gives other last digits",
  )
}

/**
 * The number of TensorFlow's threads; null leaves it to the workspace's settings.
 * @throws WorkbenchError `usage` unless it is a whole number from 1 to 256.
 */
export function parseThreads(text: string | undefined): number | null {
  if (text === undefined) return null
  const threads = Number(text)
  if (Number.isInteger(threads) && threads >= 1 && threads <= mostThreads) return threads
  throw new WorkbenchError('usage', `--threads must be a whole number from 1 to ${mostThreads}, but got "${text}".`)
}
