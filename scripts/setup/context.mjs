import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hasDisplay } from '../lib/process.mjs'
import { readJson, setupFile, workshop } from '../lib/paths.mjs'

const stampFile = path.join(workshop, 'stamps.json')
const scratch = path.join(workshop, 'tmp')

/**
 * One part of set-up. `isReady` is cheap and changes nothing; `run` makes its result aside and moves it into place.
 * @typedef {object} Step
 * @property {string} title
 * @property {(context: Context) => boolean} isReady
 * @property {(context: Context) => Promise<void>} run
 * @property {(context: Context) => Promise<void>} [needs] throws when a tool of the system is missing
 */

/** What the steps share: the wishes of the caller, and what earlier steps and runs have found. */
export class Context {
  /** @param {string[]} args */
  constructor(args) {
    this.forTests = args.includes('--for-tests')
    this.retryElectron = args.includes('--retry-electron')
    this.wantsWindow = this.forTests || hasDisplay()
    this.setup = readJson(setupFile) ?? {}
    this.stamps = readJson(stampFile) ?? {}
  }

  /**
   * Records something for the app and the launchers.
   * @param {object} facts
   */
  record(facts) {
    Object.assign(this.setup, facts)
    writeAtomically(setupFile, this.setup)
  }

  /**
   * Remembers that a step was done with these inputs.
   * @param {string} step
   * @param {string} fingerprint
   */
  stamp(step, fingerprint) {
    this.stamps[step] = fingerprint
    writeAtomically(stampFile, this.stamps)
  }

  /**
   * A new empty folder on the disk of the project, gone at the next start.
   * @param {string} name
   */
  scratch(name) {
    const folder = path.join(scratch, name)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    return folder
  }

  /** Removes what an interrupted run left. */
  clearScratch() {
    rmSync(scratch, { recursive: true, force: true })
  }

  /**
   * Keeps the output of a tool where it can be read.
   * @param {string} name
   * @param {string} output
   * @returns {string} the file's place, relative to the project
   */
  log(name, output) {
    mkdirSync(path.join(workshop, 'logs'), { recursive: true })
    writeFileSync(path.join(workshop, 'logs', `${name}.log`), output)
    return path.join('.ablate', 'logs', `${name}.log`)
  }
}

function writeAtomically(file, value) {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}
