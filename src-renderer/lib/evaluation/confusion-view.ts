import type { Confusion } from '../../../src-core/domain/evaluation/confusion.ts'
import { perClassAccuracy } from '../../../src-core/domain/evaluation/confusion.ts'
import { formatCount, formatPercent } from '../format.ts'

export interface Cell {
  readonly row: number
  readonly column: number
}

/** A confusion matrix with its sums: what every drawing and every sentence about it needs. */
export interface ConfusionView {
  readonly classes: number
  readonly counts: readonly number[]
  /** Images of each true class. */
  readonly rowSums: readonly number[]
  readonly images: number
  readonly recognised: number
  readonly largest: number
}

export function confusionView({ classes, counts }: Confusion): ConfusionView {
  const rowSums = Array.from({ length: classes }, (_, row) =>
    counts.slice(row * classes, (row + 1) * classes).reduce((sum, count) => sum + count, 0),
  )
  return {
    classes,
    counts,
    rowSums,
    images: rowSums.reduce((sum, count) => sum + count, 0),
    recognised: rowSums.reduce((sum, _, index) => sum + counts[index * classes + index]!, 0),
    largest: counts.reduce((most, count) => Math.max(most, count), 0),
  }
}

export type CellValue = 'count' | 'share'

/**
 * Place of a cell on the colour scale, 0 to 1. Square root, because a good network's mistakes are a hundredth of
 * its hits and would all look like nothing on a linear scale.
 */
export function cellLevel(view: ConfusionView, { row, column }: Cell, value: CellValue): number {
  const count = view.counts[row * view.classes + column]!
  const whole = value === 'count' ? view.largest : view.rowSums[row]!
  return whole === 0 ? 0 : Math.sqrt(count / whole)
}

/** What is written into a cell: nothing for 0; shares in percent without the sign. */
export function cellText(view: ConfusionView, { row, column }: Cell, value: CellValue): string {
  const count = view.counts[row * view.classes + column]!
  if (count === 0) return ''
  if (value === 'count') return formatCount(count)
  const percent = (100 * count) / view.rowSums[row]!
  return percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)
}

/** "true 4, predicted 9: 12 of 98 (12.24 %)". */
export function cellSentence(view: ConfusionView, { row, column }: Cell, names: readonly string[]): string {
  const count = view.counts[row * view.classes + column]!
  const sum = view.rowSums[row]!
  const share = sum === 0 ? '' : ` (${formatPercent(count / sum)} %)`
  return `true ${names[row]}, predicted ${names[column]}: ${formatCount(count)} of ${formatCount(sum)}${share}`
}

/** A class by name: the data set's own, or its number where the network has more classes than the data. */
export function classNames(classes: number, labels: readonly string[]): string[] {
  return Array.from({ length: classes }, (_, index) => labels[index] ?? `class ${index}`)
}

export interface ClassResult {
  readonly index: number
  readonly name: string
  readonly images: number
  /** Share of the class's images that were recognised; null without images. */
  readonly accuracy: number | null
  /** What its other images were taken for, most frequent first. */
  readonly mistakes: readonly { readonly name: string; readonly count: number }[]
}

/** One line per class, by class or with the least recognised first; classes without images come last. */
export function classResults(
  view: ConfusionView,
  names: readonly string[],
  order: 'class' | 'accuracy',
): ClassResult[] {
  const accuracies = perClassAccuracy({ classes: view.classes, counts: [...view.counts] })
  const results = accuracies.map((accuracy, index) => ({
    index,
    name: names[index]!,
    images: view.rowSums[index]!,
    accuracy,
    mistakes: mistakesOf(view, index, names),
  }))
  if (order === 'class') return results
  return results.sort((a, b) => (a.accuracy ?? 2) - (b.accuracy ?? 2) || a.index - b.index)
}

function mistakesOf(
  { classes, counts }: ConfusionView,
  row: number,
  names: readonly string[],
): ClassResult['mistakes'] {
  return counts
    .slice(row * classes, (row + 1) * classes)
    .map((count, column) => ({ name: names[column]!, count, column }))
    .filter(({ count, column }) => count > 0 && column !== row)
    .sort((a, b) => b.count - a.count || a.column - b.column)
    .map(({ name, count }) => ({ name, count }))
}

/** The neighbouring cell for an arrow key, Home or End, inside the matrix; null for any other key. */
export function cellAfterKey({ row, column }: Cell, key: string, classes: number): Cell | null {
  const within = (value: number): number => Math.max(0, Math.min(classes - 1, value))
  const moved: Record<string, Cell> = {
    ArrowUp: { row: within(row - 1), column },
    ArrowDown: { row: within(row + 1), column },
    ArrowLeft: { row, column: within(column - 1) },
    ArrowRight: { row, column: within(column + 1) },
    Home: { row, column: 0 },
    End: { row, column: classes - 1 },
  }
  return moved[key] ?? null
}
