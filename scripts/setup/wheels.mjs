import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SetupError, fetchFailed } from '../lib/errors.mjs'
import { verifyFile } from '../lib/hash.mjs'
import { workshop } from '../lib/paths.mjs'
import { capture, which } from '../lib/process.mjs'
import { meter } from '../lib/progress.mjs'
import { aptInstall, canInstall } from './apt.mjs'

const store = path.join(workshop, 'downloads')

/** Fails unless Python's pip can be used; as root on Debian it is installed. */
export async function needPip() {
  if (!which('python3'))
    throw new SetupError(
      'Python 3 was not found: type sudo apt-get install python3 python3-pip (or install it from your system), then npm run setup again.',
    )
  const hasPip = async () => (await capture('python3', ['-m', 'pip', '--version'])).code === 0
  if (await hasPip()) return
  if (canInstall()) await aptInstall(['python3-pip'])
  if (!(await hasPip()))
    throw new SetupError(
      'pip for Python 3 was not found: type sudo apt-get install python3-pip, then npm run setup again.',
    )
}

/**
 * Fetches a wheel through pip, which knows the user's index, mirror and proxy. A finished one is kept for the next try.
 * @param {import('./context.mjs').Context} context
 * @param {import('./pins.mjs').Wheel} wheel
 * @returns {Promise<string>} its place
 */
export async function fetchWheel(context, wheel) {
  const kept = path.join(store, wheel.file)
  const pin = { algorithm: /** @type {const} */ ('sha256'), digest: wheel.sha256 }
  if (existsSync(kept)) return kept
  const folder = context.scratch('wheel')
  const file = path.join(folder, wheel.file)
  const { code, output } = await pipDownload(wheel, folder)
  const log = context.log('pip', output)
  if (/HASHES/.test(output) && code !== 0)
    throw new SetupError(
      `${wheel.file} arrived damaged or changed: type npm run setup again, and if that repeats, look at the mirror or proxy between you and the package index.`,
    )
  if (code !== 0 || !existsSync(file)) throw fetchFailed(`${wheel.name} ${wheel.version}`, output, log)
  await verifyFile(file, pin, wheel.file)
  mkdirSync(store, { recursive: true })
  renameSync(file, kept)
  return kept
}

async function pipDownload(wheel, folder) {
  const requirements = path.join(folder, 'requirements.txt')
  writeFileSync(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`)
  const progress = meter(`${wheel.name} ${wheel.version}`)
  const timer = setInterval(() => progress.update(largestFile(folder), wheel.bytes), 200)
  try {
    return await capture('python3', ['-m', 'pip', ...pipArguments(wheel, folder, requirements)], {
      env: { ...process.env, TMPDIR: folder },
    })
  } finally {
    clearInterval(timer)
    progress.end()
  }
}

function pipArguments(wheel, folder, requirements) {
  // The tags of the file itself: the wheel is unpacked, not installed, so this machine's Python does not matter.
  const [python, abi, platforms] = wheel.file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(2)
  const version = python === 'py3' ? [] : ['--python-version', python.replace(/^cp(\d)/, '$1.')]
  return [
    ...[
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '--progress-bar',
      'off',
      '--no-input',
      '--retries',
      '2',
    ],
    ...[
      '--disable-pip-version-check',
      '--dest',
      folder,
      '--implementation',
      abi === 'none' ? 'py' : 'cp',
      '--abi',
      abi,
    ],
    ...version,
    ...platforms.split('.').flatMap((platform) => ['--platform', platform]),
    ...['--requirement', requirements],
  ]
}

/** pip writes into a folder of its own below TMPDIR. */
function largestFile(folder) {
  let largest = 0
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      largest = Math.max(largest, statSync(path.join(folder, name)).size)
  } catch {
    // a file went away while it was looked at
  }
  return largest
}
