import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Measured } from '../src-core/engine/profile/step-profiler.ts'
import { createInterface } from 'node:readline'

export interface PeerCommand {
  readonly name: string
  readonly command: string
  readonly arguments: readonly string[]
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Ending {
  readonly peakMiB: number
  /** Of Ablate: mean milliseconds per step of its layers and other parts. */
  readonly profile?: Measured
}

/** A running peer; it answers one request at a time. */
export class PeerProcess {
  readonly name: string
  private readonly child: ChildProcessWithoutNullStreams
  private readonly lines: AsyncIterator<string>
  private errors = ''

  constructor({ name, command, arguments: commandArguments, env }: PeerCommand) {
    this.name = name
    this.child = spawn(command, commandArguments, { env: { ...process.env, ...env } })
    this.child.stderr.on('data', (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-2000)))
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  /** Resolves when the peer has built its model and taken one step. */
  async ready(): Promise<void> {
    await this.answer('ready')
  }

  /** Milliseconds of each of `repetitions` repetitions. */
  async round(repetitions: number): Promise<number[]> {
    this.child.stdin.write(`${repetitions}\n`)
    return (await this.answer('milliseconds')) as number[]
  }

  /** Ends the peer and gives its largest resident memory, and where its time goes when it says so. */
  async end(): Promise<Ending> {
    this.child.stdin.write('end\n')
    const ending = (await this.message('peakMiB')) as unknown as Ending
    this.child.stdin.end()
    return ending
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  private async answer(key: string): Promise<unknown> {
    return (await this.message(key))[key]
  }

  /** The next message that has this key. */
  private async message(key: string): Promise<Record<string, unknown>> {
    while (true) {
      const { value, done } = (await this.lines.next()) as { value: string; done?: boolean }
      if (done) throw new Error(`${this.name} ended: ${this.errors.trim().split('\n').slice(-3).join(' ')}`)
      const parsed = value.startsWith('{') ? (JSON.parse(value) as Record<string, unknown>) : {}
      if (key in parsed) return parsed
    }
  }
}
