// Runs the end-to-end tests: node scripts/e2e.mjs [arguments for Playwright]
import { existsSync } from 'node:fs'
import path from 'node:path'
import { copyBack, makeTemporaryCopy, removeCopy } from './lib/project-copy.mjs'
import { inProject, readJson, setupFile } from './lib/paths.mjs'
import { isRoot, share, which } from './lib/process.mjs'
import { allowSandbox, endProcessesOf, ordinaryUser } from './lib/ordinary-user.mjs'

const SCREEN = '-screen 0 1920x1200x24'
const RESULTS = ['test-results', 'playwright-report', path.join('out', 'screenshots')]
const FOLDERS = {
  HOME: 'home',
  TMPDIR: 'tmp',
  XDG_CONFIG_HOME: 'home/.config',
  XDG_CACHE_HOME: 'home/.cache',
  XDG_DATA_HOME: 'home/.local/share',
  XDG_STATE_HOME: 'home/.local/state',
  XDG_RUNTIME_DIR: 'run',
}

async function main(args) {
  const { electron } = readJson(setupFile) ?? {}
  if (!electron || !existsSync(inProject('out', 'main', 'index.js')))
    return fail('There is no built app to test: type npm run setup && npm run build.')
  if (process.platform === 'linux' && !which('xvfb-run'))
    return fail('xvfb-run was not found: type npm run setup -- --for-tests.')
  // Chromium has no sandbox as root, and the tests are to see the app as its users run it.
  const user = isRoot() ? await ordinaryUser('ablate-tests') : null
  const copy = makeTemporaryCopy(user, RESULTS)
  stopWith(() => cleanUp(copy))
  try {
    if (user) await allowSandbox(user, copy.project, electron.path)
    return await runPlaywright(args, copy, user, electron.path)
  } finally {
    if (user) copyBack(copy, RESULTS)
    await cleanUp(copy)
  }
}

function fail(sentence) {
  console.error(sentence)
  return 1
}

function runPlaywright(args, copy, user, electron) {
  const playwright = [path.join(copy.project, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', ...args]
  const node = path.join(copy.project, 'node_modules', '.bin', 'node')
  const screen = process.platform === 'linux' ? ['xvfb-run', '-a', '-s', SCREEN] : []
  const [command, ...rest] = [...screen, node, ...playwright]
  const env = {
    ...environment(copy),
    // Pictures are taken only for who asks for them: they take minutes.
    ...(args.includes('screenshots') && { ABLATE_LOOK: '1' }),
    ABLATE_ELECTRON: path.join(copy.project, electron),
    PATH: [path.join(copy.project, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter),
  }
  return share(command, rest, { cwd: copy.project, env, ...(user && { uid: user.uid, gid: user.gid }) })
}

/** Homes and temporary folders of the tests' own; what the user has there is neither seen nor touched. */
function environment(copy) {
  const own = Object.fromEntries(Object.entries(FOLDERS).map(([name, folder]) => [name, path.join(copy.place, folder)]))
  const env = { ...process.env, ...own }
  // Windows go to the screen of the tests, and nothing talks to the user's session.
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS'])
    if (process.platform === 'linux') delete env[name]
  return env
}

async function cleanUp(copy) {
  await endProcessesOf(copy.place)
  removeCopy(copy)
}

function stopWith(undo) {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.once(signal, async () => {
      await undo()
      process.exit(code)
    })
}

process.exitCode = await main(process.argv.slice(2))
