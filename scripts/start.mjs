import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { inProject, readJson, root, setupFile, toolNode } from './lib/paths.mjs'
import { capture, hasDisplay, isRoot, share } from './lib/process.mjs'

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
  const sandbox = await sandboxFlags(executable)
  if (!sandbox) return 1
  return share(executable, [...sandbox, root, ...process.argv.slice(2)], { cwd: root, forwardSignals: true })
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

async function sandboxFlags(executable) {
  if (process.platform !== 'linux') return []
  if (isRoot()) {
    console.error(
      'Warning: Electron cannot sandbox what it shows when root starts it, so it runs with --no-sandbox; start it as an ordinary user to have the sandbox.',
    )
    return ['--no-sandbox']
  }
  const helper = path.join(path.dirname(executable), 'chrome-sandbox')
  const hasHelper = existsSync(helper) && statSync(helper).uid === 0 && (statSync(helper).mode & 0o4000) !== 0
  if (hasHelper || (await capture('unshare', ['--user', 'true'])).code === 0) return []
  fail(
    `This system keeps Electron from making its sandbox: type sudo chown root:root ${helper} && sudo chmod 4755 ${helper}, then npm start again.`,
  )
  return null
}

process.exitCode = await main()
