import { gatherRuns, type RunSet } from '../../../../src-core/domain/comparison/groups.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { makesVariant } from '../../../../src-core/domain/spec/parts.ts'
import { differences, flattenSpec } from '../../../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../../../src-core/domain/spec/run-spec.ts'
import { configurationText } from '../../run/comparison.ts'
import { applies } from '../../spec/applies.ts'
import { fieldLabel } from '../../spec/labels.ts'

/** By what runs are told apart: 'none', 'run', 'everything-but-seed', or a path of the spec. */
export type GroupBy = string

export interface RunGroup extends RunSet {
  /** What sets the group apart from most others: “Normalisation lrn, Dropout rate 0.5”. */
  readonly label: string
}

const flats = new WeakMap<RunSpec, Record<string, unknown>>()

function flat(spec: RunSpec): Record<string, unknown> {
  const known = flats.get(spec) ?? flattenSpec(spec)
  flats.set(spec, known)
  return known
}

function setsOf(runs: readonly Run[], by: GroupBy): RunSet[] {
  if (by === 'run') return runs.map((run) => ({ key: run.id, runs: [run] }))
  if (by === 'none') return gatherRuns(runs, [])
  return gatherRuns(runs, by === 'everything-but-seed' ? by : [by])
}

/** The runs in groups, in the order in which the groups first come. */
export function groupRuns(runs: readonly Run[], by: GroupBy): RunGroup[] {
  const sets = setsOf(runs, by)
  const usual = by === 'everything-but-seed' ? usualValues(sets.map((set) => set.runs[0]!)) : new Map()
  return sets.map((set) => ({ ...set, label: labelOf(set.runs, by, usual) }))
}

/** The commonest value of each field in which some runs differ, as text: it goes without saying. */
function usualValues(runs: readonly Run[]): ReadonlyMap<string, string> {
  return new Map(
    differingFields(runs).map((path) => {
      const counts = new Map<string, number>()
      for (const { spec } of runs) {
        const text = configurationText(flat(spec)[path], path)
        counts.set(text, (counts.get(text) ?? 0) + 1)
      }
      return [path, [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0]]
    }),
  )
}

const mostNamed = 3

function labelOf(runs: readonly Run[], by: GroupBy, usual: ReadonlyMap<string, string>): string {
  const [run] = runs as [Run]
  if (by === 'none') return 'All runs'
  if (by === 'run') return run.name
  if (by !== 'everything-but-seed') return valueWords(run, [by])
  if (runs.length === 1) return run.name
  const own = [...usual]
    .filter(([path, value]) => valueText(run, path) !== value && applies(path, run.spec))
    .map(([path]) => path)
  if (own.length > 0) return valueWords(run, own)
  if (usual.size === 0) return 'All seeds'
  return usual.size > mostNamed ? 'As most' : valueWords(run, [...usual.keys()])
}

function valueText({ spec }: Run, path: string): string {
  return configurationText(flat(spec)[path], path)
}

/** Some fields of a run with their values: “Normalisation lrn, Dropout rate 0.5 and 2 more”. */
export function valueWords(run: Run, paths: readonly string[]): string {
  return fewNamed(paths.map((path) => `${fieldLabel(path)} ${valueText(run, path)}`))
}

/** The first few names, and how many more there are. */
export function fewNamed(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return names.slice(0, mostNamed).join(', ') + more
}

/** The fields in which runs differ, the seed left out. */
export function differingFields(runs: readonly Run[]): string[] {
  return differences(runs.map(({ spec }) => spec))
    .map(({ path }) => path)
    .filter(makesVariant)
}
