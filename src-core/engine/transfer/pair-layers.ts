import { WorkbenchError } from '../../domain/errors.ts'
import type { BuiltModel, NamedWeight } from '../models/build-model.ts'
import type { LayerKind, SourceLayer } from './source-layers.ts'
import { shapeText } from './stored-tensor.ts'

/** A layer with weights of the model that is to be loaded. */
export interface TargetLayer {
  readonly name: string
  readonly kind: LayerKind
  /** By role: kernel, bias, gamma ... */
  readonly weights: ReadonlyMap<string, NamedWeight>
}

export interface LayerPair {
  readonly target: TargetLayer
  /** Null where the source has none, which only the head may lack. */
  readonly source: SourceLayer | null
}

function kindOf(layer: string): LayerKind {
  if (layer.startsWith('conv')) return 'conv'
  return layer.startsWith('fc') ? 'dense' : 'norm'
}

/** The layers with weights in the order in which they compute. */
export function targetLayers({ model, weights }: BuiltModel): TargetLayer[] {
  return model.layers.flatMap(({ name }) => {
    const own = weights.filter((weight) => weight.name.startsWith(`${name}/`))
    if (own.length === 0) return []
    const roles = own.map((weight): [string, NamedWeight] => [weight.name.slice(name.length + 1), weight])
    // The kernel first: of several things that do not fit it tells most.
    const byRole = new Map(roles.toSorted(([a], [b]) => Number(b === 'kernel') - Number(a === 'kernel')))
    return [{ name, kind: kindOf(name), weights: byRole }]
  })
}

export function mismatch(layer: string, expected: string, found: string): WorkbenchError {
  const message = `${layer} does not fit the weights to start from: expected ${expected}, found ${found}.`
  return new WorkbenchError('transfer-mismatch', message, { layer, expected, found })
}

const kindWords: Record<LayerKind, string> = {
  conv: 'convolution',
  dense: 'fully connected layer',
  norm: 'normalisation',
}

function anyKernel(parts: ReadonlyMap<string, { readonly shape: readonly number[] }>): string {
  const [role, { shape }] = [...parts][0]!
  return `${parts.has('kernel') ? 'kernel' : role} ${shapeText(parts.get('kernel')?.shape ?? shape)}`
}

function surplus({ name, kind, parts }: SourceLayer): WorkbenchError {
  return mismatch(name, `no further ${kindWords[kind]}`, `one with ${anyKernel(parts)}`)
}

function missing({ name, kind, weights }: TargetLayer): WorkbenchError {
  const shapes = new Map([...weights].map(([role, { variable }]) => [role, variable]))
  return mismatch(name, `a ${kindWords[kind]} with ${anyKernel(shapes)}`, 'none')
}

/** Pairs layers of the same name. */
export function pairByName(
  targets: readonly TargetLayer[],
  sources: readonly SourceLayer[],
  head: string,
): LayerPair[] {
  const strange = sources.find(({ name }) => !targets.some((target) => target.name === name))
  if (strange) throw surplus(strange)
  return targets.map((target) => {
    const source = sources.find(({ name }) => name === target.name) ?? null
    if (!source && target.name !== head) throw missing(target)
    return { target, source }
  })
}

/** Pairs the first convolution with the first, the second with the second, and so on for each kind of layer. */
export function pairByOrder(
  targets: readonly TargetLayer[],
  sources: readonly SourceLayer[],
  head: string,
): LayerPair[] {
  const left: Record<LayerKind, SourceLayer[]> = { conv: [], dense: [], norm: [] }
  for (const source of sources) left[source.kind].push(source)
  const pairs = targets.map((target) => {
    const source = left[target.kind].shift() ?? null
    if (!source && target.name !== head) throw missing(target)
    return { target, source }
  })
  const strange = [left.conv, left.dense, left.norm].flat()[0]
  if (strange) throw surplus(strange)
  return pairs
}
