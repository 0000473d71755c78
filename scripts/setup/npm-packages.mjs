import { existsSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { SetupError, fetchFailed } from '../lib/errors.mjs'
import { fingerprint } from '../lib/hash.mjs'
import { inProject, readJson, root, workshop } from '../lib/paths.mjs'
import { capture, which } from '../lib/process.mjs'

const lockFile = inProject('package-lock.json')
const installedFile = inProject('node_modules', '.package-lock.json')
// npm's own pauses between its tries add up to more than a minute.
const SOONER_OFFLINE = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=8000']
const unfinished = inProject('.ablate', 'npm-unfinished')

/**
 * Whether what is installed is what the lock file asks for. A package may be absent if it is optional, for another
 * platform that is, or if nobody needs it.
 * @param {{ packages: Record<string, any> }} wanted package-lock.json
 * @param {{ packages: Record<string, any> }} installed what npm wrote into node_modules
 */
export function matchesLock(wanted, installed) {
  return Object.entries(wanted.packages).every(([place, entry]) => {
    if (place === '' || entry.link || entry.extraneous) return true
    const found = installed.packages[place]
    return found ? found.version === entry.version : Boolean(entry.optional || entry.devOptional || entry.peer)
  })
}

/** @type {import('./context.mjs').Step} */
export const npmPackages = {
  title: 'npm packages',

  isReady(context) {
    const installed = readJson(installedFile)
    if (!installed || existsSync(unfinished)) return false
    const wanted = readJson(lockFile)
    return !wanted || context.stamps.npm === fingerprint([wanted, installed]) || matchesLock(wanted, installed)
  },

  async needs() {
    if (!which('npm'))
      throw new SetupError('npm was not found: install it next to Node (on Debian: apt-get install npm).')
  },

  // Scripts stay off: the one of tfjs-node downloads from hosts that have stopped answering, the rest is not needed.
  async run(context) {
    mkdirSync(workshop, { recursive: true })
    writeFileSync(unfinished, '')
    const verb = existsSync(lockFile) ? 'ci' : 'install'
    const { code, output } = await capture(
      'npm',
      [verb, '--ignore-scripts', '--no-audit', '--no-fund', ...SOONER_OFFLINE],
      { cwd: root },
    )
    const log = context.log('npm', output)
    if (code !== 0 && /EUSAGE/.test(output))
      throw new SetupError('package-lock.json does not fit package.json: type npm install --ignore-scripts.')
    if (code !== 0) throw fetchFailed('The npm packages', output, log)
    rmSync(unfinished)
    context.stamp('npm', fingerprint([readJson(lockFile), readJson(installedFile)]))
  },
}
