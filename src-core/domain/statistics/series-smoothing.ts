import { z } from 'zod'

/**
 * How a curve is smoothed. `amount` is the weight of the past for the two moving averages with weights, the standard
 * deviation in logged values for `gaussian`, and the number of logged values for `running-mean`.
 *
 * - `ema`: exponential moving average with bias correction, as TensorBoard draws it: sum(w^k y) / sum(w^k) over the
 *   finite values, k counting them backwards from the present one.
 * - `time-weighted`: the same with w^(steps between), so that a run that logs every tenth step is smoothed as one that
 *   logs every step. The idea is that of the time-weighted average of Weights & Biases; here the weight is per step
 *   instead of per pixel, so that it does not change while a run grows.
 * - `gaussian`: mean of the neighbours on both sides with the weights of a normal density, cut at three deviations.
 * - `running-mean`: mean of the last values.
 */
export const smoothingKinds = ['none', 'ema', 'time-weighted', 'gaussian', 'running-mean'] as const
export type SmoothingKind = (typeof smoothingKinds)[number]

export const largestWindow = 10_000

export const smoothingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), amount: z.number() }),
  z.strictObject({ kind: z.enum(['ema', 'time-weighted']), amount: z.number().min(0).max(0.999) }),
  z.strictObject({
    kind: z.literal('gaussian'),
    amount: z
      .number()
      .min(0)
      .max(largestWindow / 6),
  }),
  z.strictObject({ kind: z.literal('running-mean'), amount: z.int().min(1).max(largestWindow) }),
])
export type Smoothing = z.infer<typeof smoothingSchema>

export const noSmoothing: Smoothing = { kind: 'none', amount: 0 }

/** What must be known of a series to smooth the values that follow. */
export interface SmoothingState {
  /** Sums of the weighted values and of the weights (moving averages with weights). */
  sum: number
  weights: number
  lastStep: number
  /** The newest raw values, oldest first, as far as following ones or themselves depend on them. */
  readonly tail: number[]
}

/** How many of the newest raw values later results depend on. */
export function tailLength({ kind, amount }: Smoothing): number {
  if (kind === 'running-mean') return amount
  return kind === 'gaussian' ? 2 * radiusOf(amount) + 1 : 0
}

/** How many of the newest smoothed values change when a value follows. */
export function unsettledLength({ kind, amount }: Smoothing): number {
  return kind === 'gaussian' ? radiusOf(amount) : 0
}

export function initialState(): SmoothingState {
  return { sum: 0, weights: 0, lastStep: 0, tail: [] }
}

function radiusOf(deviation: number): number {
  return Math.ceil(3 * deviation)
}

/**
 * The smoothed form of some values of a series, each computed from all values that it depends on; values that are not
 * finite stay as they are and do not count. What lies so far back that it changes no bit is not read.
 * @param steps ascending, one per value; only `time-weighted` reads them
 * @param ordinals ascending places of the wanted values
 */
export function smoothAt(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  ordinals: ArrayLike<number>,
  smoothing: Smoothing,
): { readonly smoothed: Float64Array<ArrayBuffer>; readonly state: SmoothingState } {
  const { kind, amount } = smoothing
  const smoothed = new Float64Array(ordinals.length)
  if (kind === 'gaussian')
    for (let i = 0; i < smoothed.length; i++) smoothed[i] = gaussianAt(values, ordinals[i]!, amount)
  else if (kind === 'running-mean') smoothRunningMean(values, ordinals, amount, smoothed)
  else if (kind === 'none' || amount === 0)
    for (let i = 0; i < smoothed.length; i++) smoothed[i] = values[ordinals[i]!]!
  else smoothWeighted(steps, values, ordinals, smoothing, smoothed)
  return { smoothed, state: stateAtEnd(steps, values, smoothing) }
}

/** The smoothed form of every value of a series: `smoothAt` for all of them. */
export function smoothSeries(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  smoothing: Smoothing,
): { readonly smoothed: Float64Array<ArrayBuffer>; readonly state: SmoothingState } {
  return smoothAt(
    steps,
    values,
    Int32Array.from({ length: values.length }, (_, i) => i),
    smoothing,
  )
}

function stateAtEnd(steps: ArrayLike<number>, values: ArrayLike<number>, smoothing: Smoothing): SmoothingState {
  const state = initialState()
  for (let i = Math.max(0, values.length - tailLength(smoothing)); i < values.length; i++) state.tail.push(values[i]!)
  if (!isWeighted(smoothing)) return state
  const from = startOf(values, values.length - 1, memoryOf(smoothing.amount))
  return Object.assign(state, weightedSums(steps, values, from, values.length, smoothing, initialState()))
}

function isWeighted({ kind, amount }: Smoothing): boolean {
  return (kind === 'ema' || kind === 'time-weighted') && amount > 0
}

/** How many values count: the weight of older ones is below 2^-60, less than the rounding of the sum. */
function memoryOf(weight: number): number {
  return Math.ceil((-60 * Math.LN2) / Math.log(weight))
}

/** The place from which to begin so that `count` finite values come before and at `at`. */
function startOf(values: ArrayLike<number>, at: number, count: number): number {
  let from = at + 1
  for (let left = count; left > 0 && from > 0; from--) if (Number.isFinite(values[from - 1])) left--
  return from
}

/** Takes one more value into `state`; answers its smoothed form. For `gaussian` see also `smoothTail`. */
export function smoothNext(state: SmoothingState, step: number, value: number, smoothing: Smoothing): number {
  const kept = tailLength(smoothing)
  if (kept > 0) {
    state.tail.push(value)
    if (state.tail.length > kept) state.tail.shift()
    const last = state.tail.length - 1
    return smoothing.kind === 'gaussian' ? gaussianAt(state.tail, last, smoothing.amount) : meanUpTo(state.tail, last)
  }
  return smoothing.kind === 'none' ? value : nextWeighted(state, step, value, smoothing)
}

/** The smoothed form of the newest values but `back`, with what is known by now. Only as far as `unsettledLength`. */
export function smoothTail(state: SmoothingState, back: number, smoothing: Smoothing): number {
  return gaussianAt(state.tail, state.tail.length - 1 - back, smoothing.amount)
}

function smoothWeighted(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  ordinals: ArrayLike<number>,
  smoothing: Smoothing,
  smoothed: Float64Array,
): void {
  const memory = memoryOf(smoothing.amount)
  let sums: WeightedSums = initialState()
  let next = 0
  for (let i = 0; i < ordinals.length; i++) {
    const at = ordinals[i]!
    if (at - next >= memory) {
      next = startOf(values, at, memory)
      sums = initialState()
    }
    sums = weightedSums(steps, values, next, at + 1, smoothing, sums)
    next = at + 1
    smoothed[i] = Number.isFinite(values[at]) ? sums.sum / sums.weights : values[at]!
  }
}

type WeightedSums = Pick<SmoothingState, 'sum' | 'weights' | 'lastStep'>

/** Takes the values [from, to) into the sums. Local variables: the loop may run over ten million values. */
function weightedSums(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  from: number,
  to: number,
  { kind, amount }: Smoothing,
  sums: WeightedSums,
): WeightedSums {
  let { sum, weights, lastStep } = sums
  for (let i = from; i < to; i++) {
    const value = values[i]!
    // False for NaN and infinities alike, and faster here than Number.isFinite.
    if (value - value !== 0) continue
    const decay = kind === 'ema' || weights === 0 ? amount : amount ** (steps[i]! - lastStep)
    sum = sum * decay + value
    weights = weights * decay + 1
    lastStep = kind === 'ema' ? 0 : steps[i]!
  }
  return { sum, weights, lastStep }
}

function nextWeighted(state: SmoothingState, step: number, value: number, { kind, amount }: Smoothing): number {
  if (amount === 0 || !Number.isFinite(value)) return value
  const decay = kind === 'ema' || state.weights === 0 ? amount : amount ** (step - state.lastStep)
  state.sum = state.sum * decay + value
  state.weights = state.weights * decay + 1
  state.lastStep = kind === 'ema' ? 0 : step
  return state.sum / state.weights
}

function smoothRunningMean(
  values: ArrayLike<number>,
  ordinals: ArrayLike<number>,
  window: number,
  smoothed: Float64Array,
): void {
  for (let i = 0; i < ordinals.length; i++) {
    const at = ordinals[i]!
    const { sum, count } = finiteSum(values, Math.max(0, at - window + 1), at + 1)
    smoothed[i] = Number.isFinite(values[at]) ? sum / count : values[at]!
  }
}

function meanUpTo(values: readonly number[], last: number): number {
  if (!Number.isFinite(values[last])) return values[last]!
  const { sum, count } = finiteSum(values, 0, last + 1)
  return sum / count
}

function finiteSum(values: ArrayLike<number>, from: number, to: number): { sum: number; count: number } {
  let sum = 0
  let count = 0
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i])) continue
    sum += values[i]!
    count += 1
  }
  return { sum, count }
}

function gaussianAt(values: ArrayLike<number>, at: number, deviation: number): number {
  const centre = values[at]!
  if (deviation === 0 || !Number.isFinite(centre)) return centre
  const density = densityOf(deviation)
  const from = Math.max(0, at - density.length + 1)
  const to = Math.min(values.length - 1, at + density.length - 1)
  let sum = 0
  let weights = 0
  for (let i = from; i <= to; i++) {
    const value = values[i]!
    if (value - value !== 0) continue
    const weight = density[Math.abs(i - at)]!
    sum += weight * value
    weights += weight
  }
  return sum / weights
}

let knownDensity = { deviation: 0, density: new Float64Array() }

/** The normal density, not normalised, at the distances 0, 1, ... up to three deviations; the last one is kept. */
function densityOf(deviation: number): Float64Array {
  if (knownDensity.deviation !== deviation) {
    const density = Float64Array.from({ length: radiusOf(deviation) + 1 }, (_, distance) =>
      Math.exp(-(distance ** 2) / (2 * deviation ** 2)),
    )
    knownDensity = { deviation, density }
  }
  return knownDensity.density
}
