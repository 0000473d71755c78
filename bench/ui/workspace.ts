import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newRunId, type RunId } from '../../src-core/domain/ids.ts'
import { recipes, recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { writeHistories, type GeneratedHistory } from '../../test/support/generated-histories.ts'
import { liveMetrics, liveRuns, longRun, lossAt, shortRun, type Sizes } from './sizes.ts'

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

/** What training logs once per epoch, in a short run. */
function shortHistory(run: number): { step: number; metrics: Record<string, number> }[] {
  return [1, 2, 3].map((epoch) => {
    const error = Math.min(0.9, 0.6 * lossAt(run, epoch * 9000))
    const metrics = {
      'train/loss': lossAt(run, epoch * 9000),
      'train/accuracy': 1 - error,
      'validation/loss': lossAt(run + 3, epoch * 8000),
      'validation/accuracy': 0.98 - error,
      'validation/top5-error': error / 4,
      'train/learning-rate': 0.01,
      'train/gradient-norm': 1 + lossAt(run, epoch),
      'system/images-per-second': 700 + (run % 100),
      'system/memory-mib': 500 + (run % 50),
    }
    return { step: epoch * stepsPerEpoch, metrics }
  })
}

/** Twenty metrics, so that twenty charts can follow them. */
function liveHistory(run: number): { step: number; metrics: Record<string, number> }[] {
  return [1, 2, 3].map((epoch) => ({
    step: epoch * stepsPerEpoch,
    metrics: Object.fromEntries(liveMetrics.map((name, i) => [name, lossAt(run + i, epoch * 9000)])),
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
        const { name, history, steps } = planRun(run, { runs, curves, points })
        const createdAt = 1.7e12 + run * 60_000
        workspace.runs.insert({ id, name, spec: specOf(run), parameters: 60_000 + run, createdAt })
        const times = { wallTime: createdAt, activeTime: 1000 }
        workspace.metrics.append(
          id,
          history.map((record) => ({ ...record, ...times, epoch: record.step / stepsPerEpoch })),
        )
        workspace.runs.update(id, {
          ...{ state: 'finished', step: steps, totalSteps: steps, epoch: steps / stepsPerEpoch },
          ...{ startedAt: createdAt, activeTime: steps * 100, imagesPerSecond: 700 },
        })
        ids.push(id)
      }
    })
  } finally {
    workspace.close()
  }
  return ids
}

interface PlannedRun {
  readonly name: string
  readonly history: readonly { readonly step: number; readonly metrics: Record<string, number> }[]
  readonly steps: number
}

/** The newest runs have the long histories, the twenty before them are those that will be live. */
function planRun(run: number, { runs, curves, points }: Sizes): PlannedRun {
  const fromEnd = runs - run
  const steps = 3 * stepsPerEpoch
  if (fromEnd <= curves) return { name: fromEnd === 1 ? longRun : `curve ${run}`, history: [], steps: points }
  if (fromEnd <= curves + liveRuns) return { name: `live ${run}`, history: liveHistory(run), steps }
  return { name: run === 0 ? shortRun : `run ${run}`, history: shortHistory(run), steps }
}

function* histories(ids: readonly RunId[], points: number): Generator<GeneratedHistory> {
  for (const [run, runId] of ids.entries()) {
    const values = Float64Array.from({ length: points }, (_, step) => lossAt(run, step))
    yield { runId, metric: 'train/loss', values, stepsPerEpoch }
  }
}
