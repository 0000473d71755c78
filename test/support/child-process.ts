import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import { onTestFinished } from 'vitest'

export interface Child {
  readonly process: ChildProcess
  /** What it said so far, one object per line. */
  readonly answers: Record<string, unknown>[]
  /** Resolves with the next thing that it says. */
  nextAnswer(): Promise<Record<string, unknown>>
  /** Resolves when it has ended and all that it said was read. */
  ended: Promise<void>
}

const userIdVariable = 'ABLATE_TEST_USER_ID'
const script = resolve(import.meta.dirname, 'storage-child.ts')

/** Starts the second process of storage tests; as root it can become the user with this id once it has loaded. */
export function startStorageChild(parameters: readonly string[], userId: number | null = null): Child {
  const child = spawn(process.execPath, [script, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(userId !== null && { [userIdVariable]: String(userId) }) },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const answers: Record<string, unknown>[] = []
  const lines = createInterface(child.stdout!)
  lines.on('line', (line) => answers.push(JSON.parse(line) as Record<string, unknown>))
  return {
    process: child,
    answers,
    async nextAnswer() {
      await once(lines, 'line')
      return answers.at(-1)!
    },
    ended: Promise.all([once(child, 'exit'), once(lines, 'close')]).then(() => {}),
  }
}
