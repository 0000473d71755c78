import type { FoundLine } from '../chart-lines.ts'
import type { ChartModel } from '../chart-model.ts'
import type { ChartController } from '../drawing/chart-controller.ts'

/** A chart as it stands at a moment, for its table and its files. */
export interface ChartSnapshot {
  readonly title: string
  readonly unit: string | undefined
  readonly canvas: HTMLCanvasElement
  readonly controller: ChartController
  readonly model: ChartModel
  readonly found: readonly FoundLine[]
}
