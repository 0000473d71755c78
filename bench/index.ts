import { availableParallelism, cpus, totalmem } from 'node:os'
import { Command, Option } from 'commander'
import { benchCases, type BenchCase } from './cases.ts'
import { runOverhead, type OverheadResult } from './overhead/run-overhead.ts'
import { timePictures, type PicturesResult } from './pictures/time-pictures.ts'
import { printCase, printOverhead, printPictures, printThreads } from './print.ts'
import { benchPython } from './python-environment.ts'
import { runCase, type CaseResult } from './run-case.ts'
import { timeThreads } from './thread-settings.ts'

const parts = ['cases', 'threads', 'pictures', 'overhead'] as const
type Part = (typeof parts)[number]

interface Options {
  readonly json?: boolean
  readonly quick?: boolean
  readonly compile?: boolean
  readonly case?: string[]
  readonly only?: Part[]
  readonly rounds: string
}

interface Results {
  readonly machine: object
  readonly cases: Record<string, CaseResult>
  readonly threads: Record<string, Record<string, number>>
  pictures: PicturesResult | null
  overhead: OverheadResult | null
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? process.arch,
  threads: availableParallelism(),
  memoryMib: Math.round(totalmem() / 2 ** 20),
  node: process.versions.node,
}

/** Small networks take milliseconds: several steps a round keep the clock's grain out of it. */
function repetitionsOf({ batch, model, isLarge }: BenchCase): number {
  if (isLarge) return 1
  return batch * model.input.size < 5000 ? 10 : 2
}

function chosenCases({ case: names }: Options): BenchCase[] {
  return benchCases.filter(({ name }) => !names || names.includes(name))
}

async function timeCases(options: Options, rounds: number, results: Results): Promise<void> {
  const python = benchPython()
  for (const benchCase of chosenCases(options)) {
    const repetitions = repetitionsOf(benchCase)
    const result = await runCase(benchCase, { python, rounds, repetitions, compile: options.compile === true })
    results.cases[benchCase.name] = result
    if (!options.json) printCase(benchCase.name, result)
  }
}

async function timeThreadSettings(options: Options, rounds: number, results: Results): Promise<void> {
  for (const benchCase of benchCases.filter(({ name }) => ['keras-bn-32', 'alexnet-small-64'].includes(name))) {
    const medians = await timeThreads(benchCase, rounds)
    results.threads[benchCase.name] = medians
    if (!options.json) printThreads(benchCase.name, medians)
  }
}

async function main(options: Options): Promise<void> {
  const rounds = options.quick ? 2 : Number(options.rounds)
  const wanted = new Set(options.only ?? (options.case ? ['cases'] : parts))
  const results: Results = { machine, cases: {}, threads: {}, pictures: null, overhead: null }
  if (wanted.has('cases')) await timeCases(options, rounds, results)
  if (wanted.has('threads')) await timeThreadSettings(options, rounds, results)
  if (wanted.has('pictures')) {
    results.pictures = await timePictures(rounds)
    if (!options.json) printPictures(results.pictures)
  }
  if (wanted.has('overhead')) {
    results.overhead = runOverhead(options.quick ? 1 : 3)
    if (!options.json) printOverhead(results.overhead)
  }
  if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`)
}

await new Command()
  .name('npm run bench --')
  .description(
    'Times Ablate, Keras, PyTorch and plain TensorFlow.js side by side on this machine. Sets up 7 GB of Python on first use.',
  )
  .option('--json', 'print one JSON object')
  .option('--quick', 'two rounds instead of five')
  .option('--compile', 'torch.compile too (compiles for minutes)')
  .addOption(new Option('--case <name...>', 'only these cases').choices(benchCases.map(({ name }) => name)))
  .addOption(new Option('--only <part...>', 'only these parts').choices(parts))
  .option('--rounds <count>', 'rounds that count', '5')
  .action(main)
  .parseAsync()
