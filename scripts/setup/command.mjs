import { chmodSync, statSync } from 'node:fs'
import { isLinked, linkTo } from '../lib/links.mjs'
import { inProject } from '../lib/paths.mjs'

const script = inProject('scripts', 'ablate.mjs')
const link = inProject('node_modules', '.bin', 'ablate')

/** The command `npx ablate` of this clone: npm links the commands of dependencies, not those of the project itself. */
/** @type {import('./context.mjs').Step} */
export const command = {
  title: 'The command ablate',
  isReady: () => isLinked(link, script) && (statSync(script).mode & 0o111) !== 0,
  async run() {
    chmodSync(script, 0o755)
    linkTo(link, script)
  },
}
