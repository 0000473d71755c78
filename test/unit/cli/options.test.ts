import { describe, expect, it } from 'vitest'
import { defaultName, specFromOptions, specFromSet } from '../../../src-cli/spec-options.ts'
import { formatBytes, formatDuration, formatNumber, formatPercent } from '../../../src-cli/terminal/format.ts'
import { singleLine } from '../../../src-cli/terminal/output.ts'

describe('spec of a new run', () => {
  it('takes the classes from the data set unless they are set', () => {
    expect(specFromOptions('keras-bn', {}).model.classes).toBe(10)
    expect(specFromOptions('keras-bn', { set: ['model.classes=12'] }).model.classes).toBe(12)
    expect(specFromSet('keras-bn').model.classes).toBe(1000)
  })

  it('lets the short options win', () => {
    const { training } = specFromOptions('alexnet-small', {
      set: ['training.seed=3'],
      seed: '4',
      epochs: '2',
      steps: '9',
    })
    expect([training.seed, training.epochs, training.steps]).toEqual([4, 2, 9])
  })

  it('refuses unknown recipes and data sets with the known ones', () => {
    expect(() => specFromOptions('vgg', {})).toThrow('Known recipes')
    expect(() => specFromOptions('keras-bn', { dataset: 'imagenet' })).toThrow('Known data sets: mnist')
    expect(() => specFromOptions('keras-bn', { epochs: 'many' })).toThrow('training.epochs: must be')
  })

  it('proposes a name that tells variants apart', () => {
    const spec = specFromOptions('alexnet-small', { set: ['model.normalization.kind=lrn'], seed: '5' })
    expect(defaultName(spec)).toBe('Small AlexNet, LRN, dropout 0.5, seed 5')
  })
})

describe('figures in words', () => {
  it('formats durations, bytes and numbers', () => {
    expect([59_400, 61_000, 3_599_600, 3_600_000, 7_500_000].map(formatDuration)).toEqual([
      '59 s',
      '1 min 01 s',
      '1 h 00 min',
      '1 h 00 min',
      '2 h 05 min',
    ])
    expect([0, 1023, 1024, 5_000_000].map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '4.8 MiB'])
    expect([formatNumber(NaN), formatNumber(null), formatPercent(0.98765)]).toEqual(['NaN', '-', '98.77'])
  })

  it('keeps what would steer a terminal out of it', () => {
    expect(singleLine('a\u001b[31mred\nline\u0007')).toBe('a [31mred line ')
  })
})
