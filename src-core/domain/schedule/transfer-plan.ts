import type { TrainingSpec } from '../spec/training-spec.ts'

type Transfer = TrainingSpec['transfer']

/** The layer with a kernel to which a layer belongs: bn3 to conv3, bn6 to fc6; itself when it has a kernel. */
export function learnedLayerOf(layer: string, learned: readonly string[]): string {
  const number = /\d+$/.exec(layer)?.[0]
  return learned.find((name) => name === layer || name === `conv${number}` || name === `fc${number}`) ?? layer
}

/**
 * The layers that are not trained after `epochs` finished supervised epochs. Gradual unfreezing (Howard and Ruder
 * 2018, section 3.3) releases the topmost frozen one every `unfreezeEvery` epochs.
 * @param learned names of the layers with a kernel, first to last.
 */
export function frozenLayers(
  { frozen, unfreezeEvery }: Transfer,
  learned: readonly string[],
  epochs: number,
): string[] {
  const inOrder = learned.filter((name) => frozen.includes(name))
  const released = unfreezeEvery === null ? 0 : Math.floor(epochs / unfreezeEvery)
  return inOrder.slice(0, Math.max(0, inOrder.length - released))
}

/** Factor of the learning rate of a layer (Howard and Ruder 2018, section 3.2): 1 for the last, less below it. */
export function learningRateFactor({ layerFactor }: Transfer, learned: readonly string[], layer: string): number {
  const place = learned.indexOf(learnedLayerOf(layer, learned))
  return place < 0 ? 1 : layerFactor ** (learned.length - 1 - place)
}
