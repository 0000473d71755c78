import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { median } from '../../src-core/domain/statistics/median.ts'

/** Milliseconds per step by the way in which the same run was made, and what a paused run uses of the processor. */
export interface OverheadResult {
  readonly medianMs: Readonly<Record<string, number | null>>
  /** By how much more time than the bare steps need, as a share of them. */
  readonly overhead: Readonly<Record<string, number | null>>
  /** Seconds of processor time that window and paused run use together in a second. */
  readonly pausedCpu: number | null
  readonly failures: Record<string, string>
}

interface Answer {
  readonly millisecondsPerStep: number
  readonly pausedCpu?: number
}

const ways = ['bare', 'terminal', 'window'] as const

/** A window needs a screen: its own where there is none. */
function command(way: (typeof ways)[number], folder: string): [string, string[]] {
  const script = [resolve(import.meta.dirname, `${way}-run.ts`), folder]
  if (way !== 'window' || process.env['DISPLAY']) return [process.execPath, script]
  return ['xvfb-run', ['-a', '-s', '-screen 0 1920x1200x24', process.execPath, ...script]]
}

function runOnce(way: (typeof ways)[number]): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'ablate-bench-'))
  try {
    const [program, programArguments] = command(way, folder)
    const { stdout, stderr, status, error } = spawnSync(program, programArguments, { encoding: 'utf8' })
    if (error) throw error
    if (status !== 0) throw new Error(stderr.trim().split('\n').slice(-3).join(' '))
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Answer
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes the same run bare, recorded from the terminal, and in the window, in turn. */
export function runOverhead(rounds: number): OverheadResult {
  const times: Record<string, number[]> = {}
  const paused: number[] = []
  const failures: Record<string, string> = {}
  for (let round = 0; round < rounds; round++) {
    for (const way of ways.filter((one) => !(one in failures))) {
      try {
        const { millisecondsPerStep, pausedCpu } = runOnce(way)
        ;(times[way] ??= []).push(millisecondsPerStep)
        if (pausedCpu !== undefined) paused.push(pausedCpu)
      } catch (error) {
        failures[way] = error instanceof Error ? error.message : String(error)
      }
    }
  }
  const medianMs = Object.fromEntries(ways.map((way) => [way, times[way] ? median(times[way]) : null]))
  const { bare } = medianMs
  const overhead = Object.fromEntries(ways.map((way) => [way, bare && medianMs[way] ? medianMs[way] / bare - 1 : null]))
  return { medianMs, overhead, pausedCpu: paused.length > 0 ? median(paused) : null, failures }
}
