import { newRunId } from '../../src-core/domain/ids.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { setAtPath } from '../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import { uniformGenerator } from '../../src-core/domain/random.ts'

export interface ComparedRuns {
  /** Two variants, LRN and batch normalisation. */
  readonly seeds: number
  readonly steps: number
  readonly names?: readonly string[]
}

const environment: NonNullable<Run['environment']> = {
  ablate: '0.3.0',
  tensorflow: '2.9.1',
  tfjs: '4.22.0',
  runtime: 'Node 24',
  device: 'cpu',
  deviceName: 'CPU',
  threads: 2,
  cpu: 'A processor of two cores',
  cpuFlags: ['avx2', 'fma'],
  kernels: 'oneDNN',
  platform: 'linux x64',
  totalMemoryMib: 16_000,
}

function confusion(seed: number, accuracy: number): { classes: number; counts: number[] } {
  const random = uniformGenerator(seed)
  const counts = Array.from({ length: 100 }, (_, place) =>
    place % 11 === 0 ? Math.round(100 * accuracy - 6 * random()) : Math.round(2 * random() * random() * 2),
  )
  return { classes: 10, counts }
}

function logRun(workspace: Workspace, run: Run, seed: number, steps: number, limit: number): void {
  const random = uniformGenerator(seed)
  const records = Array.from({ length: steps }, (_, index) => {
    const step = index + 1
    const reached = limit * (1 - Math.exp((-6 * step) / steps))
    const noise = (random() - 0.5) * 0.08
    const metrics: Record<string, number> = {
      'train/loss': 2.3 * (1 - reached) + 0.06 + Math.abs(noise) * 3,
      'train/accuracy': Math.min(1, Math.max(0, reached + noise)),
      'train/learning-rate': 0.01,
    }
    if (step % Math.max(1, Math.floor(steps / 10)) === 0) {
      metrics['validation/accuracy'] = reached - 0.01 + noise / 10
      metrics['validation/loss'] = 2.2 * (1 - reached) + 0.05
    }
    return { step, epoch: (10 * step) / steps, wallTime: 1_700_000_000_000 + step * 50, activeTime: step * 50, metrics }
  })
  workspace.metrics.append(run.id, records)
}

/** Records finished runs of two variants with curves, evaluations and profiles, without training anything. */
export function insertComparedRuns(workspace: Workspace, { seeds, steps, names = [] }: ComparedRuns): Run[] {
  const kinds = ['lrn', 'bn'] as const
  return kinds.flatMap((kind, variant) =>
    Array.from({ length: seeds }, (_, index) => {
      const seed = index + 1
      const limit = 0.93 + 0.04 * variant + 0.004 * (index % 3)
      const spec = setAtPath(
        setAtPath(setAtPath(recipeSpec('alexnet-small'), 'model.normalization.kind', kind), 'training.seed', seed),
        'training.steps',
        steps,
      )
      const place = variant * seeds + index
      const name = names[place] ?? `Small AlexNet, ${kind === 'bn' ? 'BN' : 'LRN'}, seed ${seed}`
      const run = workspace.runs.insert({ id: newRunId(), name, spec, parameters: 1_234_567, createdAt: 1000 + place })
      logRun(workspace, run, 100 * variant + seed, steps, limit)
      workspace.artifacts.add(run.id, {
        kind: 'confusion',
        step: steps,
        part: 'test',
        confusion: confusion(place + 1, limit),
      })
      workspace.artifacts.add(run.id, { kind: 'profile', step: steps, profile: {
        firstStep: steps - 1, steps: 2, synchronised: false,
        layers: [{ name: 'conv1', type: 'conv', forward: 4, backward: 8 + variant }, { name: 'fc8', type: 'dense', forward: 1, backward: 1 }],
        loss: { forward: 0.25, backward: 0.25 },
        parts: { data: 1, update: 2, results: 0.5, checks: 0.25, logging: 0.125, other: 0.625 },
        evaluation: 300, checkpoint: 40,
      } }) // prettier-ignore
      workspace.runs.update(run.id, {
        state: 'finished', step: steps, totalSteps: steps, epoch: 10, activeTime: 50 * steps, environment,
        startedAt: 1000, endedAt: 2000, color: place,
        best: { metric: 'validation/accuracy', value: limit - 0.01, step: steps, epoch: 10 },
      }) // prettier-ignore
      return workspace.runs.find(run.id)!
    }),
  )
}
