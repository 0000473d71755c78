import { Option, type Command } from 'commander'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { defaultMetric, defaultReading } from '../../src-core/domain/comparison/default-choice.ts'
import { factorsOfGrid, factorsOfRuns, type PlacedRuns } from '../../src-core/domain/grid/factors.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { variantKey } from '../../src-core/domain/spec/parts.ts'
import { differences } from '../../src-core/domain/spec/paths.ts'
import { canResume } from '../../src-core/domain/run-status.ts'
import { templates, type Goal, type PlannedRun } from '../../src-core/domain/spec/templates.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import { compareRuns } from '../compare/comparison.ts'
import { printVerdicts } from '../compare/print-comparison.ts'
import { gridOfRuns } from '../compare/grid-cells.ts'
import { followRuns } from '../follow-runs.ts'
import { helpEntries } from '../spec-help.ts'
import { addSetOption, printWarnings } from '../spec-options.ts'
import { printCellTable } from '../sweep/cell-table-text.ts'
import { costJson, costLines, sweepCost, type SweepCost } from '../sweep/sweep-cost.ts'
import { planSweep, type SweepOptions, type SweepPlan } from '../sweep/sweep-plan.ts'
import { printSweepTable, sweepRow, type SweepRow } from '../sweep/sweep-results.ts'
import { printVariantResults, variantResults } from '../sweep/sweep-variants.ts'
import { formatPercent } from '../terminal/format.ts'
import { printJson, printLine, printNotice, printTable, singleLine } from '../terminal/output.ts'
import { addThreadsOption, parseThreads } from '../threads-option.ts'
import { TrainStream } from '../train-stream.ts'
import {
  addJsonOption,
  addWorkspaceOption,
  withWorkspace,
  datasetsOf,
  ownWorkspace,
  resumeCommand,
  type WorkspaceOptions,
} from '../workspace.ts'

interface SweepCommandOptions extends SweepOptions, Omit<WorkspaceOptions, 'threads'> {
  readonly list?: boolean
  readonly dryRun?: boolean
  readonly threads?: string
}

const fileHelp = `A sweep file is JSON:
  {"title": "Dropout by width", "recipe": "alexnet-small", "set": {"training.epochs": 3},
   "grid": {"model.dropout.rate": [0, 0.5], "model.widthMultiplier": [0.1, 0.25]},
   "seeds": [1, 2], "goal": {"metric": "validation/accuracy", "atLeast": 0.9}}
Instead of a grid it may name its runs: "variants": [{"name": "tanh", "set": {"model.activation": "tanh"}}, ...]

Lists and ranges in --set vary any field, also those of a template or a file, and make a grid of all combinations:
  ablate sweep alexnet-small --set model.dropout.rate=0,0.4,0.5 --set "training.learningRate=1e-3..1e-1 log 3" --seeds 5
Ranges: 1..5, "0..1 by 0.25", "1e-4..1e-1 log 4". Fields that are lists: model.normalization.blocks="1,2|1".
`

export function addSweepCommand(program: Command): void {
  const command = program
    .command('sweep [sweep]')
    .description(
      'Trains all runs of a grid (a template, a JSON file, or a recipe with lists in --set) and compares them.',
    )
    .option('--list', 'list the templates')
    .option('--dry-run', 'list the runs, what differs and what they cost, record nothing')
    .option('--leave-out', 'leave out combinations that cannot be trained instead of refusing them')
    .option('--dataset <id>', 'data set of all runs')
    .option('--epochs <count>', 'passes over the training images, for all runs')
    .addOption(new Option('--steps <count>', 'optimizer steps instead of epochs').conflicts('epochs'))
    .option('--seed <number>', 'seed of all runs; the first one with --seeds')
    .option('--seeds <count>', 'run every variant with so many seeds')
    .addHelpText('after', () => `\nTemplates:\n${templateHelp()}\n\n${fileHelp}`)
  addJsonOption(addWorkspaceOption(addThreadsOption(addSetOption(command)))).action(
    async (name: string | undefined, options: SweepCommandOptions) => {
      if (options.list) return listTemplates(options)
      if (name === undefined) {
        throw new WorkbenchError(
          'usage',
          'Name a template, a JSON file or a recipe; the templates are listed by: ablate sweep --list',
        )
      }
      const plan = planSweep(name, options, datasetsOf(options))
      printWarnings(plan.runs.map(({ spec }) => spec))
      for (const { name: cell, problem } of plan.leftOut) printNotice(`left out: ${cell}: ${problem}`)
      if (options.dryRun) printPlan(plan, await measureCost(plan, options), options)
      else await runSweep(plan, options)
    },
  )
}

function templateHelp(): string {
  return helpEntries(
    templates.map(({ id, title, question, variants }) => ({
      name: id,
      text: `${title}, ${variants.length} runs. ${question}`,
    })),
  )
}

function listTemplates({ json }: SweepCommandOptions): void {
  if (!json) return printLine(templateHelp())
  printJson(
    templates.map(({ id, title, question, recipe, variants, goal }) => ({
      id,
      title,
      question,
      recipe,
      runs: variants.map(({ name }) => name),
      goal,
    })),
  )
}

type Differences = Record<string, unknown>

/** The fields of each run at which the runs are not all the same. */
function differencesOf(runs: readonly PlannedRun[]): Differences[] {
  const found = differences(runs.map(({ spec }) => spec))
  return runs.map((_, index) => Object.fromEntries(found.map(({ path, values }) => [path, values[index]])))
}

/** Takes some steps of each network and batch size to tell what all runs cost together. */
function measureCost({ runs }: SweepPlan, options: SweepCommandOptions): Promise<SweepCost> {
  return sweepCost(
    runs.map(({ spec }) => spec),
    { ...options, threads: parseThreads(options.threads) },
  )
}

function printPlan({ template, title, goal, runs }: SweepPlan, cost: SweepCost, { json }: SweepCommandOptions): void {
  const differing = differencesOf(runs)
  if (json) {
    const planned = runs.map(({ name }, index) => ({ name, differences: differing[index] }))
    return printJson({ event: 'plan', template, goal, runs: planned, cost: costJson(cost) })
  }
  printLine(`${singleLine(title)}: ${runs.length} runs\n`)
  printTable(
    [
      { title: 'Run', value: ([name]) => name },
      { title: 'What differs', value: ([, fields]) => differencesText(fields) },
    ],
    runs.map(({ name }, index): [string, Differences] => [name, differing[index]!]),
  )
  printLine()
  costLines(cost).forEach(printLine)
}

function differencesText(fields: Differences): string {
  return Object.entries(fields)
    .map(([path, value]) => `${path}=${value === undefined ? 'absent' : JSON.stringify(value)}`)
    .join('  ')
}

async function runSweep(plan: SweepPlan, options: SweepCommandOptions): Promise<void> {
  const stream = new TrainStream({ datasets: datasetsOf(options), json: options.json === true, nameRuns: true })
  const workspaceOptions = { ...options, threads: parseThreads(options.threads) }
  await ownWorkspace(workspaceOptions, stream.listeners, async (service, workspace) => {
    if (!options.json) printIntroduction(plan)
    const created = service.createAll(plan.runs, true, plan.grid)
    const ids = created.map(({ id }) => id)
    const done = await followRuns(service, stream, created)
    printSummary(plan, ids, workspace, { json: options.json === true, done })
    if (done && !options.json) printConclusion(workspace, ids, options)
    if (!done) printHowToGoOn(service, ids, options)
    else if (ids.some((id) => service.get(id).state !== 'finished')) process.exitCode = 1
  })
}

function printIntroduction({ title, question, runs }: SweepPlan): void {
  printLine([`${singleLine(title)}: ${runs.length} runs.`, question].filter((part) => part !== null).join(' '))
}

function printSummary(
  { template, goal }: { readonly template: string; readonly goal: Goal | null },
  ids: readonly string[],
  workspace: Workspace,
  { json, done }: { readonly json: boolean; readonly done: boolean },
): void {
  const runs = ids.map((id) => workspace.runs.find(id)!)
  const rows = runs.map((run) => sweepRow(workspace, run, goal))
  const variants = variantResults(rows, runs)
  if (json) return printJson({ event: 'summary', template, goal, rows, variants })
  const repeated = variants.some(({ seeds }) => seeds > 1)
  printLine()
  printSweepTable(rows, goal)
  printCells(rows, runs, placedIn(workspace, runs))
  if (!done) return
  if (repeated) {
    printLine('\nMean ± standard deviation over the seeds:')
    printVariantResults(variants, goal)
  } else {
    printLine('\nOne seed cannot tell whether a small difference is real: repeat with --seeds before you believe it.')
  }
}

/** Which differences between the variants are real, and what to type to look further. */
function printConclusion(workspace: Workspace, ids: readonly string[], options: SweepCommandOptions): void {
  const runs = ids.map((id) => workspace.runs.find(id)!)
  const metric = defaultMetric(runs, { atBudget: false })
  const choice = { metric, reading: defaultReading(metric) }
  const variants = new Set(runs.map(({ spec }) => variantKey(spec))).size
  const judged = { choice, groupBy: 'everything-but-seed', budget: null, baseline: null, unfinished: false } as const
  if (variants > 1 && variants < runs.length) printVerdicts(compareRuns(workspace, { runs, ...judged }))
  if (runs.length > 1) printLine(`\nCompare them: ${withWorkspace(`npx ablate compare ${ids.join(' ')}`, options)}`)
  printLine(`Report on them: ${withWorkspace(`npx ablate report ${ids.join(' ')} --out report.html`, options)}`)
}

/** The runs in the grid that they were recorded as. */
function placedIn(workspace: Workspace, runs: readonly Run[]): PlacedRuns {
  const grid = gridOfRuns(workspace, runs)
  return grid ? factorsOfGrid(grid, runs) : factorsOfRuns(runs)
}

function printCells(rows: readonly SweepRow[], runs: readonly Run[], placed: PlacedRuns): void {
  const cells = rows.map(({ run, bestValidationAccuracy, state }, index) => {
    const { step, totalSteps } = runs[index]!
    return { id: run, value: bestValidationAccuracy, state, progress: totalSteps ? step / totalSteps : 0 }
  })
  printCellTable({
    placed,
    runs: cells,
    objective: 'Best validation accuracy, %',
    format: formatPercent,
    absent: 'left out',
  })
}

/** What is left is told on standard error, where it cannot disturb a reader of the results. */
function printHowToGoOn(service: RunService, ids: readonly string[], options: SweepCommandOptions): void {
  const left = ids.filter((id) => {
    const { state } = service.get(id)
    return state === 'queued' || canResume(state)
  })
  if (left.length > 0) process.stderr.write(`Paused. Go on with: ${resumeCommand(left, options)}\n`)
}
