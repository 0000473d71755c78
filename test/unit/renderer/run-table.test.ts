import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src-core/domain/run.ts'
import { configurationText, winners } from '../../../src-renderer/lib/run/comparison.ts'
import { actionsOf, startWord } from '../../../src-renderer/lib/run/run-actions.ts'
import { inScope } from '../../../src-renderer/lib/run/run-table.ts'
import { sampleRuns } from '../../support/renderer/sample-runs.ts'

const runs = sampleRuns(0, Date.UTC(2026, 2, 1)).map(({ run }) => run)
const named = (part: string): Run => runs.find(({ name }) => name.includes(part))!

describe('scope', () => {
  it('keeps deleted runs apart', () => {
    expect(runs.filter((run) => inScope(run, 'deleted')).map(({ name }) => name)).toEqual(['First try, 2 epochs'])
    expect(runs.filter((run) => inScope(run, 'unfinished'))).toHaveLength(6)
  })
})

describe('actions', () => {
  it('are those that main would not refuse', () => {
    expect(actionsOf(named('all images, seed 3'))).toMatchObject({
      start: false,
      pause: true,
      stop: true,
      exportModel: false,
    })
    expect(actionsOf(named('Width'))).toMatchObject({ start: true, pause: false, stop: true, exportModel: true })
    expect(actionsOf(named('First try'))).toMatchObject({
      start: false,
      remove: false,
      restore: true,
      exportModel: false,
    })
  })

  it('call the first start a start', () => {
    expect([startWord(named('Width')), startWord({ ...named('Width'), step: 0 })]).toEqual(['Resume', 'Start'])
  })
})

describe('comparison', () => {
  it('tells a number from a text of the same letters, and null from a missing field', () => {
    expect([1, '1', null, undefined, [], true].map((value) => configurationText(value))).toEqual([
      '1',
      '"1"',
      'all',
      'not there',
      'none',
      'yes',
    ])
  })

  it('finds winners only where something can be won', () => {
    expect([...winners([0.9, 0.95, null, NaN], true)]).toEqual([1])
    expect([...winners([0.5, 0.5], true)]).toEqual([])
    expect([...winners([null, 0.5], false)]).toEqual([])
  })
})
