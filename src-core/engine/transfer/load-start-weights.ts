import { stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { TrainingSpec } from '../../domain/spec/training-spec.ts'
import { tf, type SymbolicTensor, type Tensor, type Variable } from '../backend.ts'
import { readCheckpoint } from '../checkpoints/checkpoint.ts'
import type { BuiltModel } from '../models/build-model.ts'
import { mismatch, pairByName, pairByOrder, targetLayers, type LayerPair } from './pair-layers.ts'
import { readSafetensors } from './safetensors.ts'
import { sourceLayers, type FlattenedShape, type LaidOutTensor } from './source-layers.ts'
import { shapeText, unreadable, type StoredWeights } from './stored-tensor.ts'
import { readTfjsModel } from './tfjs-model.ts'

/** Where the first weights of a run come from. */
export type StartSource =
  { readonly kind: 'checkpoint'; readonly directory: string } | { readonly kind: 'file'; readonly path: string }

export interface LoadedStart {
  /** Layers with a kernel whose weights came from the source. */
  readonly loaded: string[]
  /** Those that keep the weights that were drawn at random. */
  readonly drawn: string[]
}

/** What a layer without the weight computes with: leaving it out of the file leaves nothing unsaid. */
const neutralValues: Readonly<Record<string, number>> = { bias: 0, beta: 0, gamma: 1 }

interface Assignment {
  readonly variable: Variable
  read(): Tensor
}

async function readCheckpointWeights(directory: string): Promise<StoredWeights> {
  const checkpoint = await readCheckpoint(directory)
  const values = checkpoint.readWeights()
  const tensors = [...values].map(([name, tensor]) => {
    const copy = tensor.dataSync<'float32'>()
    return { name, shape: tensor.shape, read: () => copy }
  })
  tf.dispose([...values.values()])
  return { source: directory, naming: 'own', tensors }
}

async function readModelFile(path: string): Promise<StoredWeights> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error.code === 'ENOENT' ? 'there is no such file' : `the system says ${error.code}`)
  })
  if (!found.isFile()) throw unreadable(path, 'it is no file')
  if (path.endsWith('.safetensors')) return readSafetensors(path)
  if (path.endsWith('.json')) return readTfjsModel(path)
  throw unreadable(path, 'its name must end with .safetensors or, for TensorFlow.js, with .json')
}

function flattenedShape({ model }: BuiltModel): FlattenedShape {
  const [, height, width, channels] = (model.getLayer('flatten').input as SymbolicTensor).shape
  return [height!, width!, channels!]
}

/** Refused here, because a run would only diverge at its first step and blame the learning rate. */
function readFinite({ name, read }: LaidOutTensor, layer: string): Tensor {
  const values = read()
  if (tf.tidy(() => values.isFinite().all().dataSync()[0] === 1)) return values
  throw mismatch(layer, 'finite numbers', `NaN or infinity in ${name}`)
}

/** What each weight of a layer becomes. @throws WorkbenchError `transfer-mismatch` at the first that does not fit. */
function assignmentsOf({ target, source }: LayerPair): Assignment[] {
  const parts: ReadonlyMap<string, LaidOutTensor> = source?.parts ?? new Map()
  const strange = [...parts].find(([role]) => !target.weights.has(role))
  if (strange) throw mismatch(target.name, `no ${strange[0]}`, `${strange[1].name} ${shapeText(strange[1].shape)}`)
  return [...target.weights].map(([role, { variable }]) => {
    const part = parts.get(role)
    const neutral = neutralValues[role]
    const expected = `${role} ${shapeText(variable.shape)}`
    if (part && isDeepStrictEqual([...part.shape], variable.shape)) {
      return { variable, read: () => readFinite(part, target.name) }
    }
    if (part) throw mismatch(target.name, expected, `${part.name} ${shapeText(part.shape)}`)
    if (neutral === undefined) throw mismatch(target.name, expected, 'none')
    return { variable, read: () => tf.fill(variable.shape, neutral) }
  })
}

function hasSameKernel({ target, source }: LayerPair): boolean {
  const kernel = source?.parts.get('kernel')
  return kernel !== undefined && isDeepStrictEqual([...kernel.shape], target.weights.get('kernel')!.variable.shape)
}

/** Reads everything before it assigns anything: a source that fails half-way leaves the model as it was. */
function assignAll(assignments: readonly Assignment[]): void {
  tf.tidy(() => {
    const values = assignments.map(({ variable, read }) => ({ variable, value: read() }))
    for (const { variable, value } of values) variable.assign(value)
  })
}

/**
 * Sets the weights of a freshly built model to those of a checkpoint or a file, before an optimizer owns them.
 * Weights under this engine's names must agree in name and shape. Others (PyTorch's safetensors, TensorFlow.js models)
 * are paired by kind and order: convolutions, fully connected layers and normalisations each in turn, PyTorch's
 * transposed to this engine's layout. Moving statistics come along; epsilons are the spec's own. The head stays as
 * drawn where `replaceHead` says so, its shape differs or the source has none.
 * @throws WorkbenchError `transfer-mismatch` naming the layer, what was expected and what was found;
 * `model-file-unreadable` with the reason; `checkpoint-missing`; `checkpoint-damaged`. The model is unchanged then.
 */
export async function loadStartWeights(
  model: BuiltModel,
  source: StartSource,
  { replaceHead }: Pick<TrainingSpec['transfer'], 'replaceHead'>,
): Promise<LoadedStart> {
  const stored = await (source.kind === 'checkpoint'
    ? readCheckpointWeights(source.directory)
    : readModelFile(source.path))
  const head = model.learned.at(-1)!
  const pair = stored.naming === 'own' ? pairByName : pairByOrder
  const pairs = pair(targetLayers(model), sourceLayers(stored, flattenedShape(model)), head)
  const isDrawn = (candidate: LayerPair): boolean =>
    candidate.target.name === head && (replaceHead || !hasSameKernel(candidate))
  assignAll(pairs.filter((candidate) => !isDrawn(candidate)).flatMap(assignmentsOf))
  const drawn = pairs.filter(isDrawn).map(({ target }) => target.name)
  return { loaded: model.learned.filter((layer) => !drawn.includes(layer)), drawn }
}
