import { metricNames, possibleRange } from '../../../../src-core/domain/metrics.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { noSmoothing, type Smoothing } from '../../../../src-core/domain/statistics/series-smoothing.ts'
import { unlimited, type Bounds } from '../../../lib/charts/axis.ts'
import type { BandKind, ChartSettings } from '../../../lib/charts/chart-settings.ts'
import type { DrawnSeries, PlacedSeries } from '../../../lib/charts/columns.ts'
import { differenceSeries, formulaSeries, groupSeries, raceSeries } from '../../../lib/charts/derive/computed-series.ts'
import type { Expression } from '../../../lib/charts/derive/expression.ts'
import { groupRuns } from '../../../lib/charts/groups/grouping.ts'
import type { Looks } from '../../../lib/charts/groups/looks.ts'
import { lookLabel, meanGroups, type MeanGroup } from '../../../lib/charts/groups/means.ts'
import type { Pair, Pairing } from '../../../lib/charts/groups/pairs.ts'
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
  /** Of a paired difference: which runs are subtracted from which; null without any. */
  readonly pairing: Pairing | null
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

/** A run's series along the axis of the charts; nothing without values or a place there. */
function placedOn(series: DrawnSeries | null, run: Run, { settings }: CurveContext): PlacedSeries[] {
  if (!series || series.length === 0) return []
  const found = placedSeries(series, settings.axis, placeFacts(run))
  return found ? [found] : []
}

function placed(runs: readonly Run[], subject: CurveSubject, context: CurveContext, find: FindSeries): PlacedSeries[] {
  return runs.flatMap((run) => placedOn(subjectSeries(run, subject, find), run, context))
}

/** What the values can be: those of a formula anything, and a difference reaches as far both ways. */
function limitsOf({ metric, formula }: CurveSubject, { settings }: CurveContext): Bounds {
  if (formula) return unlimited
  const { min, max } = possibleRange(metric)
  if (settings.mode === 'difference') return { min: min - max, max: max - min }
  return settings.mode === 'race' ? { min: 0, max: max - min } : { min, max }
}

function runLine(run: Run, subject: CurveSubject, context: CurveContext): ChartLine {
  const { metric, formula } = subject
  const source = formula && remembered(readsOf(run, subject), (_, find) => subjectSeries(run, subject, find))
  const sparse = (formula?.metrics ?? [metric]).some(isSparse)
  const exact = metric === metricNames.learningRate
  return {
    runId: run.id,
    metric,
    label: run.name,
    ...(context.looks.shared ? { stands: lookLabel(context.looks, run) } : {}),
    ...context.looks.of.get(run.id)!,
    sparse,
    exact,
    limits: limitsOf(subject, context),
    ...placeFacts(run),
    ...(source ? { source } : {}),
  }
}

/** What a mean is worked out of: the series that it reads, and how its members come from them. */
interface MeanOf {
  readonly reads: readonly SeriesKey[]
  readonly found: (find: FindSeries) => PlacedSeries[]
}

/** The mean of some runs, with a band. */
function meanLine(group: MeanGroup, subject: CurveSubject, context: CurveContext, { reads, found }: MeanOf): ChartLine {
  const { runs, label, key, look } = group
  const { band, axis } = context.settings
  const limits = limitsOf(subject, context)
  const sparse = reads.some(({ metric }) => isSparse(metric))
  const smoothing = sparse ? noSmoothing : context.smoothing
  const source = remembered(reads, (_, find) => {
    const members = found(find).map((one) => ({ ...one, values: smoothedValues(one.series, smoothing) }))
    return groupSeries(members, band, axis, limits)
  })
  return {
    runId: `group ${key}`,
    metric: subject.metric,
    label: runs.length > 1 ? `${label} (n ${runs.length})` : label,
    ...look,
    sparse,
    exact: true,
    limits,
    band: true,
    members: runs.map(({ id }) => id),
    source,
    ...placeFacts(runs[0]!),
  }
}

function overlaid(runs: readonly Run[], subject: CurveSubject, context: CurveContext): ChartLine[] {
  if (context.settings.band === 'none') return runs.map((run) => runLine(run, subject, context))
  return meanGroups(runs, context.looks).map((group) =>
    meanLine(group, subject, context, {
      reads: group.runs.flatMap((run) => readsOf(run, subject)),
      found: (find) => placed(group.runs, subject, context, find),
    }),
  )
}

/** A run's series less that of its twin. */
function pairSeries({ run, base }: Pair, subject: CurveSubject, find: FindSeries): DrawnSeries | null {
  const [mine, theirs] = [run, base].map((one) => subjectSeries(one, subject, find))
  return mine && theirs ? differenceSeries(mine, theirs) : null
}

function pairReads(pairs: readonly Pair[], subject: CurveSubject): SeriesKey[] {
  return pairs.flatMap(({ run, base }) => [...readsOf(run, subject), ...readsOf(base, subject)])
}

/** What each run has more than its twin, step by step, around a line at 0; with bands, the means of such pairs. */
function differences(subject: CurveSubject, context: CurveContext): ChartLine[] {
  const { pairing, looks, settings } = context
  const pairs = pairing?.pairs ?? []
  if (settings.band === 'none') {
    return pairs.map((pair) => ({
      ...runLine(pair.run, subject, context),
      source: remembered(pairReads([pair], subject), (_, find) => pairSeries(pair, subject, find)),
    }))
  }
  const groups = meanGroups(
    pairs.map(({ run }) => run),
    looks,
  )
  return groups.map((group) => {
    const own = pairs.filter(({ run }) => group.runs.includes(run))
    return meanLine(group, subject, context, {
      reads: pairReads(own, subject),
      found: (find) => own.flatMap((pair) => placedOn(pairSeries(pair, subject, find), pair.run, context)),
    })
  })
}

function race(subject: CurveSubject, context: CurveContext): ChartLine[] {
  const { runs } = context
  const reads = runs.flatMap((run) => readsOf(run, subject))
  return runs.map((run) => {
    const source = remembered(reads, (_, find) => {
      const [mine] = placed([run], subject, context, find)
      return mine ? raceSeries(mine, placed(runs, subject, context, find), subject.metric) : null
    })
    return { ...runLine(run, subject, context), exact: true, source }
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

export const bandTitles: Record<BandKind, string> = {
  none: 'No bands',
  range: 'Min to max',
  deviation: 'Standard deviation',
  error: 'Standard error',
  interval: '95 % interval',
}
