import { availableParallelism, cpus, totalmem } from 'node:os'
import { Command } from 'commander'
import { benchCases } from './cases.ts'
import { benchPython } from './python-environment.ts'
import { variants } from './peer-commands.ts'
import { runCase, type CaseResult } from './run-case.ts'

interface Options {
  readonly json?: boolean
  readonly quick?: boolean
  readonly compile?: boolean
  readonly case?: string[]
  readonly rounds: string
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? process.arch,
  threads: availableParallelism(),
  memoryMib: Math.round(totalmem() / 2 ** 20),
  node: process.versions.node,
}

function ratio(result: CaseResult, peer: string): string {
  const [theirs, ours] = [result.medianMs[peer], result.medianMs['ablate']]
  return theirs && ours ? `${(theirs / ours).toFixed(2)}x` : '-'
}

function printCase(name: string, result: CaseResult): void {
  process.stdout.write(`\n${name}, batch ${result.batch}\n`)
  for (const [peer, milliseconds] of Object.entries(result.medianMs)) {
    if (peer === 'matrixProduct' || peer in variants) continue
    const peak = result.peakMiB[peer]
    const facts = [`${milliseconds?.toFixed(1) ?? '-'} ms`, `Ablate is ${ratio(result, peer)} as fast`]
    process.stdout.write(`  ${peer.padEnd(20)} ${facts.join(', ')}${peak ? `, ${Math.round(peak)} MiB` : ''}\n`)
  }
  process.stdout.write(`  of the matrix-product limit: ${result.limitFraction.toFixed(2)}\n`)
  for (const [peer, reason] of Object.entries(result.failures)) process.stdout.write(`  ${peer}: ${reason}\n`)
}

async function main(options: Options): Promise<void> {
  const chosen = benchCases.filter(({ name }) => !options.case || options.case.includes(name))
  const python = benchPython()
  const cases: Record<string, CaseResult> = {}
  for (const benchCase of chosen) {
    const small = benchCase.batch * benchCase.model.input.size < 5000
    const result = await runCase(benchCase, {
      python,
      rounds: options.quick ? 2 : Number(options.rounds),
      repetitions: small ? 10 : 2,
      compile: options.compile === true,
    })
    cases[benchCase.name] = result
    if (!options.json) printCase(benchCase.name, result)
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ machine, cases })}\n`)
}

await new Command()
  .name('bench')
  .description('Times Ablate, Keras, PyTorch and plain TensorFlow.js side by side on this machine.')
  .option('--json', 'print one JSON object')
  .option('--quick', 'two rounds instead of five')
  .option('--compile', 'torch.compile too (compiles for minutes)')
  .option('--case <name...>', `only these: ${benchCases.map(({ name }) => name).join(', ')}`)
  .option('--rounds <count>', 'rounds that count', '5')
  .action(main)
  .parseAsync()
