import {
  findReferences,
  referenceLabel,
  type FoundReference,
} from '../../../../src-core/domain/references/drawn-references.ts'
import type { DrawnSeries } from '../../../lib/charts/columns.ts'
import type { ChartSettings } from '../../../lib/charts/chart-settings.ts'
import { metricTitle } from '../../../../src-core/domain/evaluation/metric-words.ts'
import { axisTitles, type AxisKind } from '../../../lib/charts/places.ts'
import {
  curveKey,
  hasPlaces,
  placesText,
  shownReferences,
  type ReferenceCurve,
} from '../../../lib/charts/references/curve-choices.ts'
import { referenceSeries } from '../../../lib/charts/references/reference-series.ts'
import type { StepRange } from '../../../state/charts/series-store.ts'
import type { ChartLine, LineSource } from '../chart-model.ts'
import { isSparse } from '../run-lines.ts'

/**
 * A line for each curve that is switched on and has places on the axis; a chart takes those of its metrics. The steps
 * that are shown are asked for at each drawing, so that a zoom makes no new lines.
 */
export function referenceLines(
  curves: readonly ReferenceCurve[],
  axis: AxisKind,
  shownSteps: () => StepRange | null,
): ChartLine[] {
  const shown = shownReferences(curves).filter(({ file }) => hasPlaces(file, axis))
  return shown.flatMap((curve) => {
    const { referenceId, metric, dash } = curve
    const [found] = findReferences([curve.file], [curve])
    if (!found) return []
    return [
      {
        runId: curveKey(curve),
        metric,
        label: referenceLabel(found, shown),
        color: 'neutral',
        dash,
        sparse: isSparse(metric),
        exact: true,
        stage: true,
        origin: null,
        batchSize: 0,
        macsPerImage: 0,
        reference: { referenceId, curve: curve.curve, metric },
        source: sourceOf(found, shownSteps),
      } satisfies ChartLine,
    ]
  })
}

/** Works the series out once for each range of steps. */
function sourceOf(found: FoundReference, shownSteps: () => StepRange | null): LineSource {
  let range: StepRange | null = null
  let series: DrawnSeries | null = null
  return {
    reads: [],
    series: () => {
      const now = shownSteps()
      const same = now?.from === range?.from && now?.to === range?.to
      if (!series || !same) series = referenceSeries(found, now)
      range = now
      return series
    },
  }
}

/** The lines of a chart of one run: there a reference is told apart by the line that it is to be compared with. */
export function referencesOfChart(lines: readonly ChartLine[], references: readonly ChartLine[]): ChartLine[] {
  return references.flatMap((reference) => {
    const own = lines.find(({ metric }) => metric === reference.metric)
    if (!own) return []
    return [lines.length > 1 ? { ...reference, label: `${reference.label}, ${own.label}` } : reference]
  })
}

/** Where the charts of a view stand. */
export interface ReferencePlace {
  readonly axis: AxisKind
  readonly mode: ChartSettings['mode']
  /** The metrics that have a chart there. */
  readonly metrics: readonly string[]
}

/** Why a curve that is switched on is not drawn, in words; null when it is. */
export function whyNotDrawn(
  { file, metric }: Pick<ReferenceCurve, 'file' | 'metric'>,
  { axis, mode, metrics }: ReferencePlace,
): string | null {
  if (metric === null) return 'no metric chosen'
  if (mode === 'difference' || mode === 'race') return 'only with overlaid curves and small multiples'
  if (!metrics.includes(metric)) return `no chart of ${lowered(metricTitle(metric))} here`
  if (hasPlaces(file, axis)) return null
  return `${placesText(file)}, and the x axis is ${lowered(axisTitles[axis])}`
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
