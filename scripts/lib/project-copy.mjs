import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { inProject, root } from './paths.mjs'

// Neither needed by tests nor safe to share while set-up runs.
const LEFT_OUT = new Set(['.git', '.ablate', 'test-results', 'playwright-report', 'shared'])
const OWN_FOLDERS = [
  'home',
  'home/.config',
  'home/.cache',
  'home/.local/share',
  'home/.local/state',
  'tmp',
  'run',
  'project',
]
const READABLE_BY_ALL = 0o004

/** @typedef {{ place: string, project: string }} Copy */

/**
 * A temporary place for a run of the end-to-end tests. For another user it holds a copy of the project that this user
 * can read, out of hard links where the disk allows it; without a user the project itself is used.
 * @param {import('./ordinary-user.mjs').User | null} user
 * @param {string[]} writable folders of the project that the tests write to
 * @returns {Copy}
 */
export function makeTemporaryCopy(user, writable) {
  const place = mkdtempSync(path.join(temporaryFolder(user !== null), 'ablate-tests-'))
  const copy = { place, project: user ? path.join(place, 'project') : root }
  try {
    chmodSync(place, 0o755)
    for (const folder of OWN_FOLDERS) mkdirSync(path.join(place, folder), { recursive: true })
    chmodSync(path.join(place, 'run'), 0o700)
    if (user) fillFor(user, copy, writable)
    return copy
  } catch (error) {
    removeCopy(copy)
    throw error
  }
}

/**
 * Brings what the tests wrote into the project.
 * @param {Copy} copy
 * @param {string[]} folders
 */
export function copyBack(copy, folders) {
  for (const folder of folders) {
    const from = path.join(copy.project, folder)
    if (!existsSync(from) || readdirSync(from).length === 0) continue
    rmSync(inProject(folder), { recursive: true, force: true })
    cpSync(from, inProject(folder), { recursive: true })
  }
}

/**
 * Removes the temporary place.
 * @param {Copy} copy
 */
export const removeCopy = (copy) => rmSync(copy.place, { recursive: true, force: true, maxRetries: 5 })

/** On the project's own disk if there is such a place, for hard links do not reach further. */
function temporaryFolder(preferSameDisk) {
  const candidates = [os.tmpdir(), '/var/tmp', '/tmp']
  const device = statSync(root).dev
  const near = candidates.find((folder) => existsSync(folder) && statSync(folder).dev === device)
  return (preferSameDisk ? near : undefined) ?? os.tmpdir()
}

function fillFor(user, { place, project }, writable) {
  const linkable =
    statSync(place).dev === statSync(root).dev && (statSync(inProject('package.json')).mode & READABLE_BY_ALL) !== 0
  const names = readdirSync(root).filter((name) => !LEFT_OUT.has(name))
  copyInto(
    project,
    names.map((name) => inProject(name)),
    linkable,
  )
  const workshop = path.join(project, '.ablate')
  mkdirSync(workshop)
  const needed = ['setup.json', 'electron', 'tensorflow', 'better-sqlite3'].filter((name) =>
    existsSync(inProject('.ablate', name)),
  )
  copyInto(
    workshop,
    needed.map((name) => inProject('.ablate', name)),
    linkable,
  )
  if (!linkable) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, project])
  for (const folder of writable) {
    rmSync(path.join(project, folder), { recursive: true, force: true })
    mkdirSync(path.join(project, folder), { recursive: true })
    chownSync(path.join(project, folder), user.uid, user.gid)
  }
  for (const folder of [...OWN_FOLDERS, 'home/.local', 'project/out'])
    chownSync(path.join(place, folder), user.uid, user.gid)
}

function copyInto(folder, sources, linkable) {
  execFileSync('cp', [linkable ? '-al' : '-a', '--', ...sources, folder])
}
