import type { Theme } from '../charts/run-colors.ts'
import { formatCount, formatPercent } from '../format.ts'
import { cellLevel, cellSentence, cellText, type Cell, type CellValue, type ConfusionView } from './confusion-view.ts'
import { heatColor, inkOnHeat, inkOnSigned, signedColor, type Ink } from './heat-colors.ts'

/** What a matrix of true by predicted classes shows, cell by cell. */
export interface MatrixContent {
  readonly classes: number
  readonly names: readonly string[]
  /** Null for a cell that stays empty. */
  cell(cell: Cell, theme: Theme): { readonly fill: string; readonly ink: Ink; readonly text: string } | null
  sentence(cell: Cell): string
  /** What is said while no cell is pointed at. */
  readonly summary: string
  /** The longest number in a cell. */
  readonly widest: string
}

/** Of one network. */
export function confusionContent(view: ConfusionView, names: readonly string[], value: CellValue): MatrixContent {
  const share = view.images > 0 ? ` (${formatPercent(view.recognised / view.images)} %)` : ''
  return {
    classes: view.classes,
    names,
    cell: (cell, theme) => {
      if (view.counts[cell.row * view.classes + cell.column] === 0) return null
      const level = cellLevel(view, cell, value)
      return { fill: heatColor(level, theme), ink: inkOnHeat(level, theme), text: cellText(view, cell, value) }
    },
    sentence: (cell) => cellSentence(view, cell, names),
    summary: `${formatCount(view.recognised)} of ${formatCount(view.images)} images recognised${share}`,
    widest: value === 'count' ? formatCount(view.largest) : '99.9',
  }
}

/** A signed number of images: +3, −2, 0. */
export function signedCount(count: number): string {
  if (count === 0) return '0'
  return `${count > 0 ? '+' : '−'}${formatCount(Math.abs(count))}`
}

/** The largest difference of two matrices in any cell. */
export function largestDifference(a: ConfusionView, b: ConfusionView): number {
  return a.counts.reduce((most, count, index) => Math.max(most, Math.abs(b.counts[index]! - count)), 0)
}

/** What B has more or less than A of the same images, both with the same classes. */
export function differenceContent(a: ConfusionView, b: ConfusionView, names: readonly string[]): MatrixContent {
  const largest = largestDifference(a, b)
  const at = ({ row, column }: Cell): number => row * a.classes + column
  return {
    classes: a.classes,
    names,
    cell: (cell, theme) => {
      const difference = b.counts[at(cell)]! - a.counts[at(cell)]!
      if (difference === 0) return null
      // As in the matrices beside it: rare mistakes are to be seen.
      const level = Math.sign(difference) * Math.sqrt(Math.abs(difference) / largest)
      return { fill: signedColor(level, theme), ink: inkOnSigned(level, theme), text: signedCount(difference) }
    },
    sentence: (cell) => {
      const [ofA, ofB] = [a.counts[at(cell)]!, b.counts[at(cell)]!]
      const words = `A ${formatCount(ofA)}, B ${formatCount(ofB)} (${signedCount(ofB - ofA)})`
      return `true ${names[cell.row]}, predicted ${names[cell.column]}: ${words}`
    },
    summary: `B recognises ${signedCount(b.recognised - a.recognised)} images against A`,
    widest: signedCount(-largest),
  }
}
