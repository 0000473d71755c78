import { costKeys, type CostKey, type LayerCosts } from '../../../domain/comparison/architecture-diff.ts'
import { figure, type Cell } from '../../report-document.ts'

const titles: Readonly<Record<CostKey, string>> = {
  params: 'Parameters',
  macs: 'Multiply-accumulates, thousands',
  activationBytes: 'Activations, KiB',
  milliseconds: 'ms per step',
}

const fixed = (value: number, decimals: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })

/** Figures in the unit of the column's title. */
const texts: Readonly<Record<CostKey, (value: number) => string>> = {
  params: (value) => fixed(value, 0),
  macs: (value) => fixed(value / 1e3, 0),
  activationBytes: (value) => fixed(value / 1024, 1),
  milliseconds: (value) => fixed(value, 2),
}

/** Without the milliseconds where nobody measured any. */
function shownKeys(all: readonly LayerCosts[]): CostKey[] {
  return costKeys.filter((key) => all.some((costs) => costs[key] !== null))
}

/** The titles of the columns of costs. */
export function costHeads(all: readonly LayerCosts[]): Cell[] {
  return shownKeys(all).map((key) => figure(titles[key]))
}

/** " (+1,024)"; empty where there is no difference that can be seen, or one of the two was not measured. */
function differenceOf(key: CostKey, costs: LayerCosts | null, base: LayerCosts | null): string {
  if (costs?.[key] === null || base?.[key] === null) return ''
  const difference = (costs?.[key] ?? 0) - (base?.[key] ?? 0)
  const text = texts[key](Math.abs(difference))
  return Number.parseFloat(text.replaceAll(',', '')) === 0 ? '' : `${difference > 0 ? '+' : '−'}${text}`
}

function costText(key: CostKey, costs: LayerCosts): string {
  const value = costs[key]
  if (value === null) return '-'
  // Most layers have no weights: their zeros would hide the others.
  return value === 0 && key !== 'milliseconds' ? '' : texts[key](value)
}

/**
 * A row's costs.
 * @param all those of all rows, which decide what is shown
 * @param base what they are told the difference to; null for none. A layer that is not there costs nothing.
 */
export function costFigures(all: readonly LayerCosts[], costs: LayerCosts | null, base: LayerCosts | null): Cell[] {
  return shownKeys(all).map((key) => {
    const own = costs ? costText(key, costs) : ''
    const difference = base === null ? '' : differenceOf(key, costs, base)
    if (costs === null) return figure(difference)
    return figure(difference === '' ? own : `${own || '0'} (${difference})`)
  })
}
