import type { Command } from 'commander'
import { existsSync, readFileSync } from 'node:fs'
import { toWireError } from '../../src-core/domain/errors.ts'
import { defaultWorkspaceDirectory } from '../../src-core/storage/default-directory.ts'
import { loadQuietly } from '../quiet-loading.ts'
import { printJson, printLine } from '../terminal/output.ts'
import { addJsonOption } from '../workspace.ts'
import { version } from '../version.ts'

interface Fact {
  readonly name: string
  readonly ok: boolean
  readonly value: string
}

/** A fact, or the reason why it could not be found out. */
async function fact(name: string, find: () => string | Promise<string>): Promise<Fact> {
  try {
    return { name, ok: true, value: await find() }
  } catch (error) {
    return { name, ok: false, value: toWireError(error).message }
  }
}

async function tensorflow(): Promise<string> {
  const { tf } = await loadQuietly(() => import('../../src-core/engine/backend.ts'))
  const { describeEnvironment } = await import('../../src-core/engine/environment.ts')
  const { tensorflow: release, device, deviceName, threads, kernels } = describeEnvironment()
  const product = tf.tidy(
    () =>
      tf
        .matMul(tf.ones([64, 64]), tf.ones([64, 64]))
        .sum()
        .dataSync()[0],
  )
  if (product !== 64 ** 3) throw new Error(`a matrix product gave ${product} instead of ${64 ** 3}`)
  return `${release} on ${device} (${deviceName}), ${threads} threads, ${kernels}`
}

async function sqlite(): Promise<string> {
  const { sqliteVersion } = await import('../../src-core/storage/database.ts')
  return sqliteVersion()
}

async function mnist(): Promise<string> {
  const { openDataset } = await import('../../src-core/engine/data/open-dataset.ts')
  const { info } = await openDataset('mnist')
  return `${info.trainImages} training and ${info.testImages} test images`
}

function electron(): string {
  const file = new URL('../../.ablate/setup.json', import.meta.url)
  if (!existsSync(file)) throw new Error('not set up; run: npm run setup')
  const setup = JSON.parse(readFileSync(file, 'utf8')) as { electron?: { version: string; source: string } | null }
  if (!setup.electron) throw new Error('not set up; run: npm run setup')
  return `${setup.electron.version} (${setup.electron.source})`
}

export function addDoctorCommand(program: Command): void {
  const command = program.command('doctor').description('Checks what Ablate needs on this machine.')
  addJsonOption(command).action(async (options: { json?: boolean }) => {
    const facts = [
      await fact('ablate', () => version),
      await fact('node', () => process.version),
      await fact('tensorflow', tensorflow),
      await fact('sqlite', sqlite),
      await fact('mnist', mnist),
      await fact('electron', electron),
      await fact('workspace', defaultWorkspaceDirectory),
    ]
    if (options.json) printJson(Object.fromEntries(facts.map(({ name, ok, value }) => [name, { ok, value }])))
    else for (const { name, ok, value } of facts) printLine(`${ok ? 'ok     ' : 'missing'}  ${name.padEnd(12)}${value}`)
    if (facts.some(({ ok }) => !ok)) process.exitCode = 1
  })
}
