import { hasBest, higherIsBetter } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { formatCount, formatDuration, formatMetric, missing } from '../format.ts'
import type { LiveSeries } from '../charts/live-series.ts'
import { bestAndLast, winners, type Reached } from './comparison.ts'

export interface ComparedCell {
  readonly text: string
  readonly note?: string
  readonly best?: boolean
}

export interface ComparedRow {
  readonly label: string
  readonly title?: string
  readonly cells: readonly ComparedCell[]
}

type FindSeries = (runId: string, metric: string) => LiveSeries | null

/** Best and last value of each metric with the step at which it was reached; the better run's is emphasised. */
export function resultsTable(
  runs: readonly Run[],
  metrics: readonly { readonly metric: string; readonly title: string }[],
  find: FindSeries,
): ComparedRow[] {
  const rows = metrics.flatMap(({ metric, title }) => metricRows(runs, metric, title, find))
  return [...rows, ...costRows(runs)]
}

/** The newest values at or before a step, with their own step where it is another; the best run's are emphasised. */
export function resultsAtStep(
  runs: readonly Run[],
  metrics: readonly { readonly metric: string; readonly title: string }[],
  values: (runId: string) => Readonly<Record<string, Reached>>,
): ComparedRow[] {
  return metrics.flatMap(({ metric, title }) => {
    const reached = runs.map(({ id }) => values(id)[metric] ?? null)
    return reached.every((one) => one === null) ? [] : [row(title, metric, reached)]
  })
}

function metricRows(runs: readonly Run[], metric: string, title: string, find: FindSeries): ComparedRow[] {
  const reached = runs.map((run) => {
    const series = find(run.id, metric)
    return series ? bestAndLast(series, metric) : { best: null, last: null }
  })
  if (reached.every(({ last }) => last === null)) return []
  const best = row(
    `${title}, best`,
    metric,
    reached.map(({ best }) => best),
  )
  const last = row(
    `${title}, last`,
    metric,
    reached.map(({ last }) => last),
  )
  const same = !hasBest(metric) || reached.every(({ best, last }) => best?.step === last?.step)
  return same ? [{ ...last, label: title }] : [best, last]
}

function row(label: string, metric: string, reached: readonly (Reached | null)[]): ComparedRow {
  const values = reached.map((one) => one?.value ?? null)
  const best = hasBest(metric) ? winners(values, higherIsBetter(metric)) : new Set()
  return {
    label,
    cells: reached.map((one, index) =>
      one === null
        ? { text: missing }
        : { text: formatMetric(metric, one.value), note: `at ${formatCount(one.step)}`, best: best.has(index) },
    ),
  }
}

function costRows(runs: readonly Run[]): ComparedRow[] {
  const cells = (text: (run: Run) => string): ComparedCell[] => runs.map((run) => ({ text: text(run) }))
  return [
    { label: 'Training time', cells: cells((run) => formatDuration(run.activeTime)) },
    { label: 'Steps', cells: cells((run) => formatCount(run.step)) },
    {
      label: 'Images per second',
      cells: cells((run) => (run.imagesPerSecond === null ? missing : formatCount(Math.round(run.imagesPerSecond)))),
    },
    { label: 'Parameters', cells: cells((run) => formatCount(run.parameters)) },
  ]
}
