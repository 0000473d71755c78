import type { Component } from 'svelte'
import CurvesTab from './curves/CurvesTab.svelte'
import GridTab from './grid/GridTab.svelte'
import ConfigurationTab from './configuration/ConfigurationTab.svelte'

export interface CompareTab {
  readonly value: string
  readonly title: string
  readonly panel: Component
  /** Fewer runs than this have nothing to compare here: the tab says so. */
  readonly needs: number
}

/** The ways to compare the chosen runs, in their order. Each panel reads the runs from `workbench.comparison`. */
export const compareTabs: readonly CompareTab[] = [
  { value: 'curves', title: 'Curves', panel: CurvesTab, needs: 1 },
  { value: 'configuration', title: 'Configuration', panel: ConfigurationTab, needs: 1 },
  { value: 'grid', title: 'Grid', panel: GridTab, needs: 2 },
]
