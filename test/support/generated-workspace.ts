import { join } from 'node:path'
import { newRunId, type RunId } from '../../src-core/domain/ids.ts'
import { applyAssignment } from '../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { openForWriting, type WritableDatabase } from '../../src-core/storage/database.ts'
import { specHash } from '../../src-core/storage/records/spec-hash.ts'
import { openWorkspace, type Workspace } from '../../src-core/storage/workspace.ts'

export interface GeneratedWorkspace {
  readonly runs: number
  /** Seeds of each variant: `runs / seeds` variants. 5 by default. */
  readonly seeds?: number
  /** Points of each metric that are really recorded, with pyramid and all; 0 leaves the summaries alone. */
  readonly points?: number
}

/** The metrics of every run, with the value that a run of quality 0 to 1 ends at. */
const metrics: Readonly<Record<string, (quality: number) => number>> = {
  'train/loss': (quality) => 1.2 - quality,
  'train/accuracy': (quality) => 0.6 + 0.39 * quality,
  'train/gradient-norm': (quality) => 3 - 2 * quality,
  'train/learning-rate': (quality) => 0.01 * (1 - 0.5 * quality),
  'validation/loss': (quality) => 1.3 - 0.95 * quality,
  'validation/accuracy': (quality) => 0.55 + 0.43 * quality,
  'validation/top5-error': (quality) => 0.2 - 0.19 * quality,
  'test/loss': (quality) => 1.35 - 0.95 * quality,
  'test/accuracy': (quality) => 0.54 + 0.43 * quality,
  'system/images-per-second': (quality) => 400 + 200 * quality,
}
export const generatedMetrics = Object.keys(metrics)

const choices: readonly (readonly [path: string, values: readonly (string | number)[]])[] = [
  ['model.normalization.kind', ['bn', 'lrn', 'none', 'gn']],
  ['model.dropout.rate', [0, 0.2, 0.3, 0.4, 0.5]],
  ['training.learningRate', [0.001, 0.003, 0.01, 0.03, 0.1]],
  ['training.batchSize', [32, 64, 128, 256]],
  ['training.weightDecay.value', [0, 0.0005, 0.005]],
  ['training.optimizer', ['sgd', 'adam']],
  ['model.activation', ['relu', 'tanh']],
  ['model.widthMultiplier', [0.25, 0.5, 1]],
]

/** A number from 0 to 1 that depends on its arguments alone (the fractional part of a large sine). */
function noise(...parts: readonly number[]): number {
  const value =
    Math.sin(parts.reduce((sum, part, index) => sum + (part + 1) * (12.9898 + 65.4 * index), 0)) * 43758.5453
  return value - Math.floor(value)
}

/** Variant `index` of the small network: every variant differs from its neighbours in a field or two. */
function variantSpec(index: number): RunSpec {
  let rest = index
  const set = choices.map(([path, values]) => {
    const value = values[rest % values.length]!
    rest = Math.floor(rest / values.length)
    return `${path}=${value}`
  })
  return set.reduce(applyAssignment, recipeSpec('alexnet-small'))
}

/** What is generated of one run. */
interface Generated {
  readonly id: RunId
  readonly index: number
  readonly spec: RunSpec
  readonly quality: number
  readonly step: number
}

const totalSteps = 2000
const stepsPerEpoch = 200
const epochZero = 1_760_000_000_000

/**
 * Fills a workspace with finished, stopped and paused runs of many variants and seeds, through SQL because the
 * application records one run at a time. The same arguments make the same runs, their ids apart.
 */
export function generateWorkspace(directory: string, { runs, seeds = 5, points = 0 }: GeneratedWorkspace): RunId[] {
  const workspace = openWorkspace(directory, { application: 'the generator' })
  workspace.close()
  const database = openForWriting(join(directory, 'ablate.db'))
  const generated = database.transaction(() => insertRuns(database, runs, seeds, points === 0))()
  database.close()
  if (points > 0) appendPoints(directory, generated, points)
  return generated.map(({ id }) => id)
}

function insertRuns(database: WritableDatabase, count: number, seeds: number, summaries: boolean): Generated[] {
  const insertRun = database.prepare(`
    INSERT INTO runs (id, name, state, spec, spec_hash, color, parameters, step, total_steps, steps_per_epoch, epoch,
      active_time, images_per_second, best, created_at, started_at, ended_at, notes)
    VALUES (@id, @name, @state, @spec, @hash, @color, @parameters, @step, @totalSteps, @stepsPerEpoch, @epoch,
      @activeTime, @rate, @best, @createdAt, @startedAt, @endedAt, @notes)`)
  const insertMetric = database.prepare(`
    INSERT INTO metrics (run_id, name, points, last_step, last_epoch, last_kind, last_value, min_value, min_step,
      min_epoch, max_value, max_step, max_epoch)
    VALUES (@id, @name, @step, @step, @epoch, 0, @last, @low, @lowStep, @lowStep / 200.0, @high, @highStep,
      @highStep / 200.0)`)
  const insertTag = database.prepare('INSERT INTO run_tags (run_id, tag) VALUES (?, ?)')
  return Array.from({ length: count }, (_, index) => {
    const run = describeRun(index, seeds)
    insertRun.run(rowOf(run))
    if (summaries) for (const row of summariesOf(run)) insertMetric.run(row)
    if (index % 10 === 0) insertTag.run(run.id, index % 20 === 0 ? 'baseline' : 'to-check')
    return run
  })
}

function describeRun(index: number, seeds: number): Generated {
  const variant = Math.floor(index / seeds)
  const spec = variantSpec(variant)
  spec.training.seed = (index % seeds) + 1
  const quality = 0.7 * noise(variant) + 0.3 * noise(index, 7)
  const step = index % 13 === 0 ? Math.round(totalSteps * (0.2 + 0.6 * noise(index, 3))) : totalSteps
  return { id: newRunId(), index, spec, quality, step }
}

function rowOf({ id, index, spec, quality, step }: Generated): Record<string, unknown> {
  const { model, training } = spec
  const state = step === totalSteps ? 'finished' : index % 2 === 0 ? 'paused' : 'stopped'
  const createdAt = epochZero + index * 60_000
  const best = {
    metric: 'validation/accuracy',
    value: metrics['validation/accuracy']!(quality),
    step,
    epoch: step / 200,
  }
  return {
    id,
    name: `${model.normalization.kind.toUpperCase()}, dropout ${model.dropout.rate}, lr ${training.learningRate}, seed ${training.seed}`,
    state,
    spec: JSON.stringify(spec),
    hash: specHash(spec),
    color: index % 64,
    parameters: 100_000 + 1000 * (index % 50),
    step,
    totalSteps,
    stepsPerEpoch,
    epoch: step / stepsPerEpoch,
    activeTime: step * 120,
    rate: 500,
    best: JSON.stringify(best),
    createdAt,
    startedAt: createdAt + 1000,
    endedAt: createdAt + step * 120,
    notes: index % 40 === 0 ? `Run ${index}: look at the **first epochs** again.` : '',
  }
}

function summariesOf({ id, quality, step }: Generated): Record<string, unknown>[] {
  return Object.entries(metrics).map(([name, end]) => {
    const [last, first] = [end(quality), end(0)]
    const [low, high] = [Math.min(last, first), Math.max(last, first)]
    const [lowStep, highStep] = last < first ? [step, 1] : [1, step]
    return { id, name, step, epoch: step / stepsPerEpoch, last, low, lowStep, high, highStep }
  })
}

/** Gives runs the histories that their summaries promise, through the storage's own append. */
function appendPoints(directory: string, generated: readonly Generated[], points: number): void {
  const workspace = openWorkspace(directory, { application: 'the generator' })
  try {
    for (const run of generated) workspace.write(() => appendRun(workspace, run, points))
  } finally {
    workspace.close()
  }
  fillSummaries(directory)
}

/** Sums up what append left without a summary, in the way of the migration. */
function fillSummaries(directory: string): void {
  const database = openForWriting(join(directory, 'ablate.db'))
  const points = (order: string): string =>
    `(SELECT value, step, epoch FROM metric_points WHERE metric_id = metrics.id AND kind = 0 ORDER BY ${order} LIMIT 1)`
  database.exec(`
    UPDATE metrics SET
      (last_value, last_step, last_epoch) = ${points('step DESC')},
      (min_value, min_step, min_epoch) = ${points('value, step')},
      (max_value, max_step, max_epoch) = ${points('value DESC, step')},
      last_kind = 0, points = (SELECT count(*) FROM metric_points WHERE metric_id = metrics.id)
    WHERE last_step IS NULL`)
  database.close()
}

function appendRun(workspace: Workspace, { id, index, quality, step }: Generated, points: number): void {
  const records = Array.from({ length: points }, (_, point) => {
    const at = Math.max(1, Math.round(((point + 1) / points) * Math.max(step, points)))
    const share = Math.sqrt((point + 1) / points)
    const values = Object.entries(metrics).map(([name, end], metric) => {
      const wobble = 1 + 0.05 * (noise(index, metric, point) - 0.5) * (1 - share)
      return [name, end(quality * share) * wobble] as const
    })
    const time = { wallTime: epochZero + at * 120, activeTime: at * 120 }
    return { step: at, epoch: at / stepsPerEpoch, ...time, metrics: Object.fromEntries(values) }
  })
  workspace.metrics.append(id, records)
}
