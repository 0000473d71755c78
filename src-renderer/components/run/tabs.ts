import type { Component } from 'svelte'
import type { Run } from '../../../src-core/domain/run.ts'
import type { RunDetail } from '../../state/run/run-detail.svelte.ts'
import CheckpointsPanel from './checkpoints/CheckpointsPanel.svelte'
import RunCurves from './curves/RunCurves.svelte'
import EvaluationPanel from './evaluation/EvaluationPanel.svelte'
import FeaturesPanel from './features/FeaturesPanel.svelte'
import TryPanel from './inference/TryPanel.svelte'
import PretrainingPanel from './pretraining/PretrainingPanel.svelte'
import ProfilePanel from './profile/ProfilePanel.svelte'

export interface RunTab {
  readonly value: string
  readonly title: string
  readonly panel: Component<{ run: Run; detail: RunDetail }>
}

const pretraining: RunTab = { value: 'pretraining', title: 'Pre-training', panel: PretrainingPanel }

/** The views of a run in their order. */
export function runTabsOf(run: Run): readonly RunTab[] {
  return [
    { value: 'curves', title: 'Curves', panel: RunCurves },
    { value: 'evaluation', title: 'Evaluation', panel: EvaluationPanel },
    ...(run.spec.training.pretraining.kind === 'none' ? [] : [pretraining]),
    { value: 'profile', title: 'Profile', panel: ProfilePanel },
    { value: 'checkpoints', title: 'Checkpoints', panel: CheckpointsPanel },
    { value: 'features', title: 'Features', panel: FeaturesPanel },
    { value: 'try', title: 'Try it', panel: TryPanel },
  ]
}
