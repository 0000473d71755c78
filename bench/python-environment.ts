import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { spawnSync } from 'node:child_process'

const folder = resolve(import.meta.dirname, '../.ablate/bench-python')
const finished = join(folder, 'finished')
const packages = ['keras', 'tensorflow-cpu', 'torch', 'numpy']

function run(command: string, commandArguments: string[]): void {
  const { status } = spawnSync(command, commandArguments, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${command} ${commandArguments.join(' ')} ended with status ${status}.`)
}

/**
 * A private Python environment with Keras, TensorFlow and PyTorch, made on first use (several gigabytes).
 * ABLATE_BENCH_PYTHON names another interpreter that has them.
 * @returns the place of its interpreter.
 */
export function benchPython(): string {
  const own = process.env['ABLATE_BENCH_PYTHON']
  if (own) return own
  const python = join(folder, 'bin', 'python')
  if (existsSync(finished)) return python
  process.stderr.write(`Setting up ${packages.join(', ')} in ${folder}; this takes some minutes once.\n`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  run('python3', ['-m', 'venv', folder])
  run(python, ['-m', 'pip', 'install', '--quiet', ...packages])
  writeFileSync(finished, '')
  return python
}

/** Adds a package to the environment where it is not there yet. */
export function benchPackage(python: string, name: string): void {
  const { status } = spawnSync(python, ['-c', `import ${name}`], { stdio: 'ignore' })
  if (status !== 0) run(python, ['-m', 'pip', 'install', '--quiet', name])
}
