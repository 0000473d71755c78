import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf } from '../backend.ts'
import { openDataset } from '../data/open-dataset.ts'
import { buildModel, type BuiltModel } from '../models/build-model.ts'
import { BatchSource } from './batch-source.ts'
import type { Checkpoint } from '../checkpoints/checkpoint.ts'
import { MomentumOptimizer } from './optimizer.ts'
import type { TrainingReporter } from './reporter.ts'
import { readCheckpointOf, restoreWeights } from '../checkpoints/restore.ts'
import { TrainingRun } from './training-run.ts'

export interface PreparedRun {
  readonly run: TrainingRun
  readonly model: BuiltModel
  dispose(): void
}

interface Preparation {
  readonly spec: RunSpec
  readonly resumeFrom: string | null
  readonly reporter: Pick<TrainingReporter, 'preparing'>
  readonly now: () => number
}

function makeOptimizer(spec: RunSpec, model: BuiltModel, checkpoint: Checkpoint | null): MomentumOptimizer {
  const optimizer = new MomentumOptimizer(model.weights, spec.training)
  if (checkpoint) {
    const velocities = checkpoint.readVelocities()
    optimizer.restore(velocities)
    tf.dispose([...velocities.values()])
  }
  return optimizer
}

/** Opens the data, builds the model, and sets both to where the checkpoint left off. */
export async function prepareRun({ spec, resumeFrom, reporter, now }: Preparation): Promise<PreparedRun> {
  const stage = async (text: string): Promise<void> => {
    reporter.preparing(text)
    await nextTurn()
  }
  await stage('Opening the data set')
  const dataset = await openDataset(spec.data.dataset)
  const batches = new BatchSource(spec, dataset)
  if (resumeFrom !== null) await stage('Verifying the checkpoint')
  const checkpoint = resumeFrom === null ? null : await readCheckpointOf(spec, resumeFrom)
  await stage('Building the model')
  const model = buildModel(spec.model, spec.training.seed)
  if (checkpoint) restoreWeights(model, checkpoint, resumeFrom!)
  const optimizer = makeOptimizer(spec, model, checkpoint)
  const run = new TrainingRun({ spec, batches, model, optimizer, resumed: checkpoint?.state.progress ?? null, now })
  const dispose = (): void => {
    optimizer.dispose()
    model.dispose()
    dataset.close()
  }
  return { run, model, dispose }
}
