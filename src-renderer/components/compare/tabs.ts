import type { Component } from 'svelte'
import ArchitectureTab from './architecture/ArchitectureTab.svelte'
import BudgetTab from './budget/BudgetTab.svelte'
import CurvesTab from './curves/CurvesTab.svelte'
import FeaturesTab from './features/FeaturesTab.svelte'
import GridTab from './grid/GridTab.svelte'
import ConfigurationTab from './configuration/ConfigurationTab.svelte'
import GroupsTab from './groups/GroupsTab.svelte'
import ImagesTab from './images/ImagesTab.svelte'
import ReportTab from './report/ReportTab.svelte'

export interface CompareTab {
  readonly value: string
  readonly title: string
  readonly panel: Component
  /** Fewer runs than this have nothing to compare here: the tab says so. */
  readonly needs: number
  /** Whether it shows the runs at a step, so that the slider moves it. */
  readonly follows?: true
}

/** The ways to compare the chosen runs, in their order. Each panel reads the runs from `workbench.comparison`. */
export const compareTabs: readonly CompareTab[] = [
  { value: 'curves', title: 'Curves', panel: CurvesTab, needs: 1, follows: true },
  { value: 'configuration', title: 'Configuration', panel: ConfigurationTab, needs: 1 },
  { value: 'architecture', title: 'Architecture', panel: ArchitectureTab, needs: 1, follows: true },
  { value: 'images', title: 'Images', panel: ImagesTab, needs: 2, follows: true },
  { value: 'features', title: 'Features', panel: FeaturesTab, needs: 1, follows: true },
  { value: 'groups', title: 'Is it real?', panel: GroupsTab, needs: 2 },
  { value: 'budget', title: 'Budget', panel: BudgetTab, needs: 2 },
  { value: 'report', title: 'Report', panel: ReportTab, needs: 1 },
  { value: 'grid', title: 'Grid', panel: GridTab, needs: 2 },
]
