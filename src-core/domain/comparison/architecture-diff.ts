import type { Architecture, LayerPlan } from '../network/architecture.ts'
import { layerFacts } from '../network/layer-facts.ts'
import type { StepProfile } from '../profile/step-profile.ts'
import { align } from './difference/align.ts'
import { sameValue } from './difference/same-value.ts'

/** A network with what a run measured of it; null for a run without a profile. */
export interface MeasuredNetwork {
  readonly architecture: Architecture
  readonly profile: StepProfile | null
}

export interface LayerCosts {
  readonly params: number
  /** Multiply-accumulates of one forward pass of one image. */
  readonly macs: number
  /** Bytes of the output for one image, float32. */
  readonly activationBytes: number
  /** Mean milliseconds per step, forward and backward together; null where nothing was measured. */
  readonly milliseconds: number | null
}

/** What an image needs that is counted in a table of layers. */
export const costKeys = ['params', 'macs', 'activationBytes', 'milliseconds'] as const
export type CostKey = (typeof costKeys)[number]

/** How a layer stands to the base's: `absent` where neither the base nor this network has it. */
export type LayerState = 'base' | 'same' | 'changed' | 'added' | 'removed' | 'absent'

export interface LayerCell extends LayerCosts {
  readonly layer: LayerPlan
}

/** One line of the alignment, with a cell per network; null where a network has no such layer. */
export interface LayerRow {
  readonly cells: readonly (LayerCell | null)[]
  readonly states: readonly LayerState[]
  /** What of the layer itself differs from the base's, by network: "filters", "output". Empty where nothing does. */
  readonly changes: readonly (readonly string[])[]
}

export interface ArchitectureDiff {
  readonly rows: readonly LayerRow[]
  /** By network. Milliseconds are those of the layers alone, without the loss. */
  readonly totals: readonly LayerCosts[]
}

/**
 * The layers of networks beside each other, each network aligned with the base's by type and name. Layers that several
 * networks add at the same place share a line where they are of the same type and name.
 * @param base place of the network that the others are compared with
 */
export function diffArchitectures(networks: readonly MeasuredNetwork[], base: number): ArchitectureDiff {
  const cells = networks.map(cellsOf)
  const lines = alignAll(cells, base)
  const rows = lines.map((line): LayerRow => {
    const changes = line.map((cell) => changesOf(line[base] ?? null, cell))
    return { cells: line, changes, states: line.map((_, index) => stateOf(line, index, base, changes[index]!)) }
  })
  return { rows, totals: cells.map(totalsOf) }
}

/** How a layer stands to the base's, in words: "changed: filters, output"; empty where nothing is to be said. */
export function layerStateText({ states, changes }: LayerRow, index: number): string {
  const state = states[index]!
  if (state === 'changed') return `changed: ${changes[index]!.join(', ')}`
  return state === 'added' || state === 'removed' ? state : ''
}

function cellsOf({ architecture, profile }: MeasuredNetwork): LayerCell[] {
  const times = new Map(profile?.layers.map(({ name, forward, backward }) => [name, forward + backward]))
  return layerFacts(architecture).map(({ layer, activationBytes }) => ({
    layer,
    params: layer.params,
    macs: layer.macs,
    activationBytes,
    milliseconds: times.get(layer.name) ?? null,
  }))
}

const activations = ['relu', 'tanh', 'sigmoid', 'leaky-relu', 'gelu']
const normalizations = ['lrn', 'bn', 'gn']

/** Kinds of layers that do the same work: one in the place of another is a change, not another layer. */
function family(type: string): string {
  if (activations.includes(type)) return 'activation'
  if (normalizations.includes(type)) return 'normalization'
  return type === 'avg' ? 'pool' : type
}

/** "conv2" of "conv2" and "bn2": the place that a layer's name gives it. */
function placeInName({ name }: LayerPlan): string {
  return /\d+/.exec(name)?.[0] ?? name
}

/**
 * Cost of taking two layers for one, against 1 for leaving out each: nothing for the same type and name, less than
 * leaving out both for the same work, most of all at the same place; never for different work.
 */
function pairingCost({ layer: a }: LayerCell, { layer: b }: LayerCell): number {
  if (family(a.type) !== family(b.type)) return Number.POSITIVE_INFINITY
  const type = a.type === b.type ? 0 : 0.4
  const name = a.name === b.name || placeInName(a) === placeInName(b) ? 0 : 1.2
  return type + name
}

type Line = (LayerCell | null)[]

function alignAll(networks: readonly (readonly LayerCell[])[], base: number): Line[] {
  const empty = (): Line => networks.map(() => null)
  let lines: Line[] = networks[base]!.map((cell) => empty().with(base, cell))
  networks.forEach((cells, index) => {
    if (index === base) return
    // What stands for a line: the base's layer, or the first one that was added there.
    const heads = lines.map((line) => line[base] ?? line.find((cell) => cell !== null)!)
    lines = align(heads, cells, pairingCost).map(({ left, right }) => {
      const line = left === null ? empty() : lines[left]!
      return right === null ? line : line.with(index, cells[right]!)
    })
  })
  return lines
}

function stateOf(line: Line, index: number, base: number, changes: readonly string[]): LayerState {
  const [cell, other] = [line[index], line[base]]
  if (index === base) return cell ? 'base' : 'absent'
  if (!cell) return other ? 'removed' : 'absent'
  if (!other) return 'added'
  return changes.length > 0 ? 'changed' : 'same'
}

/** What of a layer differs from the base's: its own settings first, then what follows from others, such as its output. */
function changesOf(base: LayerCell | null, cell: LayerCell | null): string[] {
  if (!base || !cell || base === cell) return []
  const [a, b] = [base.layer, cell.layer]
  const settings = { ...a.convolution, ...b.convolution }
  const inConvolution = Object.keys(settings).filter(
    (key) => key !== 'pool' && key !== 'dropout' && !sameValue(at(a.convolution, key), at(b.convolution, key)),
  )
  const inPool = Object.keys({ ...a.pool, ...b.pool }).filter(
    (key) => key !== 'kind' && !sameValue(at(a.pool, key), at(b.pool, key)),
  )
  return [
    ...(a.type === b.type ? [] : ['type']),
    ...inConvolution,
    ...inPool,
    ...(sameValue(a.rate, b.rate) ? [] : ['rate']),
    ...(sameValue(a.output, b.output) ? [] : ['output']),
    ...(a.params === b.params ? [] : ['parameters']),
  ]
}

function at(settings: object | undefined, key: string): unknown {
  return (settings as Record<string, unknown> | undefined)?.[key]
}

function totalsOf(cells: readonly LayerCell[]): LayerCosts {
  const sum = (key: CostKey): number => cells.reduce((total, cell) => total + (cell[key] ?? 0), 0)
  const measured = cells.some(({ milliseconds }) => milliseconds !== null)
  return {
    params: sum('params'),
    macs: sum('macs'),
    activationBytes: sum('activationBytes'),
    milliseconds: measured ? sum('milliseconds') : null,
  }
}
