import { passesPerStep } from '../../../src-core/domain/comparison/budget.ts'
import { forwardMacs } from '../../../src-core/domain/network/forward-macs.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { formatClock, formatCount } from '../format.ts'
import { firstNotBelow, nearestIndex, type DrawnSeries, type PlacedSeries } from './columns.ts'

export const axisKinds = ['step', 'epoch', 'images', 'active', 'wall', 'macs'] as const
export type AxisKind = (typeof axisKinds)[number]

export const axisTitles: Record<AxisKind, string> = {
  step: 'Step',
  epoch: 'Epoch',
  images: 'Images seen',
  active: 'Training time',
  wall: 'Time since start',
  macs: 'Multiply-accumulates',
}

/** Notes for the axes whose meaning is a convention. */
export const axisNotes: Partial<Record<AxisKind, string>> = {
  images: 'Steps times batch size; images seen twice count twice.',
  active: 'Pauses are left out.',
  wall: 'Pauses count.',
  macs: 'Images seen times three forward passes: the backward pass is counted as two (gradients of inputs and of weights).',
}

export function isTime(axis: AxisKind): boolean {
  return axis === 'active' || axis === 'wall'
}

/** What the places of a run's points depend on beside the points. */
export interface PlaceFacts {
  /** When the run started, in milliseconds since 1970. */
  readonly origin: number | null
  readonly batchSize: number
  /** Multiply-accumulates of one forward pass of one image. */
  readonly macsPerImage: number
}

/** Places on the x axis: `values[i] * scale + shift`, so that no column has to be copied. */
export interface Places {
  readonly values: ArrayLike<number>
  readonly scale: number
  readonly shift: number
}

export function placesOf(series: DrawnSeries, axis: AxisKind, facts: PlaceFacts): Places {
  if (series.places?.axis === axis) return { values: series.places.values, scale: 1, shift: 0 }
  const { step, epoch, activeTime, wallTime } = series.columns
  if (axis === 'epoch') return { values: epoch, scale: 1, shift: 0 }
  if (axis === 'active') return { values: activeTime, scale: 1, shift: 0 }
  if (axis === 'images') return { values: step, scale: facts.batchSize, shift: 0 }
  if (axis === 'macs') return { values: step, scale: facts.batchSize * facts.macsPerImage * passesPerStep, shift: 0 }
  if (axis === 'step') return { values: step, scale: 1, shift: 0 }
  const first = wallTime[0] ?? 0
  return { values: wallTime, scale: 1, shift: -Math.min(facts.origin ?? first, first) }
}

export function placeAt({ values, scale, shift }: Places, index: number): number {
  return values[index]! * scale + shift
}

/** A series with its places in units of the axis; null when it has none there, as a network whose costs are unknown. */
export function placedSeries(series: DrawnSeries, axis: AxisKind, facts: PlaceFacts): PlacedSeries | null {
  const found = placesOf(series, axis, facts)
  if (found.scale === 0) return null
  const same = found.scale === 1 && found.shift === 0
  const places = same ? found.values : Float64Array.from({ length: series.length }, (_, at) => placeAt(found, at))
  return { series, places }
}

export function nearestPlace({ values, scale, shift }: Places, x: number): number {
  return nearestIndex(values, (x - shift) / scale)
}

/** Indices of the points from `from` to `to` on the axis, one more on either side so that lines reach the edges. */
export function visiblePoints(
  { values, scale, shift }: Places,
  from: number,
  to: number,
): { first: number; end: number } {
  const first = Math.max(0, firstNotBelow(values, (from - shift) / scale) - 1)
  const end = Math.min(values.length, firstNotBelow(values, (to - shift) / scale) + 1)
  return { first, end }
}

export function placeFacts(run: Pick<Run, 'spec' | 'startedAt'>): PlaceFacts {
  return {
    origin: run.startedAt,
    batchSize: run.spec.training.batchSize,
    macsPerImage: forwardMacs(run.spec.model) ?? 0,
  }
}

const large = [
  { size: 1e18, suffix: ' E' },
  { size: 1e15, suffix: ' P' },
  { size: 1e12, suffix: ' T' },
  { size: 1e9, suffix: ' G' },
  { size: 1e6, suffix: ' M' },
]

export function formatPlace(axis: AxisKind, value: number): string {
  if (isTime(axis)) return formatClock(value)
  if (axis === 'epoch') return String(Number(value.toFixed(2)))
  const unit = large.find(({ size }) => axis !== 'step' && Math.abs(value) >= size)
  return unit ? Number((value / unit.size).toPrecision(3)) + unit.suffix : formatCount(Math.round(value))
}
