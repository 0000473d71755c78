import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { sandboxFor } from '../../scripts/lib/electron-sandbox.mjs'
import { inProject, readJson, setupFile } from '../../scripts/lib/paths.mjs'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { interruptible } from '../interruption.ts'

const printer = fileURLToPath(new URL('../../src-main/printer', import.meta.url))
const defaultTimeLimit = 60_000
/** Lines of what Electron said that are repeated in an error. */
const mostLines = 4
const instead = 'A report as .html always works, and any browser prints it.'

/** The part of `.ablate/setup.json` that is needed here; scripts/setup.mjs writes the file. */
const setupSchema = z.object({ electron: z.object({ path: z.string() }) })

function failed(what: string): WorkbenchError {
  return new WorkbenchError('not-printed', `The PDF could not be made: ${what} ${instead}`)
}

/** @throws WorkbenchError `not-printed` */
function installedElectron(): string {
  const setup = setupSchema.safeParse(readJson(setupFile))
  if (setup.success) return inProject(setup.data.electron.path)
  throw failed('it is printed by Electron, which is not set up; npm run setup fetches it.')
}

/** Without what Electron says on every machine that has no system bus. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/ERROR:.*bus\.cc|dbus/i.test(line))
  return lines.length === 0 ? 'and said nothing.' : `and said:\n${lines.slice(-mostLines).join('\n')}\n`
}

/** Runs Electron to its end; answers how it ended where it did not succeed, null where it did. */
function runElectron(executable: string, args: readonly string[], timeLimit: number): Promise<string | null> {
  const env = { ...process.env }
  // Set in terminals of programs that are Electron themselves: it would start as Node.
  delete env.ELECTRON_RUN_AS_NODE
  const child = spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  let interrupted = false
  let late = false
  const timer = setTimeout(() => (late = child.kill('SIGKILL')), timeLimit)
  const interrupt = (): void => void (interrupted = child.kill())
  return interruptible(
    interrupt,
    () =>
      new Promise<string | null>((resolve, reject) => {
        child.once('error', (error) => resolve(`could not be started (${error.message}).`))
        child.once('close', (code, signal) => {
          if (interrupted) reject(new WorkbenchError('cancelled', 'The PDF was cancelled.'))
          else if (late) resolve(`did not end within ${timeLimit / 1000} s ${lastWords(stderr)}`)
          else resolve(code === 0 ? null : `ended with ${signal ?? `status ${code}`} ${lastWords(stderr)}`)
        })
      }),
  ).finally(() => clearTimeout(timer))
}

export interface PrinterOptions {
  /** The Electron that prints; the one that set-up installed by default. */
  readonly executable?: string
  /** Milliseconds after which it is given up. */
  readonly timeLimit?: number
}

/**
 * Prints an HTML file in Electron, without a window and without a display.
 * @returns the PDF
 * @throws WorkbenchError `not-printed` saying what was tried; `cancelled` when the command is asked to end meanwhile.
 */
export async function printPdf(
  page: string,
  { executable = installedElectron(), timeLimit = defaultTimeLimit }: PrinterOptions = {},
): Promise<Uint8Array> {
  const sandbox = await sandboxFor(executable)
  if (sandbox.problem) throw failed(`${sandbox.problem}.`)
  // Chromium's own drawing without a display, which is as good where there is one.
  const flags = [...sandbox.flags, ...(process.platform === 'linux' ? ['--ozone-platform=headless'] : [])]
  const folder = mkdtempSync(join(tmpdir(), 'ablate-printer-'))
  try {
    const pdf = join(folder, 'report.pdf')
    const options = [...flags, `--user-data-dir=${join(folder, 'user')}`]
    const problem = await runElectron(executable, [...options, printer, page, pdf], timeLimit)
    if (problem === null && existsSync(pdf)) return readFileSync(pdf)
    const tried = [executable, ...flags].join(' ')
    throw failed(`Electron (tried: ${tried}) ${problem ?? 'ended without having printed anything.'}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
