import { metricNames } from '../../../../src-core/domain/metrics.ts'
import { areTwins, whyNoTwins } from '../../../../src-core/domain/comparison/twins.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { noSmoothing, type Smoothing } from '../../../../src-core/domain/statistics/series-smoothing.ts'
import type { BandKind, ChartSettings } from '../../../lib/charts/chart-settings.ts'
import type { DrawnSeries, PlacedSeries } from '../../../lib/charts/columns.ts'
import { differenceSeries, formulaSeries, groupSeries, raceSeries } from '../../../lib/charts/derive/computed-series.ts'
import type { Expression } from '../../../lib/charts/derive/expression.ts'
import { groupRuns, type RunGroup } from '../../../lib/charts/groups/grouping.ts'
import { lookKey, type Look, type Looks } from '../../../lib/charts/groups/looks.ts'
import { placedSeries, placeFacts } from '../../../lib/charts/places.ts'
import { smoothedValues } from '../../../lib/charts/smoothing.ts'
import type { ChartLine, FindSeries, LineSource, SeriesKey } from '../../charts/chart-model.ts'
import { isSparse } from '../../charts/run-lines.ts'

/** A chart of a card: all runs, or those of one group when the card is split into panels. */
export interface CurvePanel {
  readonly key: string
  readonly label: string
  readonly lines: readonly ChartLine[]
}

/** What the lines of a card show: a metric of each run, or a formula. */
export interface CurveSubject {
  /** The metric whose precision and direction hold for the values. */
  readonly metric: string
  readonly formula: Expression | null
}

export interface CurveContext {
  readonly runs: readonly Run[]
  readonly looks: Looks
  readonly settings: ChartSettings
  /** How the runs of a group are smoothed before they are averaged. */
  readonly smoothing: Smoothing
  /** Of a paired difference: the run that is subtracted. */
  readonly base: Run | null
  /** Curves of imported files, for the cards of their metrics. */
  readonly references: readonly ChartLine[]
}

/** Works a series out once for each state of what it is made from. */
export function remembered(
  reads: readonly SeriesKey[],
  compute: (found: readonly (DrawnSeries | null)[], find: FindSeries) => DrawnSeries | null,
): LineSource {
  let stamp: readonly unknown[] | null = null
  let result: DrawnSeries | null = null
  return {
    reads,
    series: (find) => {
      const found = reads.map(({ runId, metric }) => find(runId, metric))
      const now = found.flatMap((series) => [series, series?.total, series?.length])
      if (!stamp || now.some((part, index) => part !== stamp![index])) result = compute(found, find)
      stamp = now
      return result
    },
  }
}

function readsOf(run: Run, { metric, formula }: CurveSubject): SeriesKey[] {
  return (formula?.metrics ?? [metric]).map((one) => ({ runId: run.id, metric: one }))
}

/** The series of a run for a subject: its metric's own, or the formula's. */
function subjectSeries(run: Run, { metric, formula }: CurveSubject, find: FindSeries): DrawnSeries | null {
  return formula ? formulaSeries(formula, (one) => find(run.id, one)) : find(run.id, metric)
}

/** The series of runs along the axis of the charts, without those that have no values or no place there. */
function placed(runs: readonly Run[], subject: CurveSubject, context: CurveContext, find: FindSeries): PlacedSeries[] {
  return runs.flatMap((run) => {
    const series = subjectSeries(run, subject, find)
    if (!series || series.length === 0) return []
    return placedSeries(series, context.settings.axis, placeFacts(run)) ?? []
  })
}

function runLine(run: Run, subject: CurveSubject, look: Look): ChartLine {
  const { metric, formula } = subject
  const source = formula && remembered(readsOf(run, subject), (_, find) => subjectSeries(run, subject, find))
  const sparse = (formula?.metrics ?? [metric]).some(isSparse)
  const exact = metric === metricNames.learningRate
  return {
    runId: run.id,
    metric,
    label: run.name,
    ...look,
    sparse,
    exact,
    ...placeFacts(run),
    ...(source ? { source } : {}),
  }
}

/** The mean of the runs that look alike, with a band. */
function groupLine(group: RunGroup, subject: CurveSubject, look: Look, context: CurveContext): ChartLine {
  const { runs, label, key } = group
  const reads = runs.flatMap((run) => readsOf(run, subject))
  const sparse = reads.some(({ metric }) => isSparse(metric))
  const source = remembered(reads, (_, find) => {
    const smoothing = sparse ? noSmoothing : context.smoothing
    return groupSeries(
      placed(runs, subject, context, find).map((one) => ({ ...one, values: smoothedValues(one.series, smoothing) })),
      context.settings.band,
      context.settings.axis,
    )
  })
  const text = runs.length > 1 ? `${label} (n ${runs.length})` : label
  return {
    runId: `group ${key}`,
    metric: subject.metric,
    label: text,
    ...look,
    sparse,
    exact: true,
    band: context.settings.band !== 'none',
    members: runs.map(({ id }) => id),
    source,
    ...placeFacts(runs[0]!),
  }
}

/** The runs that share a look, each pair of colour and dash once. */
function lookGroups(runs: readonly Run[], { looks }: CurveContext): { group: RunGroup; look: Look }[] {
  const labelOf = (id: string): string => {
    const color = looks.colors.find(({ runs }) => runs.some((run) => run.id === id))!.label
    const dash = looks.dashes.find(({ runs }) => runs.some((run) => run.id === id))?.label
    return dash ? `${color}, ${dash}` : color
  }
  const found = new Map<string, { group: RunGroup; look: Look }>()
  for (const run of runs) {
    const look = looks.of.get(run.id)!
    const key = lookKey(look)
    const before = found.get(key)
    const members = [...(before?.group.runs ?? []), run]
    found.set(key, { group: { key, label: before?.group.label ?? labelOf(run.id), runs: members }, look })
  }
  return [...found.values()]
}

function overlaid(runs: readonly Run[], subject: CurveSubject, context: CurveContext): ChartLine[] {
  if (context.settings.band === 'none') return runs.map((run) => runLine(run, subject, context.looks.of.get(run.id)!))
  return lookGroups(runs, context).map(({ group, look }) => groupLine(group, subject, look, context))
}

/** What each twin has more than the base, step by step, around a line at 0. */
function differences(subject: CurveSubject, { runs, looks, base }: CurveContext): ChartLine[] {
  if (!base) return []
  const twins = runs.filter((run) => run.id !== base.id && areTwins(run.spec, base.spec))
  return twins.map((run) => {
    const reads = [...readsOf(run, subject), ...readsOf(base, subject)]
    const source = remembered(reads, (_, find) => {
      const [mine, theirs] = [run, base].map((one) => subjectSeries(one, subject, find))
      return mine && theirs ? differenceSeries(mine, theirs) : null
    })
    return { ...runLine(run, subject, looks.of.get(run.id)!), source }
  })
}

function race(subject: CurveSubject, context: CurveContext): ChartLine[] {
  const { runs, looks } = context
  const reads = runs.flatMap((run) => readsOf(run, subject))
  return runs.map((run) => {
    const source = remembered(reads, (_, find) => {
      const [mine] = placed([run], subject, context, find)
      return mine ? raceSeries(mine, placed(runs, subject, context, find), subject.metric) : null
    })
    return { ...runLine(run, subject, looks.of.get(run.id)!), exact: true, source }
  })
}

/** The charts of a card in the chosen mode. */
export function curvePanels(subject: CurveSubject, context: CurveContext): CurvePanel[] {
  const { settings, runs } = context
  if (settings.mode === 'difference') return [{ key: '', label: '', lines: differences(subject, context) }]
  if (settings.mode === 'race') return [{ key: '', label: '', lines: race(subject, context) }]
  const by = settings.mode === 'multiples' && settings.panel === 'none' ? 'run' : settings.panel
  const references = context.references.filter(({ metric }) => !subject.formula && metric === subject.metric)
  return groupRuns(runs, by).map((group) => ({
    key: group.key,
    label: by === 'none' ? '' : group.label,
    lines: [...overlaid(group.runs, subject, context), ...references],
  }))
}

/** The run that the others are subtracted from: the chosen one, else the first with values that has a twin with some. */
export function baseOf(runs: readonly Run[], chosen: string | null): Run | null {
  const wanted = runs.find(({ id }) => id === chosen)
  if (wanted) return wanted
  const begun = runs.filter(({ step }) => step > 0)
  return begun.find((run) => begun.some((other) => other.id !== run.id && areTwins(run.spec, other.spec))) ?? null
}

/** Which runs are no twins of the base, and the fields that keep them from it. */
export function noTwins(runs: readonly Run[], base: Run): { run: Run; fields: string[] }[] {
  return runs
    .filter(({ id }) => id !== base.id)
    .map((run) => ({ run, fields: whyNoTwins(run.spec, base.spec) }))
    .filter(({ fields }) => fields.length > 0)
}

export const bandTitles: Record<BandKind, string> = {
  none: 'No bands',
  range: 'Min to max',
  deviation: 'Standard deviation',
  error: 'Standard error',
  interval: '95 % interval',
}
