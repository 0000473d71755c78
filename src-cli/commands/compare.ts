import type { Command } from 'commander'
import { defaultMetric, defaultReading, knownMetrics } from '../../src-core/domain/comparison/default-choice.ts'
import type { GroupBy } from '../../src-core/domain/comparison/groups.ts'
import type { MetricChoice } from '../../src-core/domain/comparison/readings.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { hasBest } from '../../src-core/domain/metrics.ts'
import { didYouMean } from '../../src-core/domain/nearest.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { flattenSpec } from '../../src-core/domain/spec/paths.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { parseBudget } from '../compare/budget-option.ts'
import { comparisonJson } from '../compare/comparison-json.ts'
import { compareRuns } from '../compare/comparison.ts'
import { printComparison } from '../compare/print-comparison.ts'
import { findRun, findRuns } from '../runs/find-run.ts'
import { printJson } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface CompareOptions extends WorkspaceOptions {
  readonly metric?: string
  readonly reading?: string
  readonly budget?: string
  readonly baseline?: string
  readonly groupBy?: string
  readonly unfinished?: boolean
}

const comparisonHelp = `
Runs are named by the beginning of their id or by their name. Runs of one grid are shown as its cells, too.
  ablate compare RUN RUN RUN RUN --baseline RUN
  ablate compare RUN RUN --metric validation/loss --budget epochs=5

--json prints one object; shares are from 0 to 1, what a run does not have is left out:
  runs         id, name, state, step, epoch, activeTime, seed
  differences  the fields that differ: path, values by run
  results      every metric: best and last by run, each a value and its step
  metric, reading, budget
               what the groups, the verdicts and the ranking are about
  groups       variants: label, values, runs, n, mean, standardDeviation,
               interval, measured by run, leftOut with the reason
  grid         of runs of one grid, else null: name, factors, and the cells
               with levels, runs, n, mean, standardDeviation
  verdicts     a against b: outcome, sentence, difference, interval, t, p
               (corrected), uncorrectedP, permutation, effect, needed
  ranking      at the budget: run, rank, value, reached; else null
`

export function addCompareCommand(program: Command): void {
  const command = program
    .command('compare <run...>')
    .description('Compares runs: what differs, what each reached, and whether variants differ by more than luck.')
    .option('--metric <metric>', 'what decides, such as test/accuracy; validation accuracy where all runs have it')
    .option(
      '--reading <which>',
      'best or last value of the metric; last for the test images and for what has no best, else best',
    )
    .option('--budget <kind=value>', 'cut every run at steps=N, epochs=N, images=N, time=90s or macs=N')
    .option('--baseline <run>', 'compare all variants with that of this run instead of all pairs')
    .option('--group-by <paths>', 'fields of the spec that make a variant, with commas; all but the seed by default')
    .option('--unfinished', 'let runs count that did not finish (at a budget: those that diverged)')
    .addHelpText('after', comparisonHelp)
  addJsonOption(addWorkspaceOption(command)).action((texts: string[], options: CompareOptions) =>
    readWorkspace(options, (workspace) => compare(workspace, texts, options)),
  )
}

function choiceOf(runs: readonly Run[], { metric, reading, budget }: CompareOptions): MetricChoice {
  const known = knownMetrics(runs)
  if (metric !== undefined && !known.includes(metric)) {
    const names = known.length > 0 ? known.join(', ') : 'none yet'
    throw new WorkbenchError('usage', `None of the runs has a metric "${metric}". Their metrics: ${names}.`)
  }
  if (reading !== undefined && reading !== 'best' && reading !== 'last') {
    throw new WorkbenchError('usage', `--reading must be best or last, but got "${reading}".`)
  }
  const chosen = metric ?? defaultMetric(runs, { atBudget: budget !== undefined })
  if (reading === 'best' && !hasBest(chosen)) {
    throw new WorkbenchError('usage', `--reading must be last for ${chosen}: neither way of it is better.`)
  }
  return { metric: chosen, reading: reading ?? defaultReading(chosen) }
}

function groupByOf(runs: readonly Run[], text: string | undefined): GroupBy {
  if (text === undefined) return 'everything-but-seed'
  const known = [...new Set(runs.flatMap(({ spec }) => Object.keys(flattenSpec(spec))))]
  const paths = text.split(',').map((path) => path.trim())
  const unknown = paths.find((path) => !known.includes(path))
  if (unknown === undefined) return paths
  throw new WorkbenchError('unknown-field', `The spec has no field "${unknown}".${didYouMean(unknown, known)}`)
}

function compare(workspace: ReadableWorkspace, texts: readonly string[], options: CompareOptions): void {
  const runs = findRuns(workspace, texts)
  if (runs.length < 2) throw new WorkbenchError('usage', 'Name at least two runs to compare.')
  const baseline = options.baseline === undefined ? null : findRun(workspace, options.baseline)
  if (baseline && !runs.some(({ id }) => id === baseline.id)) {
    throw new WorkbenchError('usage', `--baseline must be one of the compared runs, but got "${options.baseline}".`)
  }
  const comparison = compareRuns(workspace, {
    runs,
    choice: choiceOf(runs, options),
    groupBy: groupByOf(runs, options.groupBy),
    budget: options.budget === undefined ? null : parseBudget(options.budget),
    baseline,
    unfinished: options.unfinished === true,
  })
  if (options.json) printJson(comparisonJson(comparison))
  else printComparison(comparison)
}
