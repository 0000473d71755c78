import { chmodSync, existsSync, realpathSync, symlinkSync, rmSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from '../lib/errors.mjs'
import { isLinked, linkTo } from '../lib/links.mjs'
import { inProject, root, toolNode as link } from '../lib/paths.mjs'

const OLDEST = [22, 12]
const packaged = inProject('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')

/**
 * Whether a Node is new enough for the tool chain.
 * @param {string} version as in process.versions.node
 */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** The Node that npm scripts find first: a packaged one where npm has it for this platform, else the caller's own. */
/** @type {import('./context.mjs').Step} */
export const toolNode = {
  title: 'Node for the tool chain',

  isReady(context) {
    if (existsSync(packaged)) return isLinked(link, packaged) && Boolean(context.setup.node)
    return existsSync(link) && Boolean(context.setup.node)
  },

  async run(context) {
    if (existsSync(packaged)) {
      chmodSync(packaged, 0o755)
      linkTo(link, packaged)
      context.record({ node: path.relative(root, packaged) })
      return
    }
    if (!isNewEnough(process.versions.node))
      throw new SetupError(
        `Node ${process.versions.node} is too old here and npm has no packaged Node for ${process.platform}-${process.arch}: install Node 24, then type npm run setup again.`,
      )
    rmSync(link, { force: true })
    symlinkSync(realpathSync(process.execPath), link)
    context.record({ node: realpathSync(process.execPath) })
  },
}
