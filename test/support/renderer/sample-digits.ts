import { uniformGenerator } from '../../../src-core/domain/random.ts'

type Place = readonly [number, number]

/** Strokes of the ten digits in a square of 0 to 1. */
const strokes: readonly (readonly (readonly Place[])[])[] = [
  [
    [
      [0.5, 0.15],
      [0.3, 0.3],
      [0.28, 0.6],
      [0.45, 0.85],
      [0.65, 0.75],
      [0.72, 0.45],
      [0.62, 0.2],
      [0.5, 0.15],
    ],
  ],
  [
    [
      [0.4, 0.28],
      [0.54, 0.15],
      [0.5, 0.85],
    ],
  ],
  [
    [
      [0.3, 0.3],
      [0.45, 0.16],
      [0.66, 0.26],
      [0.62, 0.46],
      [0.3, 0.82],
      [0.72, 0.82],
    ],
  ],
  [
    [
      [0.32, 0.2],
      [0.62, 0.2],
      [0.48, 0.46],
      [0.68, 0.62],
      [0.58, 0.82],
      [0.32, 0.82],
    ],
  ],
  [
    [
      [0.6, 0.85],
      [0.58, 0.15],
      [0.28, 0.6],
      [0.74, 0.6],
    ],
  ],
  [
    [
      [0.68, 0.18],
      [0.38, 0.18],
      [0.34, 0.46],
      [0.6, 0.48],
      [0.66, 0.7],
      [0.5, 0.84],
      [0.3, 0.78],
    ],
  ],
  [
    [
      [0.62, 0.15],
      [0.38, 0.4],
      [0.34, 0.7],
      [0.5, 0.85],
      [0.66, 0.7],
      [0.56, 0.54],
      [0.36, 0.64],
    ],
  ],
  [
    [
      [0.28, 0.2],
      [0.7, 0.2],
      [0.44, 0.85],
    ],
  ],
  [
    [
      [0.5, 0.48],
      [0.34, 0.32],
      [0.5, 0.15],
      [0.66, 0.3],
      [0.34, 0.7],
      [0.5, 0.85],
      [0.66, 0.68],
      [0.5, 0.48],
    ],
  ],
  [
    [
      [0.64, 0.36],
      [0.48, 0.5],
      [0.34, 0.34],
      [0.5, 0.16],
      [0.66, 0.32],
      [0.6, 0.85],
    ],
  ],
]

function distanceToSegment([x, y]: Place, [ax, ay]: Place, [bx, by]: Place): number {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}

/** A digit drawn with a pen of its own width, slant and place: `size * size` grey bytes, bright on black. */
export function drawDigit(digit: number, size: number, seed: number): Uint8Array {
  const random = uniformGenerator(seed)
  const [slant, shiftX, shiftY] = [0.4 * (random() - 0.5), 0.08 * (random() - 0.5), 0.08 * (random() - 0.5)]
  const pen = 0.045 + 0.025 * random()
  return Uint8Array.from({ length: size * size }, (_, index) => {
    const y = Math.floor(index / size) / size - shiftY
    const x = (index % size) / size - shiftX + slant * (y - 0.5)
    const nearest = Math.min(
      ...strokes[digit]!.flatMap((line) => line.slice(1).map((to, i) => distanceToSegment([x, y], line[i]!, to))),
    )
    return Math.round(255 * Math.max(0, Math.min(1, 1.4 - nearest / pen)))
  })
}

/** What a half-trained auto-encoder would make of a picture: blurred and noisy by `badness`, 0 to 1. */
export function reconstructed(pixels: Uint8Array, size: number, badness: number, seed: number): Uint8Array {
  const random = uniformGenerator(seed)
  const reach = 1 + Math.round(2 * badness)
  return pixels.map((_, index) => {
    const [row, column] = [Math.floor(index / size), index % size]
    let [sum, count] = [0, 0]
    for (let y = Math.max(0, row - reach); y <= Math.min(size - 1, row + reach); y++) {
      for (let x = Math.max(0, column - reach); x <= Math.min(size - 1, column + reach); x++) {
        sum += pixels[y * size + x]!
        count += 1
      }
    }
    const mixed = pixels[index]! * (1 - badness) + (sum / count) * badness
    return Math.max(0, Math.min(255, Math.round(mixed + 60 * badness * (random() - 0.5))))
  })
}
