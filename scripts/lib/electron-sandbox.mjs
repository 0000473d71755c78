import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { capture, isRoot } from './process.mjs'

/**
 * With what Electron has to be started here for its sandbox: nothing, or without one for root, who cannot have it.
 * @param {string} executable the Electron that is to be started
 * @returns {Promise<{ flags: string[], problem: string | null }>} problem: why it cannot be started at all, and what to
 *   do about it, without a full stop
 */
export async function sandboxFor(executable) {
  if (process.platform !== 'linux') return { flags: [], problem: null }
  if (isRoot()) return { flags: ['--no-sandbox'], problem: null }
  const helper = path.join(path.dirname(executable), 'chrome-sandbox')
  const hasHelper = existsSync(helper) && statSync(helper).uid === 0 && (statSync(helper).mode & 0o4000) !== 0
  if (hasHelper || (await capture('unshare', ['--user', 'true'])).code === 0) return { flags: [], problem: null }
  const repair = `sudo chown root:root ${helper} && sudo chmod 4755 ${helper}`
  return { flags: [], problem: `This system keeps Electron from making its sandbox: type ${repair}` }
}
