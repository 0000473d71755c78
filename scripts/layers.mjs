/**
 * Which folder may import which: the one list behind the lint rule and the test of import directions.
 * domain <- contract, engine, storage <- runs <- the process folders. Arrows never point back.
 */

const processFolders = ['src-main', 'src-trainer', 'src-cli', 'src-preload', 'src-renderer']
const coreFolders = ['domain', 'contract', 'engine', 'storage', 'report', 'runs'].map((name) => `src-core/${name}`)
const everything = [...coreFolders, ...processFolders]

const allowed = {
  'src-core/domain': [],
  'src-core/contract': ['src-core/domain'],
  'src-core/engine': ['src-core/domain'],
  'src-core/storage': ['src-core/domain'],
  'src-core/report': ['src-core/domain', 'src-core/storage'],
  'src-core/runs': ['src-core/domain', 'src-core/contract', 'src-core/storage'],
  'src-trainer': ['src-core/domain', 'src-core/contract', 'src-core/engine'],
  'src-cli': coreFolders,
  'src-main': ['src-core/domain', 'src-core/contract', 'src-core/storage', 'src-core/report', 'src-core/runs'],
  'src-preload': ['src-core/domain', 'src-core/contract'],
  'src-renderer': ['src-core/domain', 'src-core/contract'],
}

const tensorflow = ['@tensorflow/tfjs', '@tensorflow/tfjs-node-gpu']
const window = ['svelte', 'chart.js']
const native = ['better-sqlite3', 'sharp']

const forbiddenPackages = {
  'src-core/domain': [...tensorflow, ...window, ...native, 'electron', 'node:'],
  'src-core/contract': [...tensorflow, ...window, ...native, 'electron', 'node:'],
  'src-core/engine': [...window, 'better-sqlite3', 'electron'],
  'src-core/storage': [...tensorflow, ...window, 'sharp', 'electron'],
  'src-core/report': [...tensorflow, ...window, ...native, 'electron'],
  'src-core/runs': [...tensorflow, ...window, ...native, 'electron'],
  'src-trainer': [...window, 'better-sqlite3', 'electron'],
  'src-cli': [...window, ...native, 'electron'],
  'src-main': [...tensorflow, ...window, ...native],
  'src-preload': [...tensorflow, ...window, ...native, 'node:'],
  'src-renderer': [...tensorflow, ...native, 'electron', 'node:'],
}

/** @type {{ folder: string, allowed: string[], forbidden: string[], packages: string[] }[]} */
export const layers = everything.map((folder) => ({
  folder,
  allowed: [folder, ...allowed[folder]],
  forbidden: everything.filter((other) => other !== folder && !allowed[folder].includes(other)),
  packages: forbiddenPackages[folder],
}))
