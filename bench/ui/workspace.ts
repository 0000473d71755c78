import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newRunId, type RunId } from '../../src-core/domain/ids.ts'
import { recipes, recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { writeHistories, type GeneratedHistory } from '../../test/support/generated-histories.ts'
import { lossAt, longRun, shortRun, type Sizes } from './sizes.ts'

const stepsPerEpoch = 100

/** Specs that differ as those of ablations do: recipes, seeds, dropout rates, learning rates, optimizers. */
function specOf(run: number): RunSpec {
  const { model, training, ...rest } = recipeSpec(recipes[run % recipes.length]!.id)
  return {
    ...rest,
    model: { ...model, dropout: { ...model.dropout, rate: [0, 0.25, 0.5][run % 3]! } },
    training: { ...training, seed: run % 5, learningRate: [0.1, 0.03, 0.01, 0.003][run % 4]! },
  }
}

const epochMetrics = ['train/accuracy', 'validation/loss', 'validation/accuracy', 'validation/top5-error'] as const

/** Ten metrics per run: what training logs, with as many steps as a short run has epochs. */
function shortHistory(run: number): { step: number; metrics: Record<string, number> }[] {
  return [1, 2, 3].map((epoch) => ({
    step: epoch * stepsPerEpoch,
    metrics: {
      ...(run < 0 ? {} : Object.fromEntries(epochMetrics.map((name, i) => [name, lossAt(run * 7 + i, epoch * 9000)]))),
      'train/loss': lossAt(run, epoch * 9000),
      'train/learning-rate': 0.01,
      'train/gradient-norm': 1 + lossAt(run, epoch),
      'system/images-per-second': 700 + (run % 100),
      'system/memory-mib': 500 + (run % 50),
    },
  }))
}

/**
 * Makes the workspace: `runs` runs, the newest `curves` of which have a loss of `points` values. Some minutes at full
 * size, so that a folder that holds one already is used as it is.
 */
export function generateBenchWorkspace(folder: string, { runs, curves, points }: Sizes): void {
  const directory = join(folder, 'workspace')
  const finished = join(folder, `generated-${runs}-${curves}-${points}`)
  if (existsSync(finished)) return
  mkdirSync(directory, { recursive: true })
  const ids = recordRuns(directory, { runs, curves, points })
  writeHistories(directory, histories(ids.slice(-curves), points))
  writeFileSync(finished, '')
}

function recordRuns(directory: string, { runs, curves, points }: Sizes): RunId[] {
  const workspace = openWorkspace(directory, { application: 'a benchmark' })
  const ids: RunId[] = []
  try {
    workspace.write(() => {
      for (let run = 0; run < runs; run++) {
        const id = newRunId()
        ids.push(id)
        const isCurve = run >= runs - curves
        const name = run === runs - 1 ? longRun : run === 0 ? shortRun : `run ${run}`
        workspace.runs.insert({
          id,
          name,
          spec: specOf(run),
          parameters: 60_000 + run,
          createdAt: 1.7e12 + run * 60_000,
        })
        const step = isCurve ? points : 3 * stepsPerEpoch
        const history = shortHistory(run).map((record) => ({
          ...record,
          epoch: record.step / stepsPerEpoch,
          wallTime: 1.7e12,
          activeTime: record.step * 100,
        }))
        if (isCurve) for (const { metrics } of history) delete metrics['train/loss']
        workspace.metrics.append(id, history)
        workspace.runs.update(id, { state: 'finished', step, totalSteps: step, epoch: step / stepsPerEpoch })
      }
    })
  } finally {
    workspace.close()
  }
  return ids
}

function* histories(ids: readonly RunId[], points: number): Generator<GeneratedHistory> {
  for (const [run, runId] of ids.entries()) {
    const values = Float64Array.from({ length: points }, (_, step) => lossAt(run, step))
    yield { runId, metric: 'train/loss', values, stepsPerEpoch }
  }
}
