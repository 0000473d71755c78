import { mkdirSync, renameSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, toolNode } from '../../lib/paths.mjs'
import { capture } from '../../lib/process.mjs'
import { meter, say } from '../../lib/progress.mjs'

const SILENCE_MS = 30_000
const child = fileURLToPath(new URL('fetch-release.mjs', import.meta.url))

/** The program inside an unpacked release. */
export const releaseExecutable =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron'

/**
 * Fetches the release of Electron from its own host, or gives up once the host has been silent for a while.
 * @param {import('../context.mjs').Context} context
 * @param {string} version
 * @param {string} folder where it goes
 * @returns {Promise<boolean>} whether it arrived
 */
export async function fetchRelease(context, version, folder) {
  say(`  asking the release host for Electron ${version}`)
  const aside = context.scratch('electron')
  const silence = watchSilence()
  const progress = meter(`Electron ${version}`)
  const onLine = (line) => {
    const [, done, total] = /^progress (\d+) (\d+)$/.exec(line) ?? []
    if (line === 'unpacking') silence.stop()
    else if (done) {
      silence.restart()
      progress.update(Number(done), Number(total))
    }
  }
  // Node asks the proxy of the environment only when told to.
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1' }
  const { code, output } = await capture(toolNode, [child, aside], { cwd: root, env, onLine, signal: silence.signal })
  silence.stop()
  progress.end()
  context.log('electron', output)
  if (code !== 0) return false
  mkdirSync(path.dirname(folder), { recursive: true })
  renameSync(aside, folder)
  return true
}

function watchSilence() {
  const controller = new AbortController()
  let timer
  const stop = () => clearTimeout(timer)
  const restart = () => {
    stop()
    timer = setTimeout(() => controller.abort(), SILENCE_MS)
  }
  restart()
  return { signal: controller.signal, restart, stop }
}
