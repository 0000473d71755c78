import { tf, type Tensor } from '../backend.ts'
import { unreadable, type StoredTensor, type StoredWeights } from './stored-tensor.ts'

export type LayerKind = 'conv' | 'dense' | 'norm'

/** A tensor in this engine's layout: convolutions [height, width, channels, filters], dense [inputs, units]. */
export interface LaidOutTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** The caller disposes of it. */
  read(): Tensor
}

/** A layer of a file: its tensors by the names that this engine gives them, such as kernel and moving_mean. */
export interface SourceLayer {
  readonly name: string
  readonly kind: LayerKind
  readonly parts: ReadonlyMap<string, LaidOutTensor>
}

/** [height, width, channels] of what is flattened before the first dense layer. */
export type FlattenedShape = readonly [number, number, number]

function asStored({ name, shape, read }: StoredTensor): LaidOutTensor {
  return { name, shape, read: () => tf.tensor(read(), [...shape]) }
}

function transposed({ name, shape, read }: StoredTensor, order: number[]): LaidOutTensor {
  return {
    name,
    shape: order.map((axis) => shape[axis]!),
    read: () => tf.tidy(() => tf.tensor(read(), [...shape]).transpose(order)),
  }
}

/** PyTorch flattens channels first; the rows of the kernel are put into the order of channels last. */
function afterFlattening(tensor: StoredTensor, [height, width, channels]: FlattenedShape): LaidOutTensor {
  const [units, inputs] = tensor.shape as [number, number]
  if (inputs !== height * width * channels) return transposed(tensor, [1, 0])
  const read = (): Tensor =>
    tf.tidy(() =>
      tf.tensor(tensor.read(), [units, channels, height, width]).transpose([2, 3, 1, 0]).reshape([inputs, units]),
    )
  return { name: tensor.name, shape: [inputs, units], read }
}

interface RawLayer {
  readonly name: string
  readonly kind: LayerKind
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/** Tensors by the layer that their names begin with, in the order in which the layers first appear. */
function byLayer({ tensors, source }: StoredWeights, separator: string): Map<string, Map<string, StoredTensor>> {
  const layers = new Map<string, Map<string, StoredTensor>>()
  for (const tensor of tensors) {
    const end = tensor.name.lastIndexOf(separator)
    const layer = tensor.name.slice(0, Math.max(end, 0))
    const role = tensor.name.slice(end + 1)
    const parts = layers.get(layer) ?? new Map<string, StoredTensor>()
    if (parts.has(role)) throw unreadable(source, `it holds ${tensor.name} twice`)
    layers.set(layer, parts.set(role, tensor))
  }
  return layers
}

const kindsByRank: Readonly<Record<number, LayerKind>> = { 4: 'conv', 2: 'dense', 1: 'norm' }
const normalizationRoles = ['gamma', 'beta', 'moving_mean', 'moving_variance', 'running_mean', 'running_var']

function rawLayers(weights: StoredWeights, separator: string, kernel: string): RawLayer[] {
  return [...byLayer(weights, separator)].map(([name, tensors]) => {
    const isNormalization = normalizationRoles.some((role) => tensors.has(role))
    const kind = isNormalization ? 'norm' : kindsByRank[tensors.get(kernel)?.shape.length ?? 0]
    if (kind) return { name, kind, tensors }
    const names = [...tensors.values()].map((tensor) => tensor.name).join(', ')
    const message = `${names} belong to no convolution, fully connected layer or normalisation`
    throw unreadable(weights.source, message)
  })
}

const torchRoles: Readonly<Record<LayerKind, Readonly<Record<string, string>>>> = {
  conv: { weight: 'kernel' },
  dense: { weight: 'kernel' },
  norm: { weight: 'gamma', bias: 'beta', running_mean: 'moving_mean', running_var: 'moving_variance' },
}

function naturalOrder(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/** How many leading parts of their names all layers share, such as the `module` of PyTorch's DataParallel. */
function sharedParts(layers: readonly RawLayer[]): number {
  const [first = [], ...others] = layers.map(({ name }) => name.split('.'))
  return Math.max(
    0,
    first.findIndex((part, place) => others.some((other) => other[place] !== part)),
  )
}

/**
 * PyTorch's layers in the order in which they compute. The order of a safetensors file says nothing, so names are
 * sorted with numbers as numbers (features.3 before features.10). A part with fully connected layers and no
 * convolutions (classifier, fc1) comes after the others.
 */
function torchOrder(layers: readonly RawLayer[]): RawLayer[] {
  const shared = sharedParts(layers)
  const partOf = ({ name }: RawLayer): string => name.split('.')[shared] ?? ''
  const partsWith = (kind: LayerKind): Set<string> => new Set(layers.filter((layer) => layer.kind === kind).map(partOf))
  const [convolutional, dense] = [partsWith('conv'), partsWith('dense')]
  const isLate = (layer: RawLayer): number => (dense.has(partOf(layer)) && !convolutional.has(partOf(layer)) ? 1 : 0)
  return layers.toSorted((a, b) => isLate(a) - isLate(b) || naturalOrder(a.name, b.name))
}

function torchLayers(weights: StoredWeights, flattened: FlattenedShape): SourceLayer[] {
  const layers = torchOrder(rawLayers(weights, '.', 'weight'))
  const firstDense = layers.find(({ kind }) => kind === 'dense')
  return layers.map((layer) => {
    const layOut = (role: string, tensor: StoredTensor): LaidOutTensor => {
      if (role !== 'kernel') return asStored(tensor)
      if (layer.kind === 'conv') return transposed(tensor, [2, 3, 1, 0])
      return layer === firstDense ? afterFlattening(tensor, flattened) : transposed(tensor, [1, 0])
    }
    const parts = [...layer.tensors].map(([torchRole, tensor]): [string, LaidOutTensor] => {
      const role = torchRoles[layer.kind][torchRole] ?? torchRole
      return [role, layOut(role, tensor)]
    })
    return { name: layer.name, kind: layer.kind, parts: new Map(parts) }
  })
}

/** The layers of a file, first to last, in this engine's layout. @throws WorkbenchError `model-file-unreadable`. */
export function sourceLayers(weights: StoredWeights, flattened: FlattenedShape): SourceLayer[] {
  if (weights.naming === 'pytorch') return torchLayers(weights, flattened)
  return rawLayers(weights, '/', 'kernel').map(({ name, kind, tensors }) => ({
    name,
    kind,
    parts: new Map([...tensors].map(([role, tensor]) => [role, asStored(tensor)])),
  }))
}
