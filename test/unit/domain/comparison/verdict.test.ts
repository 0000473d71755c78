import { describe, expect, it } from 'vitest'
import { groupRuns } from '../../../../src-core/domain/comparison/groups.ts'
import {
  measureGroups,
  unfinishedReason,
  type MeasuredGroup,
} from '../../../../src-core/domain/comparison/measured-groups.ts'
import { correctionText } from '../../../../src-core/domain/comparison/verdict-sentence.ts'
import { verdict, verdicts } from '../../../../src-core/domain/comparison/verdict.ts'
import { seededRuns } from '../../../support/compared-runs.ts'

interface Values {
  readonly lrn?: readonly number[]
  readonly bn?: readonly number[]
  readonly gn?: readonly number[]
}

/** Groups named LRN, BN and GN; each has other seeds unless they are to be twins. */
function groupsOf(values: Values, twins = false): MeasuredGroup[] {
  const all = Object.entries(values).flatMap(([kind, some], index) =>
    seededRuns(some as number[], [`model.normalization.kind=${kind}`], twins ? 1 : 1 + index * 100),
  )
  const numbers = new Map(all.map(({ run, value }) => [run.id, value]))
  const groups = groupRuns(
    all.map(({ run }) => run),
    ['model.normalization.kind'],
  )
  return measureGroups(groups, ({ id }) => ({ value: numbers.get(id)! }), unfinishedReason)
}

function judge(values: Values, metric = 'test/accuracy', twins = false) {
  const [a, b] = groupsOf(values, twins)
  return verdict(a!, b!, { metric })
}

const clear = [0.912, 0.921, 0.905, 0.918]
const lower = [0.901, 0.899, 0.907, 0.893, 0.904]

describe('a verdict', () => {
  it('says by how much a group is better, with interval and p', () => {
    const { outcome, sentence } = judge({ lrn: clear, bn: lower })
    expect(outcome).toBe('better')
    expect(sentence).toBe('LRN is better by 1.32 points [0.25, 2.39], p = 0.024 (Welch’s t-test), n = 4 and 5.')
  })

  it('is the same seen from the other side', () => {
    const { outcome, sentence } = judge({ bn: lower, lrn: clear })
    expect(outcome).toBe('worse')
    expect(sentence).toContain('LRN is better by 1.32 points [0.25, 2.39], p = 0.024')
  })

  it('knows that a smaller loss is better', () => {
    const { outcome, sentence } = judge({ lrn: clear, bn: lower }, 'test/loss')
    expect(outcome).toBe('worse')
    expect(sentence).toContain('BN is better by 0.0132 [0.0025, 0.0239]')
  })

  it('calls neither group better where neither way is', () => {
    const [less, more] = [clear, lower].map((values) => values.map((value) => value * 1000))
    const found = judge({ lrn: less, bn: more }, 'system/memory-mib')
    expect(found.outcome).toBe('higher')
    expect(found.sentence).toBe('LRN is higher by 13.2 [2.53, 23.9], p = 0.024 (Welch’s t-test), n = 4 and 5.')
    expect(judge({ bn: more, lrn: less }, 'system/memory-mib').outcome).toBe('lower')
    expect(judge({ lrn: [0.5], bn: [0.7] }, 'train/gradient-norm').sentence).toContain('BN is higher by 0.2, which may')
    expect(judge({ lrn: [5, 7, 9], bn: [5, 7, 8] }, 'system/tensors').sentence).toContain('LRN is higher by 0.333 [')
  })

  it('says when luck would do, and how many seeds would tell', () => {
    const { outcome, sentence } = judge({ lrn: [0.9, 0.92, 0.94], bn: [0.91, 0.915, 0.905] })
    expect(outcome).toBe('undecided')
    expect(sentence).toMatch(
      /^Not distinguishable at n = 3: LRN is ahead by 1\.00 points \[−3\.\d\d, 5\.\d\d\], p = 0\.4/,
    )
    expect(sentence).toContain('About 36 seeds per variant would be needed')
  })

  it('refuses to name a winner from one seed', () => {
    const one = judge({ lrn: [0.95], bn: [0.9] })
    expect(one.outcome).toBe('refused')
    expect(one.p).toBeNull()
    expect(one.sentence).toBe(
      'One seed each cannot tell. LRN is ahead by 5.00 points, which may be luck: train more seeds.',
    )
    expect(judge({ lrn: [0.95], bn: [0.9, 0.91] }).sentence).toMatch(/^One seed of LRN cannot tell\./)
    expect(judge({ lrn: [0.5], bn: [0.5] }).sentence).toContain('Both are equal')
  })

  it('says when a group has no run that counts', () => {
    const [a, b] = groupsOf({ lrn: [NaN, NaN], bn: clear })
    const found = verdict(a!, b!, { metric: 'test/accuracy' })
    expect(found).toMatchObject({ outcome: 'refused', sentence: 'Nothing to compare: LRN has no run that counts.' })
  })

  it('compares twins seed by seed, where their common luck cancels', () => {
    const lrn = [0.9, 0.93, 0.96, 0.92]
    const bn = lrn.map((value, index) => value - 0.005 - index * 0.0005)
    expect(judge({ lrn, bn }).outcome).toBe('undecided')
    const paired = judge({ lrn, bn }, 'test/accuracy', true)
    expect(paired).toMatchObject({ paired: true, outcome: 'better' })
    expect(paired.sentence).toContain('(paired t-test: the runs are twins)')
    expect(paired.sentence).toContain(
      'n = 4. This rests on the t-test alone. The sign-flip test, which supposes no distribution, gives a larger p = 0.13, and with so few runs could not be smaller.',
    )
  })

  it('says that equal runs leave no luck to judge', () => {
    const equal = judge({ lrn: [0.5, 0.5], bn: [0.5, 0.5] })
    expect(equal.sentence).toBe(
      'The runs of each group are all equal, so their luck cannot be judged. No difference at n = 2.',
    )
    const apart = judge({ lrn: [0.6, 0.6, 0.6], bn: [0.5, 0.5, 0.5] })
    expect(apart.outcome).toBe('undecided')
    expect(apart.sentence).toContain('LRN is ahead by 10.00 points, p = 0.10 (permutation test)')
    const many = judge({ lrn: [0.6, 0.6, 0.6, 0.6], bn: [0.5, 0.5, 0.5, 0.5] })
    expect(many.outcome).toBe('better')
    for (const { sentence } of [equal, apart, many]) expect(sentence).not.toMatch(/NaN|Infinity|null|undefined/)
  })

  it('says of twins that differ by the same that the sign-flip test was all there is', () => {
    const found = judge({ lrn: [0.91, 0.89], bn: [0.9, 0.88] }, 'test/accuracy', true)
    expect(found.sentence).toBe(
      'All twins differ by the same amount, so their luck cannot be judged. Not distinguishable at n = 2: LRN is ahead by 1.00 points, p = 0.50 (sign-flip test).',
    )
    const same = judge({ lrn: [0.91, 0.89], bn: [0.91, 0.89] }, 'test/accuracy', true)
    expect(same.sentence).toBe('All twins are equal, so their luck cannot be judged. No difference at n = 2.')
  })

  it('decides nothing by the last bit of equal differences', () => {
    expect(0.9 - 0.8).not.toBe(0.8 - 0.7)
    const found = judge({ lrn: [0.9, 0.8], bn: [0.8, 0.7] }, 'test/accuracy', true)
    expect(found).toMatchObject({ paired: true, outcome: 'undecided', p: 0.5, needed: null })
  })
})

describe('verdicts over several groups', () => {
  const values = { lrn: clear, bn: lower, gn: [0.9, 0.902, 0.898] }

  it('correct the p-values of all pairs and say so', () => {
    const found = verdicts(groupsOf(values), { metric: 'test/accuracy' })
    expect(found.map(({ a, b }) => `${a.label} ${b.label}`)).toEqual(['LRN BN', 'LRN GN', 'BN GN'])
    expect(found[0]!.p).toBeGreaterThan(found[0]!.test.p!)
    expect(found[0]!.sentence).toContain('Holm-corrected for 3 comparisons, interval at 98.3 %')
  })

  it('give each interval at the level that its p-value was corrected to, so that neither contradicts the other', () => {
    // Welch's p of the first pair is 0.024 alone, 0.073 corrected: its interval of 95 %, [0.25, 2.39], leaves out 0.
    const [first] = verdicts(groupsOf(values), { metric: 'test/accuracy' })
    expect(first).toMatchObject({ outcome: 'undecided', confidence: 1 - 0.05 / 3 })
    expect(first!.test.interval![0]).toBeLessThan(0)
    const many = [
      groupsOf(values),
      groupsOf({ lrn: clear, bn: lower, gn: [0.7, 0.71, 0.72] }),
      groupsOf({ lrn: [0.9, 0.91, 0.92], bn: [0.8, 0.803, 0.81], gn: [0.7, 0.73, 0.71] }, true),
      groupsOf({ lrn: [0.9, 0.91, 0.92], bn: [0.88, 0.889, 0.899], gn: [0.85, 0.9, 0.91] }),
    ].flatMap((groups) => verdicts(groups, { metric: 'test/accuracy' }))
    expect(new Set(many.map(({ outcome }) => outcome === 'undecided')).size).toBe(2)
    for (const { p, test } of many) expect(test.interval![0] > 0 || test.interval![1] < 0).toBe(p! < 0.05)
  })

  it('say in one note what was corrected and at which levels the intervals are', () => {
    expect(correctionText(verdicts(groupsOf({ lrn: clear, bn: lower }), { metric: 'test/accuracy' }))).toBe(
      'Intervals of differences are at 95 %.',
    )
    const found = verdicts(groupsOf({ lrn: clear, bn: lower, gn: [0.7, 0.71, 0.72] }), { metric: 'test/accuracy' })
    expect(correctionText(found)).toBe(
      'p-values and intervals of differences are corrected for 3 comparisons by Holm’s method, the intervals at 95 %, 97.5 % and 98.3 %: they leave out 0 where p is below 0.05.',
    )
    const equal = verdicts(groupsOf({ lrn: [0.5, 0.5], bn: [0.5, 0.5], gn: [0.5, 0.5] }), { metric: 'test/accuracy' })
    expect(correctionText(equal)).toBe('p-values are corrected for 3 comparisons by Holm’s method.')
  })

  it('compare all with the baseline when there is one', () => {
    const groups = groupsOf(values)
    const found = verdicts(groups, { metric: 'test/accuracy' }, groups[1]!.key)
    expect(found.map(({ a, b }) => `${a.label} ${b.label}`)).toEqual(['LRN BN', 'GN BN'])
    expect(found[0]!.comparisons).toBe(2)
  })

  it('do not count pairs that cannot be tested', () => {
    const found = verdicts(groupsOf({ ...values, gn: [0.9] }), { metric: 'test/accuracy' })
    expect(found.map(({ comparisons, outcome }) => [comparisons, outcome])).toEqual([
      [1, 'better'],
      [1, 'refused'],
      [1, 'refused'],
    ])
    expect(found[0]!.sentence).not.toContain('Holm')
  })

  it('are none of one group', () => expect(verdicts(groupsOf({ lrn: clear }), { metric: 'test/loss' })).toEqual([]))
})
