import { capture, isRoot, which } from '../lib/process.mjs'
import { SetupError, looksOffline } from '../lib/errors.mjs'

/** Whether packages of the system can be installed without asking anybody. */
export const canInstall = () => process.platform === 'linux' && isRoot() && which('apt-get') !== null

/**
 * What a person types to install packages of the system.
 * @param {string[]} packages
 */
export const aptCommand = (packages) =>
  `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`

/**
 * Installs packages of the system; needs root.
 * @param {string[]} packages
 */
export async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const update = await capture('apt-get', ['update', '-qq'], { env })
  const install = await capture('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
  if (install.code === 0) return
  const output = update.output + install.output
  if (looksOffline(output) || /Unable to locate package|Failed to fetch/.test(output))
    throw new SetupError(
      `The system's packages could not be fetched: connect to the network, then type ${aptCommand(packages)}.`,
    )
  throw new SetupError(
    `The system's packages could not be installed: type ${aptCommand(packages)}, read what it says, then type npm run setup again.`,
  )
}

/**
 * The names a release uses: Debian 13 and Ubuntu 24.04 renamed some libraries.
 * @param {string[]} packages
 * @param {Set<string>} renamed those of them that may have another name
 */
export async function asNamedHere(packages, renamed) {
  if (!which('apt-cache')) return packages
  const named = []
  for (const name of packages) {
    if (!renamed.has(name)) {
      named.push(name)
      continue
    }
    const newer = await capture('apt-cache', ['show', '--no-all-versions', `${name}t64`])
    named.push(newer.code === 0 && newer.output.includes('Package:') ? `${name}t64` : name)
  }
  return named
}
