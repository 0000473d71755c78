import type { Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { chartSettingsSchema, defaultChartSettings, type ChartSettings } from '../../lib/charts/chart-settings.ts'
import type { LayoutStore } from '../layout/layout-store.svelte.ts'

export const chartsSection = 'charts'

/** How the charts of the window are arranged and drawn, kept in the workspace with undo. */
export class ChartArrangement {
  readonly settings: ChartSettings = $derived.by(() =>
    this.layout.read(chartsSection, chartSettingsSchema, defaultChartSettings),
  )
  private readonly layout: LayoutStore

  constructor(layout: LayoutStore) {
    this.layout = layout
  }

  /** How lines are smoothed; until it is chosen here, an exponential average with the weight of the settings. */
  smoothing(weight: number): Smoothing {
    return this.settings.smoothing ?? { kind: 'ema', amount: weight }
  }

  /** `what` names the change for undo, such as “Pin a chart”. */
  change(part: Partial<ChartSettings>, what: string): void {
    this.layout.write(chartsSection, { ...this.settings, ...part }, what)
  }

  toggle(list: 'pinned' | 'folded' | 'logarithmic', item: string, what: string): void {
    const items = this.settings[list]
    this.change({ [list]: items.includes(item) ? items.filter((one) => one !== item) : [...items, item] }, what)
  }
}
