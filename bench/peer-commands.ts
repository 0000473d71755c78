import { resolve } from 'node:path'
import { peerTask, type BenchCase } from './cases.ts'
import type { PeerCommand } from './peer-process.ts'

const peers = resolve(import.meta.dirname, 'peers')

export interface PeerOptions {
  readonly python: string
  /** Whether torch.compile takes part; it compiles for minutes. */
  readonly compile: boolean
}

/** Which variants of a library count as it: the quickest one does. */
export const variants: Readonly<Record<string, readonly string[]>> = {
  keras: ['keras-default', 'keras-onednn'],
  torch: ['torch-channels-last', 'torch-contiguous', 'torch-compile'],
}

/** Ablate's own process of a case. */
export function ablateCommand(benchCase: BenchCase, precision = peerTask(benchCase).precision): PeerCommand {
  return nodePeer('ablate', 'ablate.ts', { ...peerTask(benchCase), precision, model: benchCase.model })
}

function nodePeer(name: string, file: string, task: object): PeerCommand {
  return { name, command: process.execPath, arguments: [resolve(peers, file), JSON.stringify(task)] }
}

/** The processes that time one case. */
export function peerCommands(benchCase: BenchCase, { python, compile }: PeerOptions): PeerCommand[] {
  const task = peerTask(benchCase)
  const inPython = (name: string, file: string, more: object, env: Record<string, string> = {}): PeerCommand => ({
    name,
    command: python,
    arguments: [resolve(peers, file), JSON.stringify({ ...task, ...more })],
    env,
  })
  const torch = (variant: string): PeerCommand => inPython(`torch-${variant}`, 'torch_peer.py', { variant })
  if (task.precision === 'bfloat16') {
    return [
      ablateCommand(benchCase),
      { ...ablateCommand(benchCase, 'float32'), name: 'ablate-float32' },
      inPython('keras-default', 'keras_peer.py', {}),
      nodePeer('matrixProduct', 'matrix-product.ts', {}),
    ]
  }
  return [
    ablateCommand(benchCase),
    inPython('keras-default', 'keras_peer.py', {}),
    // What TensorFlow does by itself only with AVX-512, and what Ablate does everywhere.
    inPython('keras-onednn', 'keras_peer.py', {}, { TF_ENABLE_ONEDNN_OPTS: '1' }),
    torch('channels-last'),
    torch('contiguous'),
    ...(compile ? [torch('compile')] : []),
    // With oneDNN too, which is its quicker way.
    nodePeer('layersModel', 'layers-model.ts', task),
    nodePeer('matrixProduct', 'matrix-product.ts', {}),
  ]
}

/**
 * Peers that are in memory together. Plain tf.LayersModel needs as much for a large batch as all others together, so
 * there it is timed in turn with Ablate alone.
 */
export function inGroups(commands: readonly PeerCommand[], { isLarge }: Pick<BenchCase, 'isLarge'>): PeerCommand[][] {
  if (!isLarge) return [[...commands]]
  const isAside = ({ name }: PeerCommand): boolean => name === 'layersModel'
  const [aside, together] = [commands.filter(isAside), commands.filter((command) => !isAside(command))]
  return [together, [...commands.filter(({ name }) => name === 'ablate'), ...aside]]
}
