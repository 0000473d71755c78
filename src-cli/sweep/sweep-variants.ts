import type { Run } from '../../src-core/domain/run.ts'
import { variantKey } from '../../src-core/domain/spec/parts.ts'
import { spreadOf, type Spread } from '../../src-core/domain/statistics/spread.ts'
import type { Goal } from '../../src-core/domain/spec/templates.ts'
import { formatNumber, formatPercent } from '../terminal/format.ts'
import { printWideTable, type Column } from '../terminal/output.ts'
import type { SweepRow } from './sweep-results.ts'

/** Runs that differ in nothing but their seed. Figures are null where none of them logged any. */
export interface VariantResult {
  readonly name: string
  readonly seeds: number
  readonly trainAccuracy: Spread | null
  readonly validation: Spread | null
  readonly test: Spread | null
  /** Over the runs that reached the goal. */
  readonly reached: Spread | null
}

/** The rows by variant, in the order in which variants first come. */
export function variantResults(rows: readonly SweepRow[], runs: readonly Run[]): VariantResult[] {
  const groups = Map.groupBy(rows, (_, index) => variantKey(runs[index]!.spec))
  return [...groups.values()].map((group) => ({
    name: group[0]!.name.replace(/, seed \d+$/, ''),
    seeds: group.length,
    trainAccuracy: spreadOf(group.map((row) => row.trainAccuracy)),
    validation: spreadOf(group.map((row) => row.bestValidationAccuracy)),
    test: spreadOf(group.map((row) => row.testAccuracy)),
    reached: spreadOf(group.map((row) => row.reached)),
  }))
}

/** "94.10 ± 0.32", with the number of runs where not all of them have the figure. */
function spreadText(spread: Spread | null, seeds: number, format: (value: number) => string): string {
  if (spread === null) return '-'
  const { count, mean, standardDeviation } = spread
  const figures = standardDeviation === null ? format(mean) : `${format(mean)} ± ${format(standardDeviation)}`
  return count === seeds ? figures : `${figures} (${count} of ${seeds})`
}

/** Means and standard deviations of every variant. */
export function printVariantResults(variants: readonly VariantResult[], goal: Goal | null): void {
  const share = (title: string, pick: (variant: VariantResult) => Spread | null): Column<VariantResult> => ({
    title,
    value: (variant) => spreadText(pick(variant), variant.seeds, formatPercent),
    align: 'right',
  })
  const reached: Column<VariantResult> = {
    title: goal?.title ?? '',
    value: (variant) => spreadText(variant.reached, variant.seeds, (value) => formatNumber(value, 2)),
    align: 'right',
  }
  printWideTable<VariantResult>(
    [{ title: 'Variant', value: (variant) => variant.name }],
    [
      { title: 'Seeds', value: (variant) => String(variant.seeds), align: 'right' },
      share('Training in the last epoch, %', (variant) => variant.trainAccuracy),
      share('Best validation, %', (variant) => variant.validation),
      share('Test, %', (variant) => variant.test),
      ...(goal ? [reached] : []),
    ],
    variants,
  )
}
