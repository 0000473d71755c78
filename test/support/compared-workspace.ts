import { newRunId, type RunId } from '../../src-core/domain/ids.ts'
import { applyAssignment } from '../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import type { RunState } from '../../src-core/domain/run-status.ts'
import { openWorkspace, type Workspace } from '../../src-core/storage/workspace.ts'

const stepsPerEpoch = 10
const epochs = 6

interface ComparedRun {
  readonly name: string
  readonly normalization: 'lrn' | 'bn' | 'none'
  readonly seed: number
  /** Validation accuracy after each epoch. */
  readonly curve: readonly number[]
  readonly state?: RunState
}

/** LRN starts slowly and ends better: the winner changes with the budget. Seeds differ by little. */
const curves = {
  lrn: [0.2, 0.5, 0.72, 0.85, 0.9, 0.92],
  bn: [0.5, 0.7, 0.78, 0.8, 0.81, 0.815],
  none: [0.5, 0.705, 0.775, 0.802, 0.808, 0.818],
} as const

/** Luck of the seed, and what is left of it when the seed is shared. */
const luck = [0, 0.004, -0.003]

function seeds(normalization: keyof typeof curves, title: string, wobble: readonly number[]): ComparedRun[] {
  return luck.map((shift, index) => ({
    name: `${title}, seed ${index + 1}`,
    normalization,
    seed: index + 1,
    curve: curves[normalization].map((value) => value + shift + wobble[index]!),
  }))
}

const runs: readonly ComparedRun[] = [
  ...seeds('lrn', 'LRN', [0, 0.001, -0.001]),
  ...seeds('bn', 'BN', [0.001, 0, 0]),
  ...seeds('none', 'Plain', [-0.004, 0.006, 0.001]),
  { name: 'LRN, seed 4', normalization: 'lrn', seed: 4, curve: [0.2, 0.1, NaN], state: 'diverged' },
]

function record(workspace: Workspace, { name, normalization, seed, curve, state = 'finished' }: ComparedRun): RunId {
  const set = [`model.normalization.kind=${normalization}`, `training.seed=${seed}`, `training.epochs=${epochs}`]
  const spec = set.reduce(applyAssignment, recipeSpec('alexnet-small'))
  const { id } = workspace.runs.insert({ id: newRunId(), name, spec, parameters: 1000, createdAt: seed })
  const step = curve.length * stepsPerEpoch
  const secondsPerStep = normalization === 'lrn' ? 2 : 1
  const records = Array.from({ length: step }, (_, index) => {
    const done = index + 1
    const accuracy = curve[done / stepsPerEpoch - 1]
    const metrics: Record<string, number> = { 'train/loss': 2 / (done + seed) }
    // LRN keeps more: a difference in which neither is better.
    if (done % stepsPerEpoch === 0)
      metrics['system/memory-mib'] = normalization === 'lrn' ? 1200 + seed : 900 + 2 * seed
    if (accuracy !== undefined) metrics['validation/accuracy'] = accuracy
    if (done === step) metrics['test/accuracy'] = accuracy! - 0.01
    const activeTime = done * 1000 * secondsPerStep
    return { step: done, epoch: done / stepsPerEpoch, wallTime: 1_700_000_000_000 + activeTime, activeTime, metrics }
  })
  workspace.metrics.append(id, records)
  const { epoch, activeTime } = records.at(-1)!
  const totalSteps = epochs * stepsPerEpoch
  workspace.runs.update(id, { state, step, totalSteps, stepsPerEpoch, epoch, activeTime, imagesPerSecond: 100 })
  return id
}

/** Records three variants over three seeds each, and one run that diverged; answers their ids by name. */
export function fillComparedWorkspace(directory: string): Record<string, RunId> {
  const workspace = openWorkspace(directory, { application: 'a test' })
  try {
    return Object.fromEntries(runs.map((run) => [run.name, record(workspace, run)]))
  } finally {
    workspace.close()
  }
}
