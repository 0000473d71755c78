import { describe, expect, it } from 'vitest'
import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import { profileRows } from '../../../src-core/domain/profile/layer-rows.ts'
import {
  longestTime,
  orderedRows,
  partShares,
  rowTypeName,
  timeDecimals,
} from '../../../src-renderer/lib/profile/profile-view.ts'
import { sampleProfile, sampleRun } from '../../support/sample-run.ts'

const { profile } = sampleProfile()
const rows = profileRows(profile, planArchitecture(sampleRun().spec.model), 64)

describe('the bar of a step', () => {
  it('shows every part in its own colour, and their shares fill it', () => {
    const shares = partShares(profile)
    expect(shares.map(({ title, milliseconds }) => [title, milliseconds])).toEqual([
      ['Forward', 5.75],
      ['Backward', 9.75],
      ['Update', 2],
      ['Data wait', 1],
      ['Read-back', 0.5],
      ['Checks', 0.25],
      ['Logging', 0.125],
      ['Other', 0.625],
    ])
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    expect(new Set(shares.map(({ color }) => color)).size).toBe(8)
  })

  it('is empty, not broken, when nothing was measured', () => {
    const parts = { data: 0, update: 0, results: 0, checks: 0, logging: 0, other: 0 }
    const nothing = { ...profile, layers: [], loss: { forward: 0, backward: 0 }, parts }
    expect(partShares(nothing).map(({ share }) => share)).toEqual(Array(8).fill(0))
    expect(longestTime([])).toBe(0)
  })
})

describe('the table of layers', () => {
  it('comes in the order of the network, or with the slowest first, forward and backward together', () => {
    const names = (order: 'network' | 'time') => orderedRows(rows, order).map(({ name }) => name)
    expect(names('network')).toEqual(['conv1', 'relu1', 'fc8', 'loss'])
    expect(names('time')).toEqual(['conv1', 'fc8', 'relu1', 'loss'])
  })

  it('has one scale for both directions, and decimals for what is measured', () => {
    expect(longestTime(rows)).toBe(8)
    expect([8, 12, 1200].map(timeDecimals)).toEqual([3, 2, 1])
  })

  it('names types as the architecture does, and keeps the name of one that it does not know', () => {
    expect(rows.map(rowTypeName)).toEqual(['Convolution', 'ReLU', 'Fully connected', 'Cross-entropy'])
    expect(rowTypeName({ type: 'attention' })).toBe('attention')
  })
})
