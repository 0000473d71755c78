import { availableParallelism } from 'node:os'
import type { BenchCase } from './cases.ts'
import { ablateCommand } from './peer-commands.ts'
import { newFindings, timeInTurn } from './run-case.ts'
import { median } from '../src-core/domain/statistics/median.ts'

/** Thread counts that are tried: halves and doubles of what the machine has. */
function threadCounts(available = availableParallelism()): number[] {
  const counts = [1, Math.floor(available / 2), available, available * 2]
  return [...new Set(counts)].filter((count) => count > 0).sort((a, b) => a - b)
}

/** Median milliseconds of Ablate's step by TensorFlow's number of threads; `default` leaves it to TensorFlow. */
export async function timeThreads(benchCase: BenchCase, rounds: number): Promise<Record<string, number>> {
  const findings = newFindings()
  const command = ablateCommand(benchCase)
  const commands = [
    { ...command, name: 'default' },
    ...threadCounts().map((count) => ({
      ...command,
      name: String(count),
      env: { TF_NUM_INTRAOP_THREADS: String(count), TF_NUM_INTEROP_THREADS: String(count) },
    })),
  ]
  await timeInTurn(commands, { rounds, repetitions: 2 }, findings)
  return Object.fromEntries(Object.entries(findings.times).map(([name, times]) => [name, median(times)]))
}
