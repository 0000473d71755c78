import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { isActive } from '../../../src-core/domain/run-status.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { phaseAt, planWorkload, type Phase } from '../../../src-core/domain/workload.ts'
import { formatCount } from '../format.ts'

/** The layers that a spec pre-trains, in their order; which they are does not depend on the number of images. */
export function pretrainedLayers(spec: RunSpec): string[] {
  return planWorkload(spec, { trainImages: 0, testImages: 0 }).phases.flatMap(({ layer }) => layer ?? [])
}

/** The phases of a run; none for a run without pre-training or when its data set is not known. */
export function phasesOf(run: Run, dataset: DatasetInfo | undefined): readonly Phase[] {
  if (!dataset || run.spec.training.pretraining.kind === 'none') return []
  return planWorkload(run.spec, dataset).phases
}

/** How many steps a run will take, also before the trainer has opened the data; null when its data set is not known. */
export function plannedSteps(run: Run, dataset: DatasetInfo | undefined): number | null {
  return run.totalSteps ?? (dataset ? planWorkload(run.spec, dataset).totalSteps : null)
}

/** "Pre-training conv2, epoch 1 of 1" while a run is in such a phase; null otherwise. */
export function phaseText(run: Run, phases: readonly Phase[]): string | null {
  if (phases.length === 0 || !run.stepsPerEpoch || (run.step === 0 && !isActive(run.state))) return null
  const { kind, layer, firstStep } = phaseAt({ phases }, run.step)
  if (kind === 'supervised') return null
  const epoch = Math.floor((run.step - firstStep) / run.stepsPerEpoch) + 1
  return `Pre-training ${layer}, epoch ${formatCount(epoch)} of ${formatCount(run.spec.training.pretraining.epochs)}`
}

/** A step of a run at which something begins, for the charts. */
export interface StepMark {
  readonly step: number
  readonly label: string
}

/** Where the phases begin: the layers' names, and the supervised training. */
export function phaseMarks(phases: readonly Phase[]): StepMark[] {
  return phases.map(({ kind, layer, firstStep }) => ({
    step: firstStep,
    label: kind === 'supervised' ? 'supervised' : layer!,
  }))
}
