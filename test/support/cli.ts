import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

const entry = resolve(import.meta.dirname, '../../src-cli/index.ts')

export interface CliResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** One line of `--json` output of a training command. */
export interface StreamLine {
  readonly event: string
  readonly step?: number
  readonly state?: string
  /** The run itself in a line `run`, its id in the other lines of a command that trains several. */
  readonly run?: string | { readonly id: string }
  readonly metrics?: Record<string, number>
}

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** A fresh folder that is gone when the tests of this file are over. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ablate-test-'))
  folders.push(folder)
  return folder
}

/** Options that make a run small enough for a test, without changing what is tested. */
export const tinyRun = [
  ['data.trainImages', 640],
  ['data.testImages', 100],
  ['model.widthMultiplier', 0.06],
  ['training.batchSize', 32],
].flatMap(([path, value]) => ['--set', `${path}=${value}`])

export class CliProcess {
  readonly child: ChildProcess
  readonly result: Promise<CliResult>
  #lines: StreamLine[] = []
  #waiting: (() => void)[] = []

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [entry, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    this.child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    this.child.stdout!.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      const complete = stdout.split('\n').slice(0, -1)
      for (const line of complete.slice(this.#lines.length)) {
        this.#lines.push(line.startsWith('{') ? (JSON.parse(line) as StreamLine) : { event: 'text' })
      }
      this.#waiting.forEach((wake) => wake())
    })
    this.result = new Promise((done) => this.child.on('close', (status) => done({ status, stdout, stderr })))
  }

  get lines(): readonly StreamLine[] {
    return this.#lines
  }

  /** Resolves with the first line of the stream that fits, or rejects when the command ends without one. */
  async line(fits: (line: StreamLine) => boolean): Promise<StreamLine> {
    let ended: CliResult | null = null
    void this.result.then((result) => ((ended = result), this.#waiting.forEach((wake) => wake())))
    for (;;) {
      const found = this.#lines.find(fits)
      if (found) return found
      if (ended) throw new Error(`The command ended without the line waited for.\n${JSON.stringify(ended)}`)
      await new Promise<void>((wake) => this.#waiting.push(wake))
    }
  }
}

/** Process ids of a process's children. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

/** Runs the command to its end. */
export function ablate(...args: string[]): Promise<CliResult> {
  return new CliProcess(args).result
}

/** Runs the command with `--json` and parses its single line; throws when it fails. */
export async function ablateJson<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await ablate(...args, '--json')
  if (status !== 0) throw new Error(`ablate ${args.join(' ')} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as T
}
