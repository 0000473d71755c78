import { describe, expect, it } from 'vitest'
import { costText, differenceText, planRuns } from '../../../src-renderer/components/compare/architecture/layer-view.ts'
import { sampleRun } from '../../support/sample-run.ts'

const costs = { params: 2_000_000, macs: 0, activationBytes: 2048, milliseconds: null }

describe('figures of compared layers', () => {
  it('leave out what a layer does not have, and say what was not measured', () => {
    expect([costText('params', 2_000_000), costText('macs', 0), costText('milliseconds', null)]).toEqual([
      '2 M',
      '',
      '–',
    ])
  })

  it('are signed against the base, a layer that is not there counting nothing', () => {
    const less = { ...costs, params: 500_000, milliseconds: 3 }
    expect(differenceText('params', less, costs)).toBe('−1.5 M')
    expect(differenceText('params', costs, null)).toBe('+2 M')
    expect(differenceText('params', null, costs)).toBe('−2 M')
    expect([differenceText('params', costs, costs), differenceText('milliseconds', less, costs)]).toEqual(['', ''])
  })

  it('come from the networks that can be laid out, and the others are named', () => {
    const good = sampleRun()
    const bad = sampleRun({ id: 'r1', name: 'Too many groups' })
    const model = {
      ...bad.spec.model,
      normalization: { ...bad.spec.model.normalization, kind: 'gn' as const, gn: { groups: 7, epsilon: 1e-5 } },
    }
    const { planned, problems } = planRuns([good, { ...bad, spec: { ...bad.spec, model } }])
    expect(planned.map(({ run }) => run.id)).toEqual([good.id])
    expect(problems).toEqual([expect.stringMatching(/^“Too many groups” is left out, .*7 groups do not divide/)])
  })
})
