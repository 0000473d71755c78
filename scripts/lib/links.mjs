import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'

const relativeTarget = (link, target) => path.relative(path.dirname(link), target)

/**
 * Whether a relative link leads to a target that exists.
 * @param {string} link
 * @param {string} target
 */
export function isLinked(link, target) {
  try {
    return readlinkSync(link) === relativeTarget(link, target) && existsSync(target)
  } catch {
    return false
  }
}

/**
 * Puts a relative link in place of whatever is there: it survives a move of the whole project.
 * @param {string} link
 * @param {string} target
 */
export function linkTo(link, target) {
  if (isLinked(link, target)) return
  mkdirSync(path.dirname(link), { recursive: true })
  rmSync(link, { recursive: true, force: true })
  symlinkSync(relativeTarget(link, target), link)
}
