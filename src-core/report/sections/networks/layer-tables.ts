import {
  diffArchitectures,
  layerStateText,
  type LayerCosts,
  type LayerRow,
  type LayerState,
} from '../../../domain/comparison/architecture-diff.ts'
import { layerTypeNames } from '../../../domain/network/layer-types.ts'
import { shapeText, type LayerPlan } from '../../../domain/network/layer-plan.ts'
import { cell, code, figure, table, type Cell, type Part } from '../../report-document.ts'
import type { ComparedNetwork } from './compared-networks.ts'
import { costFigures, costHeads } from './layer-costs.ts'

const totalCell: Cell = { text: 'Total', strong: true }
const emphasized = (cells: readonly Cell[]): Cell[] => cells.map((one) => ({ ...one, strong: true }))

const layerCells = ({ name, type, output }: LayerPlan): Cell[] => [
  code(name),
  cell(layerTypeNames[type]),
  figure(shapeText(output)),
]

/** Every layer of a network with its costs, and their sums. */
export function layerTable(network: ComparedNetwork): Part {
  const { rows, totals } = diffArchitectures([network], 0)
  const head = [cell('Layer'), cell('Type'), figure('Output'), ...costHeads(totals)]
  const body = rows.map(({ cells: [layer] }) => [...layerCells(layer!.layer), ...costFigures(totals, layer!, null)])
  const sums = [totalCell, cell(''), figure(''), ...emphasized(costFigures(totals, totals[0]!, null))]
  return table(`Layers of ${network.label}`, head, [...body, sums])
}

/** Behind the words that tell how a layer differs. */
const shades: Readonly<Partial<Record<LayerState, number>>> = { added: 0.3, changed: 0.15, removed: -0.3 }

/** A line of the alignment: what this network has there, and how that differs. Of a removed layer what it cost. */
function differenceRow(row: LayerRow, totals: readonly LayerCosts[]): Cell[] {
  const [base, own] = [row.cells[0] ?? null, row.cells[1] ?? null]
  const { layer } = (own ?? base)!
  const words: Cell = { ...cell(layerStateText(row, 1)), shade: shades[row.states[1]!] ?? 0 }
  const [name, type, output] = layerCells(layer)
  const instead =
    own && base && own.layer.name !== base.layer.name ? `${type!.text}, was ${base.layer.name}` : type!.text
  return [name!, cell(instead), own ? output! : figure(''), words, ...costFigures(totals, own, base)]
}

/** Every layer of one network against those of another, aligned, and the sums. */
export function differenceTable(base: ComparedNetwork, other: ComparedNetwork): Part {
  const { rows, totals } = diffArchitectures([base, other], 0)
  const head = [cell('Layer'), cell('Type'), figure('Output'), cell('Difference'), ...costHeads(totals)]
  const sums = [
    ...[totalCell, cell(''), figure(''), cell('')],
    ...emphasized(costFigures(totals, totals[1]!, totals[0]!)),
  ]
  return table(`${other.label} against ${base.label}`, head, [...rows.map((row) => differenceRow(row, totals)), sums])
}
