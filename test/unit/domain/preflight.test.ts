import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import {
  correctedBy,
  estimateMemory,
  largestFittingBatch,
  memoryOf,
} from '../../../src-core/domain/preflight/memory-need.ts'
import { exceedsMemory, judge, planPreflight, type Findings } from '../../../src-core/domain/preflight/preflight.ts'
import { measuredTime } from '../../../src-core/domain/preflight/run-time.ts'
import { misfitAdvice, misfitReason, ofAvailable } from '../../../src-core/domain/preflight/words.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { withAssignments } from '../../../src-core/domain/spec/templates.ts'
import { planWorkload } from '../../../src-core/domain/workload.ts'
import { sampleProbe } from '../../support/sample-run.ts'

const gibibyte = 2 ** 30
const specOf = (set: Record<string, unknown> = {}) =>
  withAssignments(recipeSpec('alexnet-small'), { 'model.classes': 10, ...set })
const plenty = { memory: 16 * gibibyte, disk: 64 * gibibyte }

function judged(set: Record<string, unknown> = {}, changes: Partial<Findings> = {}) {
  const plan = planPreflight(specOf(set), mnistInfo)
  return judge({ plan, limits: plenty, found: sampleProbe(), besideTraining: false, ...changes })
}

describe('the memory of a run', () => {
  it('is estimated as process, data, weights with gradients and slots, and twice the activations', () => {
    const spec = specOf({ 'training.optimizer': 'adam' })
    // 1,885,130 parameters; all but 176 moving statistics are trained, with a gradient and two slots each.
    const weights = 4 * (1_885_130 + 3 * (1_885_130 - 176))
    // 0.496 MiB of activations per image, as `ablate summary` shows.
    const need = { fixed: 512 * 2 ** 20 + 70_000 * 28 * 28 + weights, perImage: 2 * 520_208 }
    expect(estimateMemory(spec, mnistInfo)).toEqual(need)
    expect(memoryOf(need, 10)).toBe(need.fixed + 20 * 520_208)
  })

  it('is corrected by the measured peak', () => {
    const corrected = correctedBy({ fixed: 1000, perImage: 5 }, 100, 2000)
    expect(corrected).toEqual({ fixed: 1000, perImage: 10 })
    expect(memoryOf(corrected, 100)).toBe(2000)
    expect(correctedBy({ fixed: 1000, perImage: 5 }, 100, 900)).toEqual({ fixed: 1000, perImage: 5 })
  })

  it.each([
    [1100, 64, 8],
    [1130, 64, 12],
    [1e6, 100, 96],
    [1e6, 64, 48],
    [1010, 64, 1],
    [1009, 64, null],
    [1e6, 1, null],
  ])('of %i bytes fits a batch below %i of %s', (limit, below, batch) => {
    expect(largestFittingBatch({ fixed: 1000, perImage: 10 }, below, limit)).toBe(batch)
  })
})

describe('the time of a run', () => {
  const probe = sampleProbe({ stepTimes: [100], evaluationTime: 2, preparationTime: 500 })
  const timeOf = (set: Record<string, unknown>, measured = probe) => {
    const spec = specOf({ 'data.trainImages': 1000, 'data.validationFraction': 0.1, 'data.testImages': 50, ...set })
    return measuredTime(measured, planWorkload(spec, mnistInfo), spec.training.batchSize)
  }

  it('holds every step, a validation after each epoch, and the test', () => {
    // 900 images in 14 steps of 64; 100 to validate with.
    expect(timeOf({ 'training.epochs': 3 })).toEqual({
      step: 100,
      imagesPerSecond: 640,
      epoch: 14 * 100 + 100 * 2,
      run: 500 + 3 * (14 * 100 + 100 * 2) + 50 * 2,
    })
  })

  it('validates once more after a last epoch that is not whole', () => {
    expect(timeOf({ 'training.steps': 20 }).run).toBe(500 + 20 * 100 + 2 * 100 * 2 + 50 * 2)
    expect(timeOf({ 'training.steps': 28 }).run).toBe(500 + 28 * 100 + 2 * 100 * 2 + 50 * 2)
  })

  it('adds the pre-training of each layer', () => {
    const measured = { ...probe, stepTimes: [1, 2, 3, 4, 5, 100] }
    const set = { 'training.pretraining.kind': 'rbm', 'training.pretraining.epochs': 1, 'training.epochs': 1 }
    const { run, epoch } = timeOf(set, measured)
    expect([run, epoch]).toEqual([500 + 14 * (1 + 2 + 3 + 4 + 5) + epoch + 50 * 2, 14 * 100 + 100 * 2])
  })
})

describe('the verdict', () => {
  it('is that a run fits which was measured to', () => {
    const result = judged()
    expect(result).toMatchObject({
      fits: true,
      lacks: [],
      batchSize: 64,
      proposedBatchSize: null,
      memory: { needed: gibibyte, available: Math.floor(0.95 * 16 * gibibyte), basis: 'measured' },
      time: { imagesPerSecond: 200 },
      device: 'cpu',
      threads: 2,
    })
    expect([ofAvailable(result.memory), ofAvailable(result.disk)]).toEqual(['1.0 of 15.2 GiB', '0.06 of 64.0 GiB'])
  })

  it('counts four checkpoints of weights and slots', () => {
    const { diskBytes } = planPreflight(specOf({ 'training.optimizer': 'sgd' }), mnistInfo)
    expect(diskBytes).toBe(4 * 4 * 1_885_130)
  })

  it('proposes what the measured peak says will fit', () => {
    const limits = { ...plenty, memory: gibibyte }
    const result = judged({}, { limits, found: sampleProbe({ peakMemory: 1.5 * gibibyte }) })
    expect(result).toMatchObject({ fits: false, lacks: ['memory'], memory: { basis: 'measured' } })
    const { need } = planPreflight(specOf(), mnistInfo)
    const corrected = correctedBy(need, 64, 1.5 * gibibyte)
    expect(memoryOf(corrected, result.proposedBatchSize!)).toBeLessThanOrEqual(result.memory.available)
    expect(result.proposedBatchSize).toBe(24)
  })

  it('refuses without a step what the network shows to be too large, and proposes what its estimate allows', () => {
    const set = { 'training.batchSize': 8192, 'model.widthMultiplier': 4 }
    const plan = planPreflight(specOf(set), mnistInfo)
    expect([exceedsMemory(plan, plenty), exceedsMemory(plan, { memory: 200 * gibibyte })]).toEqual([true, false])
    const result = judged(set, { found: 'estimated' })
    expect(result).toMatchObject({ fits: false, time: null, device: null, memory: { basis: 'estimated' } })
    expect(exceedsMemory({ ...plan, batchSize: result.proposedBatchSize! }, plenty)).toBe(false)
    expect(misfitReason(result)).toMatch(/^needs 1\d\d\.\d GiB of memory \(15\.2 GiB are free\)$/)
  })

  it('proposes at most half where the memory ran out although the estimate fitted', () => {
    const result = judged({}, { found: 'exhausted' })
    expect(result).toMatchObject({ fits: false, lacks: ['memory'], proposedBatchSize: 32 })
    expect(misfitReason(result)).toBe('needs more than the 15.2 GiB of memory that are free')
  })

  it('proposes nothing where not one image fits', () => {
    const result = judged({}, { found: 'estimated', limits: { ...plenty, memory: 2 ** 28 } })
    expect(result).toMatchObject({ fits: false, proposedBatchSize: null })
    expect(misfitAdvice(result)).toMatch(/^No batch size fits/)
  })

  it('names a disk that is too full, which no batch size helps', () => {
    const result = judged({}, { limits: { ...plenty, disk: 1000 } })
    expect(result).toMatchObject({ fits: false, lacks: ['disk'], proposedBatchSize: null })
    expect(misfitReason(result)).toMatch(/^needs 57\.5 MiB of disk for checkpoints \(0\.001 MiB are free\)$/)
    expect(misfitAdvice(result)).toMatch(/^Free some space/)
    const both = judged({}, { limits: { memory: 2 ** 28, disk: 1000 } })
    expect([both.lacks, both.proposedBatchSize]).toEqual([['memory', 'disk'], null])
    expect(misfitReason(both)).toMatch(/of memory \(.* are free\) and .* of disk for checkpoints \(/)
  })
})
