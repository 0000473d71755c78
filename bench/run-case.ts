import { resolve } from 'node:path'
import { flopsPerImage, peerTask, type BenchCase } from './cases.ts'
import { PeerProcess, type PeerCommand } from './peer-process.ts'

export interface CaseResult {
  readonly batch: number
  /** Median milliseconds of a repetition by peer; null where a peer could not run. */
  readonly medianMs: Record<string, number | null>
  readonly peakMiB: Record<string, number | null>
  /** Arithmetic of a repetition over the measured matrix-product rate times its median, of Ablate. */
  readonly limitFraction: number
  readonly failures: Record<string, string>
}

export interface RunOptions {
  readonly python: string
  readonly rounds: number
  readonly repetitions: number
  readonly compile: boolean
}

const matrixProductFlops = 2 * 2048 ** 3
const peers = resolve(import.meta.dirname, 'peers')

function commands(benchCase: BenchCase, { python, compile }: RunOptions): PeerCommand[] {
  const task = peerTask(benchCase)
  const node = (name: string, file: string): PeerCommand => ({
    name,
    command: process.execPath,
    arguments: [resolve(peers, file), JSON.stringify({ ...task, model: benchCase.model })],
  })
  const torch = (variant: string): PeerCommand => ({
    name: `torch-${variant}`,
    command: python,
    arguments: [resolve(peers, 'torch_peer.py'), JSON.stringify({ ...task, variant })],
  })
  return [
    node('ablate', 'ablate.ts'),
    { name: 'keras', command: python, arguments: [resolve(peers, 'keras_peer.py'), JSON.stringify(task)] },
    torch('channels-last'),
    torch('contiguous'),
    ...(compile ? [torch('compile')] : []),
    node('layersModel', 'layers-model.ts'),
    node('matrixProduct', 'matrix-product.ts'),
  ]
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
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
 * Times all peers in turn, round by round, so that what else the machine does falls on all of them alike. The first
 * round warms up and does not count.
 */
export async function runCase(benchCase: BenchCase, options: RunOptions): Promise<CaseResult> {
  const failures: Record<string, string> = {}
  const running = await startPeers(commands(benchCase, options), failures)
  const times: Record<string, number[]> = Object.fromEntries(running.map(({ name }) => [name, []]))
  const peakMiB: Record<string, number | null> = {}
  try {
    for (let round = 0; round <= options.rounds; round++) {
      for (const peer of running) {
        const measured = await peer.round(options.repetitions)
        if (round > 0) times[peer.name]!.push(...measured)
      }
    }
    for (const peer of running) peakMiB[peer.name] = await peer.end()
  } finally {
    for (const peer of running) peer.kill()
  }
  return summarise(benchCase, times, peakMiB, failures)
}

function summarise(
  benchCase: BenchCase,
  times: Record<string, number[]>,
  peakMiB: Record<string, number | null>,
  failures: Record<string, string>,
): CaseResult {
  const medianMs: Record<string, number | null> = Object.fromEntries(
    Object.entries(times).map(([name, values]) => [name, median(values)]),
  )
  const torch = ['torch-channels-last', 'torch-contiguous', 'torch-compile']
  const best = (values: Record<string, number | null>): number | null =>
    torch.reduce<number | null>((least, name) => {
      const value = values[name]
      return value !== null && value !== undefined && (least === null || value < least) ? value : least
    }, null)
  medianMs['torch'] = best(medianMs)
  peakMiB['torch'] = best(peakMiB)
  const rate = matrixProductFlops / medianMs['matrixProduct']!
  const limitFraction = (flopsPerImage(benchCase) * benchCase.batch) / rate / medianMs['ablate']!
  return { batch: benchCase.batch, medianMs, peakMiB, limitFraction, failures }
}
