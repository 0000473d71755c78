import path from 'node:path'
import { SetupError } from './lib/errors.mjs'
import { takeLock } from './lib/lock.mjs'
import { workshop } from './lib/paths.mjs'
import { endRunning } from './lib/process.mjs'
import { say } from './lib/progress.mjs'
import { binding } from './setup/binding.mjs'
import { command } from './setup/command.mjs'
import { Context } from './setup/context.mjs'
import { describeElectron, electron } from './setup/electron/index.mjs'
import { npmPackages } from './setup/npm-packages.mjs'
import { needSupportedPlatform } from './setup/platform.mjs'
import { sqlite } from './setup/sqlite.mjs'
import { systemLibraries } from './setup/system-libraries.mjs'
import { tensorflow } from './setup/tensorflow.mjs'
import { toolNode } from './setup/tool-node.mjs'

const USAGE = 'Usage: npm run setup [-- --for-tests] [--retry-electron]'
const steps = [npmPackages, toolNode, tensorflow, binding, electron, sqlite, systemLibraries, command]

async function main(args) {
  const unknown = args.find((argument) => !['--for-tests', '--retry-electron'].includes(argument))
  if (unknown) throw new SetupError(`${unknown} is no option of set-up. ${USAGE}`)
  needSupportedPlatform()
  const lock = path.join(workshop, 'lock')
  const release = await takeLock(lock, (owner) => say(`Waiting for the set-up that runs as process ${owner}.`))
  try {
    const context = new Context(args)
    context.clearScratch()
    await needs(context)
    await runSteps(context)
    say(summary(context.setup))
  } finally {
    release()
  }
}

/** Asks for all tools before the first download, not after the last. */
async function needs(context) {
  for (const step of steps) if (step.needs && !step.isReady(context)) await step.needs(context)
}

async function runSteps(context) {
  for (const [index, step] of steps.entries()) {
    if (step.isReady(context)) continue
    const start = Date.now()
    say(`[${index + 1}/${steps.length}] ${step.title}`)
    await step.run(context)
    say(`  done in ${((Date.now() - start) / 1000).toFixed(1)} s`)
  }
}

const summary = ({ tensorflow: { version, variant }, electron: inUse }) =>
  `Ready: TensorFlow ${version} (${variant === 'gpu' ? 'CUDA' : 'CPU'}), ${describeElectron(inUse)}.`

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => {
    endRunning()
    console.error('Interrupted; npm run setup takes up from here.')
    process.exit(code)
  })

main(process.argv.slice(2)).catch((error) => {
  const full =
    error.code === 'ENOSPC' ? 'The disk is full: make room (about 3 GB), then type npm run setup again.' : null
  const plain =
    error instanceof SetupError ? error.message : `Set-up failed (${error.message}): type npm run setup again.`
  console.error(full ?? plain)
  process.exit(1)
})
