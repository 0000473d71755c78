import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')

/** Where set-up keeps what it makes. */
export const workshop = path.join(root, '.ablate')

/** What set-up wrote for the app and the launchers; every path in it is relative to the project. */
export const setupFile = path.join(workshop, 'setup.json')

/**
 * An absolute path inside the project.
 * @param {...string} parts
 */
export const inProject = (...parts) => path.join(root, ...parts)

/** The Node that the tool chain runs on. */
export const toolNode = inProject('node_modules', '.bin', 'node')

/**
 * Parses a JSON file; a missing or damaged one counts as absent.
 * @param {string} file
 * @returns {any} the value, or null
 */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
