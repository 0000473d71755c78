import type { DatasetInfo } from '../../../domain/dataset.ts'
import type { Augmentation } from '../../../domain/spec/data-spec.ts'
import { drawImageChange } from '../augmentation/draws.ts'
import { makeLookUp } from './look-up.ts'
import { movePixels, type Move } from './move-pixels.ts'
import type { PixelPlan } from './pixel-plan.ts'
import { centreOffset } from './sizes.ts'

/**
 * Turns the stored bytes of a batch into floats [images, side, side, channels] of the plan, for the step after
 * `finishedSteps` steps: in `into` where that has the right length, otherwise in a fresh array.
 */
export type ByteStage = (pixels: Uint8Array, finishedSteps: number, into?: Float32Array | null) => Float32Array

/** Random places for the images of a step. */
type DrawMoves = (count: number, finishedSteps: number) => Move[]

function centred(offset: number): DrawMoves {
  const move = { cropRow: offset, cropColumn: offset, mirrored: false, shiftDown: 0, shiftRight: 0 }
  return (count) => new Array<Move>(count).fill(move)
}

function drawn(augmentation: Augmentation, runSeed: number, room: number): DrawMoves {
  return (count, finishedSteps) =>
    Array.from({ length: count }, (_, place) => drawImageChange(augmentation, { runSeed, finishedSteps, place }, room))
}

function movesPixels({ translation, randomCrop, flip }: Augmentation): boolean {
  return translation > 0 || randomCrop || flip
}

/** Makes the part of the preprocessing that is done on bytes. It needs no TensorFlow. */
export function makeByteStage(
  plan: PixelPlan,
  { size: side, channels: stored }: Pick<DatasetInfo, 'size' | 'channels'>,
  augmentation: Augmentation,
  runSeed: number,
): ByteStage {
  const { placedAsBytes, sizes, channels, lookUp: transform, standardizeAsBytes: standardize } = plan
  const lookUp = makeLookUp({ transform, storedChannels: stored, resultChannels: channels, standardize })
  const moving = movesPixels(augmentation)
  if (!placedAsBytes || (!moving && sizes.input === side)) return (pixels, _finishedSteps, into) => lookUp(pixels, into)
  const movesOf = moving
    ? drawn(augmentation, runSeed, sizes.resized - sizes.input)
    : centred(centreOffset(side, sizes.input))
  const imageBytes = side * side * stored
  return (pixels, finishedSteps, into) => {
    const moves = movesOf(pixels.length / imageBytes, finishedSteps)
    return lookUp(movePixels(pixels, moves, { side, size: sizes.input, channels: stored }), into)
  }
}
