import { setImmediate as nextTurn } from 'node:timers/promises'
import { WorkbenchError } from '../../domain/errors.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { usesGpu } from '../backend.ts'
import { hasBfloat16 } from '../cpu-flags.ts'
import { readCheckpointOf, restoreWeights } from '../checkpoints/restore.ts'
import { openDataset } from '../data/open-dataset.ts'
import { openFeed, type BatchFeed } from '../data/prefetch/batch-feed.ts'
import { buildModel, type BuiltModel } from '../models/build-model.ts'
import { RunProfiler } from '../profile/run-profiler.ts'
import { loadStartWeights, type StartSource } from '../transfer/load-start-weights.ts'
import { BatchSource } from './batch-source.ts'
import type { TrainingReporter } from './reporter.ts'
import { TrainingRun } from './training-run.ts'

export interface PreparedRun {
  readonly run: TrainingRun
  readonly model: BuiltModel
  readonly profiler: RunProfiler
  readonly batches: BatchSource
  /** Resolves when no thread of it runs any more. */
  dispose(): Promise<void>
}

export interface Preparation {
  readonly spec: RunSpec
  readonly datasetDirectory: string | null
  readonly resumeFrom: string | null
  readonly startFrom: StartSource | null
  readonly reporter: Pick<TrainingReporter, 'preparing'>
  readonly now: () => number
  readonly profile: boolean
}

type Stage = (text: string) => Promise<void>

function layerList(layers: readonly string[]): string {
  return layers.length === 0 ? 'none' : layers.join(', ')
}

/** Loads the first weights where the spec says that they come from elsewhere. */
async function startElsewhere(model: BuiltModel, { spec, startFrom }: Preparation, stage: Stage): Promise<void> {
  const { transfer } = spec.training
  if (transfer.from === null) return
  if (startFrom === null) {
    const message = `The first weights come from ${transfer.from}, but nothing says where that lies.`
    throw new WorkbenchError('checkpoint-missing', message, { from: transfer.from })
  }
  await stage(`Loading the first weights from ${transfer.from}`)
  const { loaded, drawn } = await loadStartWeights(model, startFrom, transfer)
  await stage(`Loaded from ${transfer.from}: ${layerList(loaded)}; drawn at random: ${layerList(drawn)}`)
}

async function prepareModel(
  preparation: Preparation,
  batches: BatchSource,
  stage: Stage,
): Promise<Omit<PreparedRun, 'dispose'> & { dispose(): void }> {
  const { spec, resumeFrom, now, profile } = preparation
  const checkpoint = resumeFrom === null ? null : await readCheckpointOf(spec, resumeFrom)
  if (spec.training.precision === 'bfloat16' && !usesGpu && !hasBfloat16) {
    await stage('This processor has no bfloat16 arithmetic: float32 is faster here')
  }
  await stage('Building the model')
  const model = buildModel(spec.model, spec.training.seed)
  const profiler = new RunProfiler({ clock: model.clock, workload: batches.workload, now, enabled: profile })
  const run = new TrainingRun({ spec, batches, model, profiler, resumed: checkpoint?.state.progress ?? null, now })
  const dispose = (): void => {
    run.dispose()
    model.dispose()
  }
  try {
    if (checkpoint) restoreWeights(model, checkpoint, resumeFrom!)
    else await startElsewhere(model, preparation, stage)
    if (checkpoint) run.restore(checkpoint)
  } catch (error) {
    dispose()
    throw error
  }
  return { run, model, batches, profiler, dispose }
}

/**
 * Opens the data, builds the model, and sets both to where the checkpoint left off, or to where the first weights
 * come from.
 * @throws WorkbenchError from the data set, the spec, the checkpoint and the source of the first weights.
 */
export async function prepareRun(preparation: Preparation): Promise<PreparedRun> {
  const { spec, datasetDirectory, resumeFrom, reporter } = preparation
  const stage = async (text: string): Promise<void> => {
    reporter.preparing(text)
    await nextTurn()
  }
  await stage('Opening the data set')
  const dataset = await openDataset(spec.data.dataset, datasetDirectory)
  let feed: BatchFeed | null = null
  const closeData = async (): Promise<void> => {
    await feed?.close()
    dataset.close()
  }
  try {
    feed = openFeed(spec, dataset, datasetDirectory)
    const batches = new BatchSource(spec, dataset, feed)
    if (resumeFrom !== null) await stage('Verifying the checkpoint')
    const prepared = await prepareModel(preparation, batches, stage)
    const dispose = async (): Promise<void> => {
      prepared.dispose()
      await closeData()
    }
    return { ...prepared, dispose }
  } catch (error) {
    await closeData()
    throw error
  }
}
