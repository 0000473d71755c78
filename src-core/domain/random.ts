/**
 * All randomness of a run is a pure function of (run seed, purpose, counter): nothing keeps generator state,
 * so a checkpoint needs none and resuming repeats exactly what an unbroken run would have drawn.
 */

const goldenRatio32 = 0x9e3779b9

/** MurmurHash3's 32-bit finaliser: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/**
 * A 31-bit seed that is never 0 (tfjs takes 0 for "no seed"), from the run's seed, what it is for
 * (such as `initialise/conv1` or `shuffle`), and a counter (step or epoch).
 */
export function deriveSeed(runSeed: number, purpose: string, counter = 0): number {
  const purposeMixed = mix(mix(runSeed + goldenRatio32) ^ hashText(purpose))
  const high = Math.floor(counter / 0x1_0000_0000)
  const seed = mix(mix(purposeMixed ^ (counter >>> 0)) + Math.imul(high, goldenRatio32)) & 0x7fffffff
  return seed === 0 ? 1 : seed
}

/** mulberry32: uniform numbers in [0, 1) from a 32-bit seed. */
export function uniformGenerator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A permutation of 0..count-1 (Fisher-Yates) that depends on the seed alone. */
export function permutation(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  const random = uniformGenerator(seed)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const swapped = order[i]!
    order[i] = order[j]!
    order[j] = swapped
  }
  return order
}
