import { describe, expect, it } from 'vitest'
import { builtInDatasets, findDataset, mnistInfo, requireClasses } from '../../../src-core/domain/dataset.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { planWorkload, requireFullBatch } from '../../../src-core/domain/workload.ts'

function specWith(values: Record<string, unknown>): RunSpec {
  return Object.entries(values).reduce(
    (spec, [path, value]) => setAtPath(spec, path, value),
    recipeSpec('alexnet-small'),
  )
}

describe('the work of a run', () => {
  it('holds a tenth out and leaves out what does not fill a batch', () => {
    expect(
      planWorkload(specWith({ 'data.trainImages': 6000, 'data.testImages': 1000, 'training.epochs': 3 }), mnistInfo),
    ).toMatchObject({
      trainingImages: 5400,
      validationImages: 600,
      testImages: 1000,
      stepsPerEpoch: 84,
      totalSteps: 252,
    })
  })

  it.each([
    [{ 'data.validationFraction': 0 }, 60_000, 0],
    [{ 'data.trainImages': 5, 'data.validationFraction': 0.01 }, 4, 1],
    [{ 'data.trainImages': 1, 'data.validationFraction': 0.5 }, 1, 0],
    [{ 'data.trainImages': 100_000 }, 54_000, 6000],
  ])('%j trains on %i and validates on %i images', (values, trainingImages, validationImages) => {
    expect(planWorkload(specWith(values), mnistInfo)).toMatchObject({ trainingImages, validationImages })
  })

  it('ends after the steps that were asked for instead of the epochs', () => {
    expect(planWorkload(specWith({ 'training.steps': 17 }), mnistInfo).totalSteps).toBe(17)
  })

  it('refuses a batch that the images do not fill, with both numbers', () => {
    const spec = specWith({ 'data.trainImages': 100, 'training.batchSize': 91 })
    expect(() => requireFullBatch(spec, planWorkload(spec, mnistInfo))).toThrow(
      'A batch of 91 images is more than the 90',
    )
    const fits = specWith({ 'data.trainImages': 100, 'training.batchSize': 90 })
    expect(() => requireFullBatch(fits, planWorkload(fits, mnistInfo))).not.toThrow()
  })
})

describe('data sets', () => {
  it('are found by id, or refused with the ids that exist', () => {
    expect(findDataset('mnist', builtInDatasets)).toBe(mnistInfo)
    expect(() => findDataset('imagenet', builtInDatasets)).toThrow('Known data sets: mnist')
  })

  it('need a network with enough classes', () => {
    expect(() => requireClasses({ classes: 9 }, mnistInfo)).toThrow('must be at least 10')
    expect(() => requireClasses({ classes: 1000 }, mnistInfo)).not.toThrow()
  })
})
