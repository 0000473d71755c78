import type { MeasuredGroup } from '../../src-core/domain/comparison/measured-groups.ts'
import type { Verdict } from '../../src-core/domain/comparison/verdict.ts'
import type { RunComparison } from './comparison.ts'
import { gridJson } from './grid-cells.ts'

function groupRecord({ label, values, runs, summary, measured, leftOut }: MeasuredGroup) {
  return {
    label,
    values,
    runs: runs.map(({ id }) => id),
    ...summary,
    measured: measured.map(({ run, value }) => ({ run: run.id, seed: run.spec.training.seed, value })),
    leftOut: leftOut.map(({ run, reason }) => ({ run: run.id, reason })),
  }
}

function verdictRecord({ a, b, outcome, sentence, paired, test, confidence, p, comparisons, ...rest }: Verdict) {
  const { permutation, effect, needed } = rest
  return { a: a.label, b: b.label, outcome, sentence, paired, ...test, confidence, uncorrectedP: test.p, p, comparisons, permutation, effect, needed } // prettier-ignore
}

/** The comparison as plain data. What a run does not have is missing in `values`, which tells it from null. */
export function comparisonJson({ runs, choice, budget, ranking, grid, ...found }: RunComparison) {
  const ids = runs.map(({ id }) => id)
  const perRun = <T>(values: readonly T[]): Record<string, T> =>
    Object.fromEntries(values.map((value, index) => [ids[index]!, value]))
  return {
    runs: runs.map(({ id, name, state, step, epoch, activeTime, spec }) => {
      return { id, name, state, step, epoch, activeTime, seed: spec.training.seed }
    }),
    differences: found.differences.map(({ path, values }) => ({ path, values: perRun(values) })),
    results: found.results.map(({ metric, best, last }) => ({ metric, best: perRun(best), last: perRun(last) })),
    metric: choice.metric,
    reading: choice.reading,
    budget,
    groups: found.groups.map(groupRecord),
    grid: grid && gridJson(grid),
    verdicts: found.verdicts.map(verdictRecord),
    ranking: ranking && {
      sentence: ranking.sentence,
      runs: ranking.ranked.map(({ contestant, rank, value, reached }) => ({
        run: contestant.key,
        rank,
        value,
        step: ranking.readAt[contestant.key] ?? null,
        reached,
      })),
    },
  }
}
