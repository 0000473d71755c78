import type { Measured } from '../src-core/engine/profile/step-profiler.ts'
import { flopsPerImage, type BenchCase } from './cases.ts'
import { inGroups, peerCommands, variants, type PeerOptions } from './peer-commands.ts'
import { PeerProcess, type PeerCommand } from './peer-process.ts'
import { median } from '../src-core/domain/statistics/median.ts'
import { least } from './statistics.ts'

type ByPeer = Record<string, number | null>

export interface CaseResult {
  readonly batch: number
  /** Median milliseconds of a repetition by peer; null where a peer could not run. */
  readonly medianMs: ByPeer
  /** Largest resident memory of the peer's process. */
  readonly peakMiB: ByPeer
  /** Arithmetic of a repetition over the measured matrix-product rate times its median, of Ablate. */
  readonly limitFraction: number
  /** Where the time of Ablate's step goes; null of inference. */
  readonly profile: Measured | null
  readonly failures: Record<string, string>
}

export interface RunOptions extends PeerOptions {
  readonly rounds: number
  readonly repetitions: number
}

/** What peers measured. */
export interface Findings {
  readonly times: Record<string, number[]>
  readonly peakMiB: ByPeer
  readonly failures: Record<string, string>
  profile: Measured | null
}

const matrixProductFlops = 2 * 2048 ** 3

export function newFindings(): Findings {
  return { times: {}, peakMiB: {}, failures: {}, profile: null }
}

/** Starts the peers one after the other; one that cannot run is left out and its reason kept. */
async function startPeers(list: readonly PeerCommand[], failures: Record<string, string>): Promise<PeerProcess[]> {
  const started: PeerProcess[] = []
  for (const command of list) {
    const peer = new PeerProcess(command)
    try {
      await peer.ready()
      started.push(peer)
    } catch (error) {
      failures[command.name] = error instanceof Error ? error.message : String(error)
    }
  }
  return started
}

/**
 * Times peers in turn, round by round, so that what else the machine does falls on all of them alike. The first round
 * warms up and does not count.
 */
export async function timeInTurn(
  commands: readonly PeerCommand[],
  { rounds, repetitions }: Pick<RunOptions, 'rounds' | 'repetitions'>,
  findings: Findings,
): Promise<void> {
  const { times, peakMiB, failures } = findings
  const running = await startPeers(commands, failures)
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const peer of running) {
        const measured = await peer.round(repetitions)
        if (round > 0) (times[peer.name] ??= []).push(...measured)
      }
    }
    for (const peer of running) {
      const { peakMiB: peak, profile } = await peer.end()
      peakMiB[peer.name] = Math.max(peakMiB[peer.name] ?? 0, peak)
      if (peer.name === 'ablate') findings.profile = profile ?? null
    }
  } finally {
    for (const peer of running) peer.kill()
  }
}

/** Times Ablate and all peers on one case. */
export async function runCase(benchCase: BenchCase, options: RunOptions): Promise<CaseResult> {
  const findings = newFindings()
  for (const group of inGroups(peerCommands(benchCase, options), benchCase)) {
    await timeInTurn(group, options, findings)
  }
  return summarise(benchCase, findings)
}

/** Adds each library as its best variant. */
function withLibraries(values: ByPeer): ByPeer {
  const best = Object.entries(variants).map(([library, names]) => [library, least(names.map((name) => values[name]))])
  return { ...values, ...Object.fromEntries(best) }
}

function summarise(benchCase: BenchCase, { times, peakMiB, failures, profile }: Findings): CaseResult {
  const medians = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
  const medianMs = withLibraries(medians)
  const rate = matrixProductFlops / medianMs['matrixProduct']!
  const limitFraction = (flopsPerImage(benchCase) * benchCase.batch) / rate / medianMs['ablate']!
  return { batch: benchCase.batch, medianMs, peakMiB: withLibraries(peakMiB), limitFraction, profile, failures }
}
