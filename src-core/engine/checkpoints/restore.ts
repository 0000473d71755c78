import { isDeepStrictEqual } from 'node:util'
import { WorkbenchError } from '../../domain/errors.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type Tensor } from '../backend.ts'
import { buildModel, type BuiltModel, type NamedWeight } from '../models/build-model.ts'
import { readCheckpoint, type Checkpoint } from './checkpoint.ts'

function foreign(directory: string, problem: string): WorkbenchError {
  return new WorkbenchError('checkpoint-damaged', `The checkpoint ${directory} is of another run: ${problem}.`, {
    directory,
  })
}

function assignWeights(weights: readonly NamedWeight[], values: ReadonlyMap<string, Tensor>, directory: string): void {
  for (const { name, variable } of weights) {
    const value = values.get(name)
    if (!value || !isDeepStrictEqual(value.shape, variable.shape)) {
      throw foreign(directory, `it has no ${name} of shape ${variable.shape.join('x')}`)
    }
    variable.assign(value)
  }
}

/** Sets all weights of a model, moving statistics included, to those of the checkpoint. */
export function restoreWeights(model: BuiltModel, checkpoint: Checkpoint, directory: string): void {
  const values = checkpoint.readWeights()
  try {
    assignWeights(model.weights, values, directory)
  } finally {
    tf.dispose([...values.values()])
  }
}

/**
 * Reads the checkpoint that a run goes on from.
 * @throws WorkbenchError `checkpoint-missing`; `checkpoint-damaged`, also when it was made by a run with another spec.
 */
export async function readCheckpointOf(spec: RunSpec, directory: string): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(directory)
  if (!isDeepStrictEqual(checkpoint.state.spec, spec)) throw foreign(directory, 'its spec differs')
  return checkpoint
}

/**
 * Builds the model of a spec with the weights of one of the run's checkpoints. The caller disposes of the model.
 * @throws WorkbenchError as `readCheckpointOf`.
 */
export async function loadTrainedModel(spec: RunSpec, directory: string): Promise<{ model: BuiltModel; step: number }> {
  const checkpoint = await readCheckpointOf(spec, directory)
  const model = buildModel(spec.model, spec.training.seed)
  try {
    restoreWeights(model, checkpoint, directory)
  } catch (error) {
    model.dispose()
    throw error
  }
  return { model, step: checkpoint.state.progress.step }
}
