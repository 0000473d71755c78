import { describe, expect, it } from 'vitest'
import { gatherRuns, groupRuns } from '../../../../src-core/domain/comparison/groups.ts'
import {
  measureGroups,
  twinsOf,
  unfinishedReason,
  unusableReason,
} from '../../../../src-core/domain/comparison/measured-groups.ts'
import { areTwins } from '../../../../src-core/domain/comparison/twins.ts'
import { groupRuns as chartGroups } from '../../../../src-renderer/lib/charts/groups/grouping.ts'
import { comparedRun } from '../../../support/compared-runs.ts'

const lrn = (seed: number) => comparedRun(['model.normalization.kind=lrn', `training.seed=${seed}`])
const bn = (seed: number) => comparedRun(['model.normalization.kind=bn', `training.seed=${seed}`])

describe('grouping runs', () => {
  it('puts together what differs in the seed alone, and names groups by what differs between them', () => {
    const runs = [lrn(1), bn(1), lrn(2), bn(2)]
    const groups = groupRuns(runs, 'everything-but-seed')
    expect(groups.map(({ label }) => label)).toEqual(['LRN', 'BN'])
    expect(groups.map((group) => group.runs)).toEqual([
      [runs[0], runs[2]],
      [runs[1], runs[3]],
    ])
    expect(groups[0]!.values).toEqual({ 'model.normalization.kind': 'lrn' })
  })

  it('does not count what the spec began as', () => {
    const runs = [lrn(1), { ...lrn(2), spec: { ...lrn(2).spec, recipe: 'another' } }]
    expect(groupRuns(runs, 'everything-but-seed').map(({ label }) => label)).toEqual(['All runs'])
  })

  it('groups by named fields whatever else differs', () => {
    const dropout = comparedRun(['model.normalization.kind=lrn', 'model.dropout.rate=0.2'])
    const groups = groupRuns([lrn(1), dropout, bn(1)], ['model.normalization.kind'])
    expect(groups.map(({ label, runs }) => [label, runs.length])).toEqual([
      ['LRN', 2],
      ['BN', 1],
    ])
  })

  it('has several differing fields in the label, keeps keys whichever groups are beside it, and tells equal words apart', () => {
    const quick = comparedRun(['model.normalization.kind=lrn', 'training.learningRate=0.5'])
    const groups = groupRuns([lrn(1), quick], 'everything-but-seed')
    expect(groups[1]!.label).toBe('lr 0.5')
    expect(groupRuns([quick, bn(1)], 'everything-but-seed')[0]!.key).toBe(groups[1]!.key)
    const fine = [0.1000000001, 0.1000000002].map((rate) => comparedRun([`training.learningRate=${rate}`]))
    const [first, second] = groupRuns(fine, 'everything-but-seed').map(({ label }) => label)
    expect(first).not.toBe(second)
  })

  it('makes the same groups in comparisons, charts and the table', () => {
    const other = { ...lrn(2), spec: { ...lrn(2).spec, recipe: 'another' } }
    const runs = [lrn(1), bn(1), other, bn(2)]
    const sizes = [[0, 2], [1, 3]].map((members) => members.map((index) => runs[index]!.id)) // prettier-ignore
    for (const by of ['everything-but-seed', 'model.normalization.kind'] as const) {
      const fields = by === 'everything-but-seed' ? by : [by]
      for (const sets of [gatherRuns(runs, fields), groupRuns(runs, fields), chartGroups(runs, by)]) {
        expect(sets.map((set) => set.runs.map(({ id }) => id))).toEqual(sizes)
      }
    }
    // Whether a field is there at all is a difference too.
    const [present, absent] = [lrn(1), lrn(1)]
    const { seed, ...training } = absent.spec.training
    const without = { ...absent, spec: { ...absent.spec, training: training as typeof absent.spec.training } }
    const none = { ...present, spec: { ...present.spec, training: { ...training, seed: null as unknown as number } } }
    expect([seed, gatherRuns([present, without, none], ['training.seed']).length]).toEqual([1, 3])
    expect(chartGroups([present, without, none], 'training.seed')).toHaveLength(3)
  })

  it('has no groups of no runs', () => expect(groupRuns([], 'everything-but-seed')).toEqual([]))
})

describe('measuring groups', () => {
  const diverged = { ...lrn(3), state: 'diverged' as const }
  const stopped = { ...lrn(4), state: 'stopped' as const, step: 12 }
  const fresh = { ...lrn(6), state: 'queued' as const, step: 0 }
  const group = groupRuns([lrn(1), lrn(2), diverged, stopped, fresh], 'everything-but-seed')
  const read = ({ state }: { state: string }) =>
    state === 'queued' ? { missing: 'has no test/accuracy' } : { value: state === 'diverged' ? NaN : 0.9 }

  it('leaves out and names runs that did not finish', () => {
    const [measured] = measureGroups(group, read, unfinishedReason)
    expect(measured!.measured.map(({ value }) => value)).toEqual([0.9, 0.9])
    expect(measured!.summary).toMatchObject({ n: 2, mean: 0.9 })
    expect(measured!.leftOut.map(({ reason }) => reason)).toEqual([
      'diverged',
      'is stopped at step 12 of 24',
      'has not begun',
    ])
  })

  it('leaves out at a budget only what diverged or has not begun', () => {
    const [measured] = measureGroups(group, read, unusableReason)
    expect(measured!.measured).toHaveLength(3)
    expect(measured!.leftOut.map(({ reason }) => reason)).toEqual(['diverged', 'has not begun'])
  })

  it('keeps them in when asked, but never a value that is not a number', () => {
    const [measured] = measureGroups(group, read, () => null)
    expect(measured!.measured.map(({ run }) => run.id)).toContain(stopped.id)
    expect(measured!.leftOut.map(({ reason }) => reason)).toEqual(['reached NaN', 'has no test/accuracy'])
  })
})

describe('twins', () => {
  const value = () => ({ value: 1 })
  const measured = (...runs: Parameters<typeof groupRuns>[0][]) =>
    measureGroups(
      runs.flatMap((some) => groupRuns(some, ['model.normalization.kind'])),
      value,
      unfinishedReason,
    )

  it('are runs of equal seeds, data and batch size, paired whatever their order', () => {
    const [a, b] = measured([lrn(1), lrn(2)], [bn(2), bn(1)])
    const pairs = twinsOf(a!, b!)!
    expect(pairs.map((pair) => pair.map(({ run }) => run.spec.training.seed))).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('need every run to have exactly one', () => {
    const [a, b] = measured([lrn(1), lrn(2)], [bn(1), bn(3)])
    expect(twinsOf(a!, b!)).toBeNull()
    const [c, d] = measured([lrn(1), lrn(1)], [bn(1), bn(1)])
    expect(twinsOf(c!, d!)).toBeNull()
    const larger = comparedRun(['model.normalization.kind=bn', 'training.seed=1', 'training.batchSize=16'])
    const [e, f] = measured([lrn(1)], [larger])
    expect(twinsOf(e!, f!)).toBeNull()
  })

  it('are the same here as in the difference of their curves: who sees other batches is none, whatever is done to them', () => {
    const pairs = [
      ['data.augmentation.flip=true', true],
      ['data.testImages=100', true],
      ['training.pretraining.kind=autoencoder', false],
      ['data.trainImages=100', false],
      ['data.validationFraction=0.2', false],
    ] as const
    for (const [assignment, expected] of pairs) {
      const other = (seed: number) => comparedRun([`training.seed=${seed}`, assignment])
      const plain = (seed: number) => comparedRun([`training.seed=${seed}`])
      expect(areTwins(plain(1).spec, other(1).spec), assignment).toBe(expected)
      const [a, b] = measured([plain(1), plain(2)], [other(1), other(2)])
      expect(twinsOf(a!, b!) !== null, assignment).toBe(expected)
    }
  })
})
