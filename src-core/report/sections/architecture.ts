import { planArchitecture, type Architecture } from '../../domain/network/architecture.ts'
import type { Run } from '../../domain/run.ts'
import { formatInteger } from '../format.ts'
import { cell, figure, paragraph, table, type Cell, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'
import { runCell } from './summary.ts'

interface Totals {
  readonly layers: number
  readonly parameters: number
  readonly trainable: number
  readonly macs: number
  /** Values of all layers' outputs for one image. */
  readonly activations: number
}

function totalsOf({ layers, params, trainable, macs }: Architecture): Totals {
  const activations = layers.reduce((sum, { output }) => sum + output.reduce((product, size) => product * size, 1), 0)
  return { layers: layers.length, parameters: params, trainable, macs: macs.conv + macs.dense, activations }
}

/** Millions, with the difference to the first run behind them. */
function millions(value: number, base: number): string {
  const text = (value / 1e6).toFixed(2)
  if (value === base || base === 0) return text
  const percent = (100 * (value - base)) / base
  return `${text} (${percent > 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %)`
}

function figuresOf(one: Totals | null, base: Totals | null): Cell[] {
  if (!one) return Array.from({ length: 5 }, () => figure('-'))
  return [
    ...[one.layers, one.parameters, one.trainable].map((value) => figure(formatInteger(value))),
    figure(millions(one.macs, base?.macs ?? 0)),
    figure(millions(one.activations, base?.activations ?? 0)),
  ]
}

/** Null for a network that cannot be laid out: the record may hold one of another build. */
function totalsOfRun({ spec }: Run): Totals | null {
  try {
    return totalsOf(planArchitecture(spec.model))
  } catch {
    return null
  }
}

/** The size of each network against that of the first run. */
export function architectureSection(content: ReportContent): Part[] {
  const totals = content.runs.map(totalsOfRun)
  const base = totals[0] ?? null
  const head = [
    ...[cell('Run'), figure('Layers'), figure('Parameters'), figure('Trainable')],
    ...[figure('Multiply-accumulates per image, millions'), figure('Activations per image, millions')],
  ]
  const rows = totals.map((one, index) => [runCell(content, index), ...figuresOf(one, base)])
  const note = content.runs.length > 1 ? [paragraph('Differences in brackets are to the first run.')] : []
  return [table('Size of the networks', head, rows), ...note]
}
