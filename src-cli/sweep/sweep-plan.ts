import type { DatasetInfo } from '../../src-core/domain/dataset.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { parseTypedValue, setAtPath } from '../../src-core/domain/spec/paths.ts'
import { changeWords } from '../../src-core/domain/spec/run-name.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { withAssignments, type Assignments, type PlannedRun } from '../../src-core/domain/spec/templates.ts'
import { checkSpec } from '../../src-core/runs/check-spec.ts'
import {
  requireConsistent,
  specForDataset,
  withSetOptions,
  withShortOptions,
  type SpecOptions,
} from '../spec-options.ts'
import {
  findSweep,
  mostRuns,
  requireFewRuns,
  type Sweep,
  type SweepHeading,
  type SweepVariant,
} from './sweep-source.ts'

/** With the title and the seed still within the length of a run's name. */
const longestName = 80

export interface SweepOptions extends SpecOptions {
  /** How many seeds for each variant, as typed. */
  readonly seeds?: string
}

/** Runs that are compared with each other, before any of them is recorded. */
export interface SweepPlan extends SweepHeading {
  readonly runs: readonly PlannedRun[]
}

/** @throws WorkbenchError `usage` unless it is a whole number of which a sweep can have so many. */
function parseSeedCount(text: string): number {
  const count = parseTypedValue(text)
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= mostRuns) return count
  throw new WorkbenchError('usage', `--seeds must be a whole number from 1 to ${mostRuns}, but got "${text}".`)
}

/** The seeds of a variant whose spec has the first one; null for that one alone. `--seeds` and `--seed` win. */
type SeedsFrom = (first: number) => readonly number[] | null

function seedsOf(sweep: Sweep, { seed, seeds }: SweepOptions): SeedsFrom {
  if (seeds === undefined) return () => (seed === undefined ? sweep.seeds : null)
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

function specOf(sweep: Sweep, variant: SweepVariant, options: SweepOptions, datasets: readonly DatasetInfo[]): RunSpec {
  const chosen = options.dataset ?? variant.set['data.dataset'] ?? sweep.set['data.dataset']
  const initial = at(sweep.template, () =>
    specForDataset(sweep.recipe, datasets, typeof chosen === 'string' ? chosen : undefined),
  )
  const shared = at(`${sweep.template}: set`, () => withAssignments(initial, sweep.set))
  const varied = at(variant.place, () => withAssignments(shared, variant.set))
  const ownDataset = options.dataset === undefined ? varied : setAtPath(varied, 'data.dataset', options.dataset)
  return withShortOptions(withSetOptions(ownDataset, options.set), options)
}

function assignmentText(set: Assignments): string {
  return Object.entries(set)
    .map(([path, value]) => `${path}=${JSON.stringify(value)}`)
    .join(' ')
    .slice(0, longestName)
}

/** The names of the variants; a grid's by their values in words, or as written where words do not tell them apart. */
function namesOf({ title, variants }: Sweep, specs: readonly RunSpec[], datasets: readonly DatasetInfo[]): string[] {
  const words = variants.map(
    ({ name, set }, index) => name ?? changeWords(specs[index]!, Object.keys(set), datasets).join(', '),
  )
  const tellApart = !words.includes('') && new Set(words).size === words.length
  return variants.map(
    ({ name, set }, index) => `${title}: ${name ?? (tellApart ? words[index]! : assignmentText(set))}`,
  )
}

/** A variant's run, once for every seed. */
function withSeeds(run: PlannedRun, from: SeedsFrom): PlannedRun[] {
  const seeds = from(run.spec.training.seed)
  if (!seeds) return [run]
  return seeds.map((seed) => ({
    name: `${run.name}, seed ${seed}`,
    spec: setAtPath(run.spec, 'training.seed', seed),
  }))
}

/** @throws WorkbenchError naming the run, as when it is created. */
function requireTrainable({ name, spec }: PlannedRun, datasets: readonly DatasetInfo[]): void {
  at(name, () => {
    requireConsistent(spec)
    checkSpec(spec, datasets)
  })
}

/**
 * The runs of a template or of a sweep file, each checked as a run that is created: for all runs the sweep's own
 * fields, then those of the variant, `--set`, and the short options, which win.
 * @param datasets those that exist.
 * @throws WorkbenchError naming the run or the place in the file.
 */
export function planSweep(name: string, options: SweepOptions, datasets: readonly DatasetInfo[]): SweepPlan {
  const sweep = findSweep(name)
  const seeds = seedsOf(sweep, options)
  requireFewRuns(sweep.variants.length * (seeds(0)?.length ?? 1))
  const specs = sweep.variants.map((variant) => specOf(sweep, variant, options, datasets))
  const names = namesOf(sweep, specs, datasets)
  const runs = specs.flatMap((spec, index) => withSeeds({ name: names[index]!, spec }, seeds))
  runs.forEach((run) => requireTrainable(run, datasets))
  const { template, title, question, goal } = sweep
  return { template, title, question, goal, runs }
}
