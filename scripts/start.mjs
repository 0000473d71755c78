import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { sandboxFor } from './lib/electron-sandbox.mjs'
import { inProject, readJson, root, setupFile, toolNode } from './lib/paths.mjs'
import { hasDisplay, share } from './lib/process.mjs'

const SOURCES = /^(src-.*|resources|package\.json|electron\.vite\.config\.ts|tsconfig.*\.json)$/
const built = inProject('out', 'main', 'index.js')

async function main() {
  const { electron } = readJson(setupFile) ?? {}
  if (!electron) return fail(`Ablate is not set up: type npm run setup in ${root}.`)
  if (!hasDisplay()) {
    console.log('There is no display, so here is the tour of the command line; set DISPLAY for the window.')
    return share(toolNode, [inProject('scripts', 'ablate.mjs'), 'quickstart'], { cwd: root, forwardSignals: true })
  }
  if (!isBuilt() && (await build()) !== 0) return fail('The app could not be built; what went wrong stands above.')
  const executable = inProject(electron.path)
  const { flags, problem } = await sandboxFor(executable)
  if (problem) return fail(`${problem}, then npm start again.`)
  if (flags.length > 0)
    console.error(
      'Warning: Electron cannot sandbox what it shows when root starts it, so it runs with --no-sandbox; start it as an ordinary user to have the sandbox.',
    )
  return share(executable, [...flags, root, ...process.argv.slice(2)], { cwd: root, forwardSignals: true })
}

function fail(sentence) {
  console.error(sentence)
  return 1
}

/** Whether the built app is newer than everything it is built from. */
function isBuilt() {
  if (!existsSync(built)) return false
  const age = statSync(built).mtimeMs
  return readdirSync(root).every((name) => !SOURCES.test(name) || newest(inProject(name)) <= age)
}

function newest(place) {
  const own = statSync(place)
  if (!own.isDirectory()) return own.mtimeMs
  return Math.max(own.mtimeMs, ...readdirSync(place).map((name) => newest(path.join(place, name))))
}

function build() {
  console.log('Building the app.')
  return share(
    toolNode,
    [inProject('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: root },
  )
}

process.exitCode = await main()
