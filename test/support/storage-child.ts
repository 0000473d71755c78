/**
 * A second process for tests of the storage: `node storage-child.ts COMMAND DIRECTORY [RUN]`.
 * Answers are lines of JSON on standard output.
 */
import { writeSync } from 'node:fs'
import { openInMemory } from '../../src-core/storage/database.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'

const [command, directory, runId] = process.argv.slice(2) as [string, string, string]
const application = 'a second process'

/** Only now, with all code and the native addon loaded: the project's folder may be one that only root can read. */
function becomeUser(id: number): void {
  openInMemory().close()
  process.setgroups!([])
  process.setgid!(id)
  process.setuid!(id)
}

if (process.env.ABLATE_TEST_USER_ID) becomeUser(Number(process.env.ABLATE_TEST_USER_ID))

/** Written at once: an answer in a buffer would be lost with the process. */
function say(answer: object): void {
  writeSync(1, `${JSON.stringify(answer)}\n`)
}

function record(step: number) {
  const metrics = { 'train/loss': 1 / step, 'train/accuracy': step }
  return { step, epoch: step / 10, wallTime: step, activeTime: step, metrics }
}

function appendForEver(): void {
  const workspace = openWorkspace(directory, { application })
  let step = workspace.metrics.lastStep(runId)
  for (;;) {
    const batch = [record(++step), record(++step), record(++step)]
    workspace.write(() => {
      workspace.metrics.append(runId, batch)
      workspace.runs.update(runId, { step })
    })
    say({ committed: step })
  }
}

/** Opens for writing and keeps it open until the process is ended. */
function hold(): void {
  openWorkspace(directory, { application })
  say({ opened: true })
  setInterval(() => {}, 1000)
}

function openOnce(): void {
  const workspace = openWorkspace(directory, { application })
  say({ opened: true, runs: workspace.runs.list({ deleted: false }).length })
  const from = Date.now()
  // Long enough for the other processes of a race to come too late.
  setTimeout(() => {
    say({ from, to: Date.now() })
    workspace.close()
  }, 300)
}

function read(): void {
  const workspace = openWorkspace(directory, { application, readOnly: true })
  say({ opened: true, runs: workspace.runs.list({ deleted: false }).length })
  workspace.close()
}

try {
  const commands: Record<string, () => void> = { append: appendForEver, hold, open: openOnce, read }
  commands[command]!()
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  say({ code, message })
}
