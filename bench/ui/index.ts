import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { benchPython, benchPackage } from '../python-environment.ts'
import type { WindowFigures } from './measure-window.ts'
import { printFigures } from './print-figures.ts'
import { sizes, type Sizes } from './sizes.ts'
import { generateBenchWorkspace } from './workspace.ts'
import { measureWriteCost, type WriteCost } from './write-cost.ts'

interface Options {
  readonly json?: boolean
  readonly quick?: boolean
  readonly tensorboard: boolean
  /** Keeps the generated workspace here and uses it again. */
  readonly folder?: string
}

/** TensorBoard's times for the same data in the same Chromium, in milliseconds; null where it was not run. */
export type TensorboardFigures = Readonly<Record<'loadMs' | 'chartFirstPaintMs' | 'tableReadyMs' | 'startMs', number>>

export interface UiResults {
  readonly machine: object
  readonly sizes: Sizes
  readonly figures: WindowFigures & { readonly writeCostShare: number }
  readonly writeCost: WriteCost
  readonly stepMs: number
  readonly tensorboard: TensorboardFigures | null
  /** How many times as long TensorBoard needs. */
  readonly ratios: Readonly<Record<string, number>> | null
}

/** Runs a script with a screen, its own where there is none, and parses the last line that it prints. */
function runScript<Answer>(script: string, scriptArguments: readonly string[]): Answer {
  const node = [process.execPath, resolve(import.meta.dirname, script), ...scriptArguments]
  const [program, ...rest] = process.env['DISPLAY'] ? node : ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24', ...node]
  const { stdout, stderr, status, error } = spawnSync(program!, rest, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (error) throw error
  if (status !== 0) throw new Error(`${script}: ${stderr.trim().split('\n').slice(-12).join('\n')}`)
  // What could not be measured is said there.
  process.stderr.write(stderr)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Answer
}

function timeTensorboard({ runs, curves, points }: Sizes): TensorboardFigures {
  const python = benchPython()
  benchPackage(python, 'tensorboard')
  const answer = runScript<{ tensorboard: TensorboardFigures }>('tensorboard/measure-tensorboard.ts', [
    python,
    ...[curves, points, runs].map(String),
  ])
  return answer.tensorboard
}

function ratiosOf(figures: WindowFigures, tensorboard: TensorboardFigures): Record<string, number> {
  const names = ['chartFirstPaintMs', 'tableReadyMs', 'startMs'] as const
  return Object.fromEntries(names.map((name) => [name, Number((tensorboard[name] / figures[name]).toFixed(2))]))
}

function measure(options: Options, folder: string): UiResults {
  const chosen = options.quick ? sizes.quick : sizes.full
  generateBenchWorkspace(folder, chosen)
  const window = runScript<WindowFigures>('measure-window.ts', [folder, ...[chosen.curves, chosen.runs].map(String)])
  const writeCost = measureWriteCost()
  const { millisecondsPerStep: stepMs } = runScript<{ millisecondsPerStep: number }>('../overhead/bare-run.ts', [])
  const tensorboard = options.tensorboard ? timeTensorboard(chosen) : null
  return {
    machine: {
      cpu: cpus()[0]?.model.trim() ?? process.arch,
      threads: availableParallelism(),
      memoryMib: Math.round(totalmem() / 2 ** 20),
      node: process.versions.node,
    },
    sizes: chosen,
    figures: { ...window, writeCostShare: (writeCost.all - writeCost.points) / stepMs },
    writeCost,
    stepMs,
    tensorboard,
    ratios: tensorboard && ratiosOf(window, tensorboard),
  }
}

function main(options: Options): void {
  const folder = options.folder ? resolve(options.folder) : mkdtempSync(join(tmpdir(), 'ablate-bench-ui-'))
  try {
    const results = measure(options, folder)
    if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`)
    else printFigures(results)
  } finally {
    if (!options.folder) rmSync(folder, { recursive: true, force: true })
  }
}

new Command()
  .name('npm run bench:ui --')
  .description(
    'Times the real window on a generated workspace of 10,000 runs and ten million points, beside TensorBoard on the same data. Needs a build.',
  )
  .option('--json', 'print one JSON object')
  .option('--quick', 'a tenth of the runs and of the points')
  .option('--no-tensorboard', 'without TensorBoard, which needs a Python environment of some gigabytes')
  .option('--folder <path>', 'keep the generated workspace here, and use it again')
  .action(main)
  .parse()
