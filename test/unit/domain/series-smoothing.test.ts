import { describe, expect, it } from 'vitest'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import {
  initialState,
  smoothNext,
  smoothSeries,
  smoothTail,
  unsettledLength,
  type Smoothing,
} from '../../../src-core/domain/statistics/series-smoothing.ts'

const random = uniformGenerator(5)

/** Values with some that are not finite, at steps that rise by one to three. */
function sample(length: number): { steps: number[]; values: number[] } {
  const odd = [NaN, Infinity, -Infinity]
  let step = 0
  const steps = Array.from({ length }, () => (step += 1 + Math.floor(random() * 3)))
  const values = steps.map(() => (random() < 0.05 ? odd[Math.floor(random() * 3)]! : random() * 4 - 1))
  return { steps, values }
}

/** TensorBoard's recursion, word for word: the average is pulled towards zero and corrected for it. */
function tensorboardAverage(values: readonly number[], weight: number): number[] {
  let average = 0
  let correction = 1
  return values.map((value) => {
    if (!Number.isFinite(value)) return value
    average = average * weight + (1 - weight) * value
    correction *= weight
    return average / (1 - correction)
  })
}

function smoothed(values: readonly number[], smoothing: Smoothing, steps = values.map((_, i) => i + 1)): number[] {
  return [...smoothSeries(steps, values, smoothing).smoothed]
}

const kinds: Smoothing[] = [
  { kind: 'none', amount: 0 },
  { kind: 'ema', amount: 0 },
  { kind: 'ema', amount: 0.6 },
  { kind: 'ema', amount: 0.999 },
  { kind: 'time-weighted', amount: 0.9 },
  { kind: 'gaussian', amount: 0 },
  { kind: 'gaussian', amount: 2.5 },
  { kind: 'running-mean', amount: 1 },
  { kind: 'running-mean', amount: 7 },
]

describe('smoothing a series', () => {
  it('is the average of TensorBoard for ema: last * w + (1 - w) * y over 1 - w^n', () => {
    const { values } = sample(400)
    const expected = tensorboardAverage(values, 0.9)
    smoothed(values, { kind: 'ema', amount: 0.9 }).forEach((value, i) => {
      if (Number.isFinite(values[i])) expect(value).toBeCloseTo(expected[i]!, 10)
      else expect(value).toBe(values[i])
    })
  })

  it.each(kinds)('leaves a constant alone: $kind $amount', (smoothing) => {
    for (const value of smoothed(Array<number>(50).fill(0.3), smoothing)) expect(value).toBeCloseTo(0.3, 12)
  })

  it.each(kinds)('leaves what is not finite in its place, and its neighbours finite: $kind $amount', (smoothing) => {
    const { steps, values } = sample(300)
    smoothed(values, smoothing, steps).forEach((value, i) => {
      if (Number.isFinite(values[i])) expect(value).toSatisfy(Number.isFinite)
      else expect(value).toBe(values[i])
    })
  })

  it('weighs by the steps between values when it is time-weighted: logging less often changes nothing', () => {
    const every = Array.from({ length: 2000 }, (_, i) => Math.sin(i / 300))
    const tenth = every.filter((_, i) => i % 10 === 0)
    const steps = tenth.map((_, i) => i * 10)
    const often = smoothed(every, { kind: 'time-weighted', amount: 0.99 }).at(1990)
    const seldom = smoothed(tenth, { kind: 'time-weighted', amount: 0.99 }, steps).at(-1)
    expect(seldom).toBeCloseTo(often!, 1)
    expect(smoothed(tenth, { kind: 'ema', amount: 0.99 }).at(-1)).not.toBeCloseTo(often!, 1)
  })

  it('takes the mean of the last values', () => {
    expect(smoothed([1, 2, NaN, 6, 7], { kind: 'running-mean', amount: 3 })).toEqual([1, 1.5, NaN, 4, 6.5])
  })

  it('takes both sides of a value for gaussian, and fewer at the ends', () => {
    const weight = Math.exp(-0.5)
    const far = Math.exp(-2)
    const farthest = Math.exp(-4.5)
    const [first] = smoothed([1, 2, 3, 4, 5, 6, 7, 8], { kind: 'gaussian', amount: 1 })
    expect(first).toBeCloseTo((1 + 2 * weight + 3 * far + 4 * farthest) / (1 + weight + far + farthest), 12)
  })
})

describe('smoothing goes on where a series ended', () => {
  it.each(kinds)('as if the whole series had been smoothed at once: $kind $amount', (smoothing) => {
    for (const length of [0, 1, 3, 40, 5000]) {
      const { steps, values } = sample(length + 60)
      const { smoothed: before, state } = smoothSeries(steps.slice(0, length), values.slice(0, length), smoothing)
      const live = [...before]
      for (let i = length; i < values.length; i++) {
        live.push(smoothNext(state, steps[i]!, values[i]!, smoothing))
        for (let back = 1; back <= Math.min(unsettledLength(smoothing), i); back++) {
          live[i - back] = smoothTail(state, back, smoothing)
        }
      }
      smoothed(values, smoothing, steps).forEach((value, i) => {
        if (Number.isFinite(value)) expect(live[i]).toBeCloseTo(value, 9)
        else expect(live[i]).toBe(value)
      })
    }
  })

  it('from nothing', () => {
    expect(smoothNext(initialState(), 1, 5, { kind: 'ema', amount: 0.9 })).toBe(5)
  })
})
