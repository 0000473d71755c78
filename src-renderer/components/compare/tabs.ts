import type { Component } from 'svelte'
import ArchitectureTab from './architecture/ArchitectureTab.svelte'
import CurvesTab from './curves/CurvesTab.svelte'
import FeaturesTab from './features/FeaturesTab.svelte'
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
  { value: 'architecture', title: 'Architecture', panel: ArchitectureTab, needs: 1 },
  { value: 'features', title: 'Features', panel: FeaturesTab, needs: 1 },
]
