import { describe, expect, it } from 'vitest'
import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import { profileRows } from '../../../src-core/domain/profile/layer-rows.ts'
import {
  coveredText,
  mostProfiles,
  stepMilliseconds,
  stepParts,
  stepProfileSchema,
  surplusProfiles,
} from '../../../src-core/domain/profile/step-profile.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { sampleProfile } from '../../support/sample-run.ts'

const { profile } = sampleProfile()

describe('a step profile', () => {
  it('adds up to the step: layers and loss by direction, then the parts', () => {
    expect(stepParts(profile)).toEqual([
      { part: 'forward', milliseconds: 5.75 },
      { part: 'backward', milliseconds: 9.75 },
      { part: 'update', milliseconds: 2 },
      { part: 'data', milliseconds: 1 },
      { part: 'results', milliseconds: 0.5 },
      { part: 'checks', milliseconds: 0.25 },
      { part: 'logging', milliseconds: 0.125 },
      { part: 'other', milliseconds: 0.625 },
    ])
    expect(stepMilliseconds(profile)).toBe(20)
  })

  it('says which steps it covers', () => {
    expect(coveredText({ firstStep: 2, steps: 20 }, 21)).toBe('steps 2 to 21')
    expect(coveredText({ firstStep: 2, steps: 5 }, 480)).toBe('5 of the steps 2 to 480')
    expect(coveredText({ firstStep: 8, steps: 1 }, 8)).toBe('step 8')
  })

  it('is refused with a negative time or a part that is missing', () => {
    const parts = { ...profile.parts, other: undefined }
    expect(stepProfileSchema.safeParse(profile).success).toBe(true)
    expect(stepProfileSchema.safeParse({ ...profile, parts }).success).toBe(false)
    expect(stepProfileSchema.safeParse({ ...profile, loss: { forward: -1, backward: 0 } }).success).toBe(false)
  })
})

describe('the layers of a profile', () => {
  const architecture = planArchitecture(recipeSpec('alexnet-small').model)
  const rows = profileRows(profile, architecture, 10)
  const row = (name: string) => rows.find((one) => one.name === name)!

  it('keep their order, with the loss last and the shapes of the plan', () => {
    const conv1 = architecture.layers.find(({ name }) => name === 'conv1')!
    expect(rows.map(({ name, output, share }) => [name, output, share])).toEqual([
      ['conv1', conv1.output, 0.6],
      ['relu1', conv1.output, 0.05],
      ['fc8', [10], 0.1],
      ['loss', null, 0.025],
    ])
  })

  it('compute two operations per multiply-accumulate, backward twice as much, save the first convolution', () => {
    const macs = (name: string) => architecture.layers.find((layer) => layer.name === name)!.macs
    // 10 images, 2 operations, and so many milliseconds of a thousandth second.
    expect(row('conv1').forwardRate).toBeCloseTo((2 * 10 * macs('conv1')) / 0.004 / 1e9)
    expect(row('conv1').backwardRate).toBeCloseTo((2 * 10 * macs('conv1')) / 0.008 / 1e9)
    expect(row('fc8').backwardRate).toBeCloseTo((2 * 2 * 10 * macs('fc8')) / 0.001 / 1e9)
    expect([row('relu1').forwardRate, row('loss').backwardRate]).toEqual([null, null])
  })

  it('have no rate where nothing was measured, no shape where the plan does not know them, no share of nothing', () => {
    const frozen = { ...profile, layers: [{ name: 'conv1', type: 'conv', forward: 4, backward: 0 }] }
    expect(profileRows(frozen, architecture, 10)[0]!.backwardRate).toBeNull()
    const layers = [{ name: 'gone', type: 'conv', forward: 0, backward: 0 }]
    const none = { data: 0, update: 0, results: 0, checks: 0, logging: 0, other: 0 }
    const empty = { ...profile, layers, loss: { forward: 0, backward: 0 }, parts: none }
    expect(profileRows(empty, architecture, 10)[0]).toMatchObject({ output: null, share: 0, forwardRate: null })
  })
})

describe('the profiles that are kept', () => {
  it('are the first and the newest', () => {
    const steps = Array.from({ length: mostProfiles + 2 }, (_, index) => index + 1)
    expect(surplusProfiles(steps)).toEqual([2, 3])
    expect(surplusProfiles(steps.slice(0, mostProfiles))).toEqual([])
  })
})
