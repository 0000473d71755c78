import type { DatasetInfo } from '../../src-core/domain/dataset.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { cellCount, mostRuns, requireFewRuns, type Factor, type NewGrid } from '../../src-core/domain/grid/grid.ts'
import { planCells, planRuns, type GridRun, type PlannedCell } from '../../src-core/domain/grid/plan.ts'
import { parseTypedValue, setAtPath } from '../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { withAssignments, type Assignments } from '../../src-core/domain/spec/templates.ts'
import { specForDataset, withSetOptions, withShortOptions, type SpecOptions } from '../spec-options.ts'
import { readSetLists, type SetLists } from './sweep-lists.ts'
import { findSweep, type Sweep, type SweepHeading } from './sweep-source.ts'

export interface SweepOptions extends SpecOptions {
  /** How many seeds for each variant, as typed. */
  readonly seeds?: string
  /** Whether combinations that cannot be trained are left out instead of refused. */
  readonly leaveOut?: boolean
}

/** Runs that are compared with each other, before any of them is recorded. */
export interface SweepPlan extends SweepHeading {
  readonly runs: readonly GridRun[]
  /** What the runs are recorded as. */
  readonly grid: NewGrid
  readonly leftOut: readonly PlannedCell[]
}

/** @throws WorkbenchError `usage` unless it is a whole number of which a sweep can have so many. */
function parseSeedCount(text: string): number {
  const count = parseTypedValue(text)
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= mostRuns) return count
  throw new WorkbenchError('usage', `--seeds must be a whole number from 1 to ${mostRuns}, but got "${text}".`)
}

/** The seeds of a variant whose spec has the first one; null for that one alone. `--seeds` and `--seed` win. */
type SeedsFrom = (first: number) => readonly number[] | null

function seedsOf(sweep: Sweep, { seed, seeds }: SweepOptions, listed: readonly number[] | null): SeedsFrom {
  if (seeds === undefined) return () => (seed === undefined ? (listed ?? sweep.seeds) : null)
  const count = parseSeedCount(seeds)
  return (first) => Array.from({ length: count }, (_, index) => first + index)
}

function at<T>(place: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    throw new WorkbenchError(error.code, `${place}: ${error.message}`, error.details)
  }
}

/** The spec that all cells change: the recipe for a data set, and what the sweep sets for all runs. */
function sharedSpec(sweep: Sweep, datasetId: unknown, datasets: readonly DatasetInfo[]): RunSpec {
  const initial = at(sweep.template, () =>
    specForDataset(sweep.recipe, datasets, typeof datasetId === 'string' ? datasetId : undefined),
  )
  return at(`${sweep.template}: set`, () => withAssignments(initial, sweep.set))
}

interface Building {
  readonly sweep: Sweep
  readonly lists: SetLists
  readonly options: SweepOptions
  readonly datasets: readonly DatasetInfo[]
}

/** Of a cell: the sweep's own fields, those of the variant, `--set`, and the short options, which win. */
function specOf({ sweep, lists, options, datasets }: Building, levels: readonly number[]): RunSpec {
  const own = assignmentsOf(sweep.factors, levels)
  const listed = assignmentsOf(lists.factors, levels.slice(sweep.factors.length))
  const dataset = options.dataset ?? listed['data.dataset'] ?? own['data.dataset'] ?? sweep.set['data.dataset']
  const varied = at(sweep.place(levels), () => withAssignments(sharedSpec(sweep, dataset, datasets), own))
  const ownDataset = options.dataset === undefined ? varied : setAtPath(varied, 'data.dataset', options.dataset)
  const fixed = withSetOptions(ownDataset, lists.fixed)
  return withShortOptions(withAssignments(fixed, listed), options)
}

function assignmentsOf(factors: readonly Factor[], levels: readonly number[]): Assignments {
  return Object.assign({}, ...factors.map(({ levels: all }, index) => all[levels[index]!]!.set)) as Assignments
}

/** Refuses the first combination that cannot be trained, as when it is created; what holds for all is not about one. */
function requireTrainable(cells: readonly PlannedCell[], { leaveOut = false }: SweepOptions): void {
  const wrong = cells.filter(({ error }) => error !== null)
  if (wrong.length === 0 || (leaveOut && wrong.length < cells.length)) return
  const { name, spec, error } = wrong[0]!
  if (spec === null) throw error!
  const hint = wrong.length < cells.length ? ' Leave such combinations out with --leave-out.' : ''
  throw new WorkbenchError(error!.code, `${name}: ${error!.message}${hint}`, error!.details)
}

/**
 * The runs of a template, a sweep file, or a recipe with lists in `--set`, each checked as a run that is created.
 * @param datasets those that exist.
 * @throws WorkbenchError naming the run or the place in the file.
 */
export function planSweep(name: string, options: SweepOptions, datasets: readonly DatasetInfo[]): SweepPlan {
  const sweep = findSweep(name)
  const shared = sharedSpec(sweep, options.dataset ?? sweep.set['data.dataset'], datasets)
  const lists = readSetLists(options.set ?? [], shared)
  const factors = [...sweep.factors, ...lists.factors]
  const seeds = seedsOf(sweep, options, lists.seeds)
  requireVaried(name, factors, seeds)
  requireFewRuns(cellCount(factors) * (seeds(0)?.length ?? 1), 'sweep')
  const building = { sweep, lists, options, datasets }
  const build = (_set: Assignments, levels: readonly number[]): RunSpec => specOf(building, levels)
  const cells = planCells({ title: sweep.title, factors, build, datasets })
  requireTrainable(cells, options)
  const runs = planRuns(cells, seeds, 'seeds-first')
  const leftOut = cells.filter(({ problem }) => problem !== null)
  const grid = { name: sweep.title, spec: shared, factors, cells: runs.map(({ cell }) => cell) }
  const { template, title, question, goal } = sweep
  return { template, title, question, goal, runs, grid, leftOut }
}

/** @throws WorkbenchError `usage` for a recipe of which nothing is varied. */
function requireVaried(name: string, factors: readonly Factor[], seeds: SeedsFrom): void {
  if (factors.length > 0 || (seeds(0)?.length ?? 1) > 1) return
  const example = '--set model.dropout.rate=0,0.4,0.5 or --seeds 5'
  throw new WorkbenchError('usage', `${name} is a recipe: say what is varied, such as ${example}.`)
}
