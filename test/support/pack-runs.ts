import type { StepRecord } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { MetricSummaries, PackedRunPage, RunPage } from '../../src-core/domain/run-table/run-page.ts'

/** Runs as a page of the table, as the record packs them. */
export function packRuns(runs: readonly Run[]): PackedRunPage {
  const page: RunPage = {
    variants: runs.map(({ spec }) => JSON.stringify({ ...spec, training: { ...spec.training, seed: 0 } })),
    environments: runs.map(({ environment }) => JSON.stringify(environment)),
    runs: runs.map(({ spec, environment, last: _, ...rest }, index) => ({
      ...rest,
      variant: index,
      seed: spec.training.seed,
      environment: environment && index,
    })),
    damaged: [],
  }
  return { text: JSON.stringify(page), next: null }
}

/** The summaries of the runs' metrics: of their records as far as the run has come, else of their last values alone. */
export function summarise(
  runs: readonly Run[],
  recordsOf: (run: Run) => readonly StepRecord[] = (run) => [
    { step: run.step, epoch: run.epoch, wallTime: 0, activeTime: 0, metrics: run.last },
  ],
): MetricSummaries {
  const rows = runs.flatMap((run, index) => {
    const records = recordsOf(run).filter(({ step }) => step <= run.step)
    return Object.keys(run.last).map((metric) => ({ index, metric, points: pointsOf(records, metric) }))
  })
  const metrics = [...new Set(rows.map(({ metric }) => metric))]
  const column = (value: (points: Points) => number | undefined) =>
    Float64Array.from(rows, ({ points }) => value(points) ?? NaN)
  const extreme = (points: Points, sign: number): Points[number] | undefined =>
    points.filter(({ value }) => Number.isFinite(value)).sort((a, b) => sign * (a.value - b.value))[0]
  return {
    runIds: runs.map(({ id }) => id),
    metrics,
    run: Uint32Array.from(rows, ({ index }) => index),
    metric: Uint32Array.from(rows, ({ metric }) => metrics.indexOf(metric)),
    last: column((points) => points.at(-1)?.value),
    lastStep: column((points) => points.at(-1)?.step),
    min: column((points) => extreme(points, 1)?.value),
    minStep: column((points) => extreme(points, 1)?.step),
    max: column((points) => extreme(points, -1)?.value),
    maxStep: column((points) => extreme(points, -1)?.step),
    next: null,
  }
}

type Points = readonly { readonly step: number; readonly value: number }[]

function pointsOf(records: readonly StepRecord[], metric: string): Points {
  return records.flatMap(({ step, metrics }) => (metric in metrics ? [{ step, value: metrics[metric]! }] : []))
}
