import { describe, expect, test } from 'vitest'
import { tf, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { resample } from '../../../src-core/engine/data/augmentation/affine.ts'
import { makeLookUp } from '../../../src-core/engine/data/pixels/look-up.ts'
import { movePixels, type Move } from '../../../src-core/engine/data/pixels/move-pixels.ts'

const [side, size] = [9, 6]

function pictures(count: number, channels: 1 | 3): Uint8Array {
  return Uint8Array.from({ length: count * side * side * channels }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24)
}

/** Every crop, mirrored or not, with shifts that reach beyond the picture on all sides. */
const moves: Move[] = [0, 1, 3].flatMap((cropRow) =>
  [0, 2, 3].flatMap((cropColumn) =>
    [false, true].flatMap((mirrored) =>
      [0, 1, -2, 5, -7, 20].flatMap((shiftDown) =>
        [0, 2, -1, 6, -8, -20].map((shiftRight) => ({ cropRow, cropColumn, mirrored, shiftDown, shiftRight })),
      ),
    ),
  ),
)

describe('moving bytes', () => {
  test.each([1, 3] as const)('is what TensorFlow makes of whole numbers, with %i channels', (channels) => {
    const pixels = pictures(moves.length, channels)
    const moved = movePixels(pixels, moves, { side, size, channels })
    const expected = tf.tidy(() => {
      const images = tf.tensor4d(Float32Array.from(pixels), [moves.length, side, side, channels])
      const placements = moves.map((move) => ({ ...move, angle: 0, scale: 1 }))
      return [...resample(images as Tensor4D, placements, size).dataSync()]
    })
    expect([...moved]).toEqual(expected)
  })

  test('leaves the pictures that it was given alone', () => {
    const pixels = pictures(2, 3)
    const before = [...pixels]
    movePixels(pixels, moves.slice(0, 2), { side, size, channels: 3 })
    expect([...pixels]).toEqual(before)
  })
})

describe('looking up', () => {
  const unit = (channels: number) => ({
    scale: 1 / 255,
    mean: new Array<number>(channels).fill(0),
    standardDeviation: new Array<number>(channels).fill(1),
  })
  const every = Uint8Array.from({ length: 256 * 3 }, (_, i) => (i * 7) % 256)
  const standardize = { scale: 1 / 255, mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] }
  const first = { scale: 1 / 255, mean: [0.485], standardDeviation: [0.229] }

  test.each([
    [3, 3, standardize],
    [1, 3, standardize],
    [3, 1, first],
    [1, 1, first],
  ] as const)('%i channels into %i normalises with the bits of TensorFlow', (storedChannels, resultChannels, given) => {
    const working = storedChannels === 1 ? 1 : resultChannels
    const plain = { transform: unit(resultChannels), storedChannels, standardize: null }
    const floats = makeLookUp({ ...plain, resultChannels: working })(every)
    const expected = tf.tidy(() => {
      const values = tf.tensor2d(floats, [floats.length / working, working])
      const channels = working === resultChannels ? values : tf.tile(values, [1, 3])
      const scale = tf.tensor1d(given.standardDeviation.map((deviation) => 1 / deviation))
      return tf.mul(tf.sub(channels, tf.tensor1d([...given.mean])), scale).dataSync()
    })
    const found = makeLookUp({ ...plain, resultChannels, standardize: given })(every)
    expect(Buffer.from(found.buffer).equals(Buffer.from(Float32Array.from(expected).buffer))).toBe(true)
  })

  test('fills the memory that it is given, unless that has another length', () => {
    const lookUp = makeLookUp({ transform: unit(1), storedChannels: 1, resultChannels: 1, standardize: null })
    const memory = new Float32Array(every.length).fill(7)
    expect(lookUp(every, memory)).toBe(memory)
    expect([...memory]).toEqual([...lookUp(every)])
    const short = new Float32Array(5)
    expect(lookUp(every, short)).toHaveLength(every.length)
    expect([...short]).toEqual([0, 0, 0, 0, 0])
  })
})
