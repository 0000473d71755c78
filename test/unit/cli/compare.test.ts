import { describe, expect, it } from 'vitest'
import { compareRuns, type ComparisonRequest } from '../../../src-cli/compare/comparison.ts'
import type { MetricSummary } from '../../../src-core/domain/metrics.ts'
import { comparedRun } from '../../support/compared-runs.ts'

const summary = (last: number, max: number): MetricSummary => ({
  ...{ points: 3, last, lastStep: 24, lastEpoch: 2 },
  ...{ min: 0.1, minStep: 1, minEpoch: 0, max, maxStep: 12, maxEpoch: 1 },
})
const metric = 'validation/accuracy'
const run = (seed: number, last: number, max: number) =>
  comparedRun([`training.seed=${seed}`], { metrics: { [metric]: summary(last, max), 'system/tensors': summary(9, 9) } })
const request: ComparisonRequest = {
  runs: [run(1, 0.8, 0.9), run(2, 0.7, 0.7), comparedRun(['training.seed=3'], { metrics: {} })],
  choice: { metric, reading: 'best' },
  groupBy: 'everything-but-seed',
  budget: null,
  baseline: null,
  unfinished: false,
}
/** A record whose histories must not be touched. */
const metrics = new Proxy({} as Parameters<typeof compareRuns>[0]['metrics'], {
  get: (_, name) => {
    throw new Error(`read metrics.${String(name)}`)
  },
})
const none = { list: () => [] }
const workspace = { metrics, datasets: none, grids: none } as unknown as Parameters<typeof compareRuns>[0]

describe('a comparison of runs', () => {
  it('reads what is summed up, and no single value, unless there is a budget', () => {
    const { results, groups } = compareRuns(workspace, request)
    expect(results).toEqual([
      { metric: 'system/tensors', best: [], last: [{ value: 9, step: 24 }, { value: 9, step: 24 }, null] },
      {
        metric,
        best: [{ value: 0.9, step: 12 }, { value: 0.7, step: 12 }, null],
        last: [{ value: 0.8, step: 24 }, { value: 0.7, step: 24 }, null],
      },
    ])
    expect(groups[0]!.measured.map(({ value }) => value)).toEqual([0.9, 0.7])
    expect(groups[0]!.leftOut.map(({ reason }) => reason)).toEqual([`has no ${metric}`])
    expect(() => compareRuns(workspace, { ...request, budget: { kind: 'steps', value: 12 } })).toThrow('metrics.drawn')
  })
})
