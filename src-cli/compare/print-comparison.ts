import { budgetText } from '../../src-core/domain/comparison/budget.ts'
import type { MeasuredGroup } from '../../src-core/domain/comparison/measured-groups.ts'
import type { Reached } from '../../src-core/domain/comparison/readings.ts'
import {
  cutIntervalsText,
  differenceText,
  meanIntervalText,
  numberText,
  probabilityText,
  valueText,
} from '../../src-core/domain/comparison/words.ts'
import type { Verdict } from '../../src-core/domain/comparison/verdict.ts'
import { correctionText } from '../../src-core/domain/comparison/verdict-sentence.ts'
import { isShare } from '../../src-core/domain/metrics.ts'
import type { SpecDifference } from '../../src-core/domain/spec/paths.ts'
import { formatInteger, wrapped } from '../terminal/format.ts'
import { printCellTable } from '../sweep/cell-table-text.ts'
import { printLine, printTable, printWideTable, singleLine, type Column } from '../terminal/output.ts'
import type { RunComparison } from './comparison.ts'

const longestValue = 40

/** As JSON, so that the word "1" and the number 1 look different. */
function typed(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue - 3)}...` : text
}

interface TreeRow {
  readonly field: string
  readonly values: readonly unknown[] | null
}

/** The differing fields under the parts of the spec that hold them, each part named once. */
function treeOf(found: readonly SpecDifference[]): TreeRow[] {
  const rows: TreeRow[] = []
  let open: readonly string[] = []
  for (const { path, values } of found) {
    const keys = path.split('.')
    const parents = keys.slice(0, -1)
    const shared = parents.findIndex((key, index) => open[index] !== key)
    for (let depth = shared < 0 ? parents.length : shared; depth < parents.length; depth++) {
      rows.push({ field: '  '.repeat(depth) + parents[depth]!, values: null })
    }
    rows.push({ field: '  '.repeat(parents.length) + keys.at(-1)!, values })
    open = parents
  }
  return rows
}

/** Runs are numbered, because their names are too long for columns. */
function perRun<Row>({ runs }: RunComparison, value: (row: Row, index: number) => string): Column<Row>[] {
  return runs.map((_, index) => ({ title: `[${index + 1}]`, value: (row) => value(row, index), align: 'right' }))
}

function printRuns({ runs }: RunComparison): void {
  printTable(
    [
      { title: '', value: ([, number]) => `[${number}]` },
      { title: 'Run', value: ([run]) => run.id },
      { title: 'Name', value: ([run]) => run.name },
      { title: 'State', value: ([run]) => run.state },
      { title: 'Step', value: ([run]) => formatInteger(run.step), align: 'right' },
    ],
    runs.map((run, index) => [run, index + 1] as const),
  )
}

function printDifferences(comparison: RunComparison): void {
  printLine('\nConfiguration differences:')
  if (comparison.differences.length === 0) return printLine('none: the runs have the same configuration')
  printWideTable<TreeRow>(
    [{ title: 'Field', value: ({ field }) => field }],
    perRun(comparison, ({ values }, index) => (values ? typed(values[index]) : '')),
    treeOf(comparison.differences),
  )
}

function reachedText(metric: string, reached: Reached | null): string {
  if (!reached) return '-'
  const value = Number.isFinite(reached.value) ? valueText(metric, reached.value) : String(reached.value)
  return `${value} at ${formatInteger(reached.step)}`
}

function printResults(comparison: RunComparison): void {
  const { budget, results } = comparison
  printLine(`\nResults, value at step${budget ? `, within ${budgetText(budget)}` : ''}:`)
  if (results.length === 0) return printLine('none yet')
  const rows = results.flatMap(({ metric, best, last }) => {
    const same = best.every((one, index) => one?.step === last[index]?.step)
    const lastRow = { label: same ? metric : `${metric}, last`, metric, values: last }
    return same ? [lastRow] : [{ label: `${metric}, best`, metric, values: best }, lastRow]
  })
  printWideTable<(typeof rows)[number]>(
    [{ title: 'Metric', value: ({ label }) => label }],
    perRun(comparison, ({ metric, values }, index) => reachedText(metric, values[index]!)),
    rows,
  )
}

function seedsText({ measured }: MeasuredGroup): string {
  const seeds = measured.map(({ run }) => run.spec.training.seed)
  return seeds.sort((a, b) => a - b).join(' ')
}

function printGroups({ choice, groups }: RunComparison): void {
  const { metric, reading } = choice
  printLine(`\nGroups over seeds, ${reading} ${metric}:`)
  const spread = ({ summary }: MeasuredGroup): string => {
    if (summary.standardDeviation === null) return '-'
    return differenceText(metric, summary.standardDeviation)
  }
  printTable(
    [
      { title: 'Group', value: ({ label }) => label },
      { title: 'n', value: ({ summary }) => String(summary.n), align: 'right' },
      {
        title: 'Mean',
        value: ({ summary }) => (summary.mean === null ? '-' : valueText(metric, summary.mean)),
        align: 'right',
      },
      { title: 'Std. dev.', value: spread, align: 'right' },
      {
        title: '95 % interval',
        value: ({ summary }) => (summary.interval ? meanIntervalText(metric, summary.interval) : '-'),
        align: 'right',
      },
      { title: 'Seeds', value: seedsText },
    ],
    groups,
  )
  const cut = cutIntervalsText(
    metric,
    groups.map(({ summary }) => summary.interval),
  )
  if (cut) printLine(wrapped('', cut, 0))
  for (const { leftOut } of groups) {
    for (const { run, reason } of leftOut) {
      printLine(wrapped('', `Left out: ${singleLine(run.name)} (${run.id}) ${reason}.`, 0))
    }
  }
}

/** The cells of the grid; nothing where the runs differ in fewer than two of its factors. */
function printGrid({ grid, choice: { metric, reading } }: RunComparison): void {
  if (!grid) return
  const unit = isShare(metric) ? ', %' : ''
  printCellTable({
    placed: grid.placed,
    runs: grid.runs,
    objective: `Grid “${singleLine(grid.name)}”, ${reading} ${metric}${unit}`,
    format: (value) => numberText(metric, value),
    absent: '-',
  })
}

/** More verdicts than this nobody reads: the surest are told. */
const mostVerdicts = 15

/** Those that are told, the surest first where they are not all, and how many are not. */
function toldOf(verdicts: readonly Verdict[]): { readonly told: readonly Verdict[]; readonly rest: number } {
  if (verdicts.length <= mostVerdicts) return { told: verdicts, rest: 0 }
  const told = verdicts.toSorted((a, b) => (a.p ?? 1) - (b.p ?? 1)).slice(0, mostVerdicts)
  return { told, rest: verdicts.length - told.length }
}

function printVerdict({ a, b, sentence, permutation, effect }: Verdict): void {
  printLine(wrapped('', `${singleLine(a.label)} against ${singleLine(b.label)}: ${singleLine(sentence)}`, 0))
  if (a.measured.length < 2 || b.measured.length < 2) return
  const interval = effect && effect.interval.map((end) => end.toFixed(2)).join(', ')
  const facts = [
    ...(effect ? [`Hedges' g ${effect.g.toFixed(2)} [${interval}]`] : []),
    ...(permutation.p === null ? [] : [`permutation p ${probabilityText(permutation.p)}`]),
  ]
  if (facts.length > 0) printLine(`  ${facts.join(', ')}`)
}

/** What may be said of each two groups; nothing of a single one. */
export function printVerdicts({ groups, verdicts, choice }: RunComparison): void {
  if (groups.length < 2) return
  printLine('\nIs it real?')
  const { told, rest } = toldOf(verdicts)
  told.forEach(printVerdict)
  if (rest > 0) {
    const more = `These are the surest; ${rest} more pairs are in --json. --baseline RUN compares all with one variant.`
    printLine(wrapped('', more, 0))
  }
  printLine(
    wrapped('', (isShare(choice.metric) ? 'A point is a percentage point. ' : '') + correctionText(verdicts), 0),
  )
}

function formatOptional(step: number | null | undefined): string {
  return typeof step === 'number' ? formatInteger(step) : '-'
}

function printRanking({ budget, choice, ranking }: RunComparison): void {
  if (!budget || !ranking) return
  printLine(`\nAt ${budgetText(budget)} each, ${choice.reading} ${choice.metric}:`)
  printTable(
    [
      { title: 'Rank', value: ({ rank }) => (rank === null ? '-' : String(rank)), align: 'right' },
      { title: 'Run', value: ({ contestant }) => contestant.label },
      {
        title: 'Value',
        value: ({ value }) => (value === null ? '-' : valueText(choice.metric, value)),
        align: 'right',
      },
      {
        title: 'Read at step',
        value: ({ contestant }) => formatOptional(ranking.readAt[contestant.key]),
        align: 'right',
      },
      { title: '', value: ({ reached }) => (reached ? '' : 'did not get that far') },
    ],
    ranking.ranked,
  )
  if (ranking.sentence) printLine(singleLine(ranking.sentence))
}

/** Prints a comparison for people. */
export function printComparison(comparison: RunComparison): void {
  printRuns(comparison)
  printDifferences(comparison)
  printResults(comparison)
  printRanking(comparison)
  printGrid(comparison)
  printGroups(comparison)
  printVerdicts(comparison)
}
