import { deriveSeed, permutation } from '../random.ts'

/** Indices of the pictures of one class, ascending. */
export interface ClassSplit {
  readonly train: readonly number[]
  readonly test: readonly number[]
}

/** At least one picture is tested on and one trained on; a single picture is trained on. */
function testCount(pictures: number, share: number): number {
  return pictures < 2 ? 0 : Math.min(pictures - 1, Math.max(1, Math.round(pictures * share)))
}

/**
 * Divides every class alike: a pure function of the numbers of pictures, the share and the seed. What one class holds
 * changes nothing in the others.
 * @param share of each class that is tested on, between 0 and 1.
 */
export function splitClasses(pictures: readonly number[], share: number, seed: number): ClassSplit[] {
  return pictures.map((count, index) => {
    const order = permutation(count, deriveSeed(seed, 'import/split', index))
    const tested = new Set(order.subarray(0, testCount(count, share)))
    const all = Array.from({ length: count }, (_, picture) => picture)
    return { train: all.filter((one) => !tested.has(one)), test: all.filter((one) => tested.has(one)) }
  })
}
