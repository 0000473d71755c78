import type { DatasetInfo } from '../dataset.ts'
import { WorkbenchError } from '../errors.ts'
import { checkSpec } from '../spec/check-spec.ts'
import { specProblems } from '../spec/consistency.ts'
import { setAtPath } from '../spec/paths.ts'
import { changeWords } from '../spec/run-name.ts'
import type { RunSpec } from '../spec/run-spec.ts'
import { withAssignments, type Assignments, type PlannedRun } from '../spec/templates.ts'
import { cellCount, levelsOfCell, requireFewRuns, type Factor } from './grid.ts'

/** With the title and the seed still within the length of a run's name. */
const longestName = 80

/** One combination of levels, before anything is recorded. */
export interface PlannedCell {
  readonly cell: number
  /** The level of each factor by its number. */
  readonly levels: readonly number[]
  readonly set: Assignments
  readonly name: string
  /** null where the combination cannot be written down at all. */
  readonly spec: RunSpec | null
  /** Why the combination cannot be trained; null when it can. */
  readonly problem: string | null
  /** The error that says so. */
  readonly error: WorkbenchError | null
}

export interface CellsRequest {
  readonly title: string
  readonly factors: readonly Factor[]
  /** The spec of a cell from what the cell sets and its levels; see `onTopOf`. */
  readonly build: (set: Assignments, levels: readonly number[]) => RunSpec
  /** Those that exist. */
  readonly datasets: readonly DatasetInfo[]
}

/** What a cell sets: the assignments of its levels, those of a later factor on top. */
function assignmentsOf(factors: readonly Factor[], levels: readonly number[]): Assignments {
  return Object.assign({}, ...factors.map((factor, index) => factor.levels[levels[index]!]!.set)) as Assignments
}

/** A spec with a set of assignments on top, for `CellsRequest.build`. */
export function onTopOf(spec: RunSpec): (set: Assignments) => RunSpec {
  return (set) => withAssignments(spec, set)
}

/**
 * Every combination of the factors' levels, checked as a run that is created. One that breaks a rule says so and stays
 * in its place, so that it can be shown and left out.
 * @throws WorkbenchError `invalid-value` for more cells than a grid may have runs.
 */
export function planCells({ title, factors, build, datasets }: CellsRequest): PlannedCell[] {
  const count = cellCount(factors)
  requireFewRuns(count)
  const cells = Array.from({ length: count }, (_, cell) => {
    const levels = levelsOfCell(factors, cell)
    const set = assignmentsOf(factors, levels)
    return { cell, levels, set, ...checked(() => build(set, levels), datasets) }
  })
  const names = cellNames(factors, cells, datasets)
  return cells.map((cell, index) => ({ ...cell, name: names[index] === '' ? title : `${title}: ${names[index]}` }))
}

type Checked = Pick<PlannedCell, 'spec' | 'problem' | 'error'>

function checked(build: () => RunSpec, datasets: readonly DatasetInfo[]): Checked {
  let spec: RunSpec | null = null
  try {
    spec = build()
    requireConsistent(spec)
    checkSpec(spec, datasets)
    return { spec, problem: null, error: null }
  } catch (error) {
    if (error instanceof WorkbenchError) return { spec, problem: error.message, error }
    throw error
  }
}

/** @throws WorkbenchError `invalid-value` naming every problem that the fields have with each other. */
function requireConsistent(spec: RunSpec): void {
  const problems = specProblems(spec)
  if (problems.length === 0) return
  const text = problems.map(({ path, message }) => `${path}: ${message}.`).join('\n')
  throw new WorkbenchError('invalid-value', text, { path: problems[0]!.path })
}

type NamedCell = Pick<PlannedCell, 'levels' | 'set' | 'spec'>

/** Named variants keep their names; fields are said in words, or as written where words do not tell cells apart. */
function cellNames(
  factors: readonly Factor[],
  cells: readonly NamedCell[],
  datasets: readonly DatasetInfo[],
): string[] {
  const named = factors.flatMap((factor, index) => (factor.id === 'variant' ? [index] : []))
  const fixed = ({ levels }: NamedCell): string[] => named.map((index) => factors[index]!.levels[levels[index]!]!.name)
  const own = ({ set, levels }: NamedCell): string[] => {
    const ofVariants = named.flatMap((index) => Object.keys(factors[index]!.levels[levels[index]!]!.set))
    return Object.keys(set).filter((path) => !ofVariants.includes(path))
  }
  const words = cells.map((cell) =>
    [...fixed(cell), ...(cell.spec ? changeWords(cell.spec, own(cell), datasets) : [assignmentText(cell.set)])].join(
      ', ',
    ),
  )
  const tellApart = new Set(words).size === words.length && (cells.length === 1 || !words.includes(''))
  if (tellApart) return words
  return cells.map((cell) => [...fixed(cell), assignmentText(cell.set)].join(', '))
}

function assignmentText(set: Assignments): string {
  return Object.entries(set)
    .map(([path, value]) => `${path}=${JSON.stringify(value)}`)
    .join(' ')
    .slice(0, longestName)
}

/** A run of a grid, with its cell. */
export interface GridRun extends PlannedRun {
  readonly cell: number
}

export type SeedOrder = 'cells-first' | 'seeds-first'

/**
 * The runs of the cells that can be trained. `seedsOf` tells the seeds of a cell from the seed in its spec; null for
 * that one alone, which is not said in the name.
 *
 * cells-first makes every cell once before the next seed, so that the whole grid shows early; seeds-first ends one cell
 * before it begins the next.
 */
export function planRuns(
  cells: readonly PlannedCell[],
  seedsOf: (own: number) => readonly number[] | null,
  order: SeedOrder,
): GridRun[] {
  const usable = cells.filter((cell) => cell.problem === null && cell.spec !== null)
  const perCell = usable.map(({ cell, name, spec }) => seeded({ cell, name, spec: spec! }, seedsOf))
  if (order === 'seeds-first') return perCell.flat()
  const longest = Math.max(0, ...perCell.map((runs) => runs.length))
  return Array.from({ length: longest }, (_, index) => perCell.flatMap((runs) => runs.slice(index, index + 1))).flat()
}

function seeded(run: GridRun, seedsOf: (own: number) => readonly number[] | null): GridRun[] {
  const seeds = seedsOf(run.spec.training.seed)
  if (!seeds) return [run]
  return seeds.map((seed) => ({
    ...run,
    name: `${run.name}, seed ${seed}`,
    spec: setAtPath(run.spec, 'training.seed', seed),
  }))
}
