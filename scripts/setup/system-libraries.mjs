import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from '../lib/errors.mjs'
import { fingerprint } from '../lib/hash.mjs'
import { inProject } from '../lib/paths.mjs'
import { capture, which } from '../lib/process.mjs'
import { say } from '../lib/progress.mjs'
import { aptCommand, aptInstall, asNamedHere, canInstall } from './apt.mjs'

const WINDOW = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libnotify4', 'libxss1', 'libxtst6']
const RENAMED = new Set(['libgtk-3-0', 'libasound2'])
const FONTS = ['fonts-liberation']
const VIRTUAL_SCREEN = ['xvfb', 'xauth']
const packageRecord = '/var/lib/dpkg/status'

/** The system's libraries that Electron's window needs, and for the tests a screen that needs no monitor. */
/** @type {import('./context.mjs').Step} */
export const systemLibraries = {
  title: 'Libraries of the system',

  isReady(context) {
    if (process.platform !== 'linux') return true
    return (
      existsSync(packageRecord) &&
      [stampName(context), stampName({ forTests: true })].some((name) => context.stamps[name] === inputs(context))
    )
  },

  async run(context) {
    const lacking = await findLacking(context)
    if (lacking.packages.length > 0) await provide(context, lacking)
    const left = await findLacking(context)
    if (left.packages.length > 0 && context.wantsWindow)
      throw new SetupError(
        `The window still lacks ${left.names.join(', ')}: install them with your system's packages, then type npm run setup again.`,
      )
    if (left.packages.length === 0 && existsSync(packageRecord)) context.stamp(stampName(context), inputs(context))
  },
}

const stampName = ({ forTests }) => (forTests ? 'systemLibrariesForTests' : 'systemLibraries')

const inputs = (context) => fingerprint([context.setup.electron?.path, statSync(packageRecord).mtimeMs])

async function provide(context, { packages, names }) {
  const here = await asNamedHere(packages, RENAMED)
  if (canInstall()) {
    say(`  installing ${here.join(' ')}`)
    return aptInstall(here)
  }
  const message = `The window needs libraries that this system lacks (${names.join(', ')}): type ${aptCommand(here)}, then npm run setup again.`
  if (context.wantsWindow) throw new SetupError(message)
  say(`  note: ${message}`)
}

async function findLacking(context) {
  const libraries = await missingLibraries(path.dirname(inProject(context.setup.electron.path)))
  const noFonts = !hasFonts()
  const noScreen = context.forTests && !(which('Xvfb') && which('xvfb-run') && which('xauth'))
  return {
    packages: [...(libraries.length > 0 ? WINDOW : []), ...(noFonts ? FONTS : []), ...(noScreen ? VIRTUAL_SCREEN : [])],
    names: [...libraries, ...(noFonts ? ['a font'] : []), ...(noScreen ? ['Xvfb and xauth'] : [])],
  }
}

async function missingLibraries(folder) {
  const files = readdirSync(folder).filter((name) => name === 'electron' || /\.so(\.|$)/.test(name))
  const { output } = await capture(
    'ldd',
    files.map((name) => path.join(folder, name)),
  )
  const missing = [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1])
  return [...new Set(missing)].filter((name) => !files.includes(name))
}

function hasFonts() {
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts']
  return folders.some(
    (folder) =>
      existsSync(folder) &&
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => /\.(ttf|otf|ttc|pfb)$/i.test(name)),
  )
}
