import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { capture } from './process.mjs'

/** @typedef {{ uid: number, gid: number }} User */

/**
 * A user without rights of its own, made at the first call; needs root.
 * @param {string} name
 * @returns {Promise<User>}
 */
export async function ordinaryUser(name) {
  const find = async (flag) => Number((await capture('id', [flag, name])).output.trim())
  if ((await capture('id', [name])).code !== 0) {
    const { code, output } = await capture('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      name,
    ])
    if (code !== 0) throw new Error(`The user ${name} for the end-to-end tests could not be made: ${output.trim()}`)
  }
  return { uid: await find('-u'), gid: await find('-g') }
}

/**
 * Lets Chromium make its sandbox for that user. Where the kernel gives ordinary users no namespaces, Chromium has a
 * helper that must belong to root and run as root.
 * @param {User} user
 * @param {string} project
 * @param {string} electron place of the program in the project
 */
export async function allowSandbox(user, project, electron) {
  if (!existsSync('/tmp/.X11-unix')) {
    mkdirSync('/tmp/.X11-unix', { recursive: true })
    chmodSync('/tmp/.X11-unix', 0o1777)
  }
  const free = await capture('unshare', ['--user', 'true'], { uid: user.uid, gid: user.gid })
  if (free.code === 0) return
  // A copy of its own, since a mode belongs to the file and not to the hard link.
  const helper = path.join(project, path.dirname(electron), 'chrome-sandbox')
  copyFileSync(helper, `${helper}.own`)
  chownSync(`${helper}.own`, 0, 0)
  chmodSync(`${helper}.own`, 0o4755)
  renameSync(`${helper}.own`, helper)
}

/**
 * Ends the processes that were started with a folder in their environment, and waits until they are gone.
 * @param {string} folder
 */
export async function endProcessesOf(folder) {
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGKILL']) {
    const found = processesOf(folder)
    if (found.length === 0) return
    for (const pid of found) tryKill(pid, signal)
    for (let wait = 0; wait < 30 && processesOf(folder).length > 0; wait++) await sleep(100)
  }
}

function processesOf(folder) {
  if (!existsSync('/proc/self/environ')) return []
  const marks = [`HOME=${folder}/`, `TMPDIR=${folder}/`]
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => marks.some((mark) => environmentOf(pid).includes(mark)))
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

function tryKill(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended by itself
  }
}
