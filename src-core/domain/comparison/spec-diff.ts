import type { Run } from '../run.ts'
import { flattenSpec } from '../spec/paths.ts'
import type { RunSpec } from '../spec/run-spec.ts'
import { sameValue } from './difference/same-value.ts'

/** How a run's value stands to the base run's. `missing`: the base has the field, this run does not. */
export type CellState = 'base' | 'same' | 'changed' | 'added' | 'missing' | 'inapplicable'

export interface DiffCell {
  /** Undefined where the run has no such field. */
  readonly value: unknown
  readonly state: CellState
}

/** One field of the compared runs with a cell per run, in the order of the runs. */
export interface DiffField {
  /** Dotted path, list items by number; facts beside the spec begin with `environment.`. */
  readonly path: string
  /** Whether the runs are not all the same here. */
  readonly differs: boolean
  readonly cells: readonly DiffCell[]
}

/** Whether a field has an effect with the other choices of a spec. */
export type Applies = (path: string, spec: RunSpec) => boolean

type Compared = Pick<Run, 'spec' | 'environment'>

/**
 * Every field of the specs of some runs, then what differs beside the specs: where the runs trained and with which
 * versions. A field that has an effect in none of the runs is left out.
 * @param base place of the run that the others are compared with
 */
export function diffRuns(runs: readonly Compared[], base: number, applies: Applies): DiffField[] {
  return [...specFields(runs, base, applies), ...environmentFields(runs, base)]
}

function specFields(runs: readonly Compared[], base: number, applies: Applies): DiffField[] {
  const specs = runs.map(({ spec }) => spec)
  const flats = specs.map(flattenSpec)
  const paths = orderedPaths(flats)
  return paths.flatMap((path) => {
    const applied = specs.map((spec) => applies(path, spec))
    if (!applied.includes(true)) return []
    const values = specs.map((spec, index) =>
      Object.hasOwn(flats[index]!, path) ? flats[index]![path] : at(spec, path),
    )
    const inNull = specs.map((spec) => isInsideNull(spec, path))
    return [field(path, values, base, (index) => applied[index]! && !inNull[index]!)]
  })
}

function environmentFields(runs: readonly Compared[], base: number): DiffField[] {
  const flats = runs.map(({ environment }) => (environment ?? {}) as Record<string, unknown>)
  return orderedPaths(flats).map((key) =>
    field(
      `environment.${key}`,
      flats.map((flat) => flat[key]),
      base,
      () => true,
    ),
  )
}

/** All paths, each one after those that stand before it in the first record that has it. */
function orderedPaths(flats: readonly object[]): string[] {
  const ordered: string[] = []
  for (const flat of flats) {
    let place = 0
    for (const path of Object.keys(flat)) {
      const known = ordered.indexOf(path)
      if (known >= 0) place = known + 1
      else ordered.splice(place++, 0, path)
    }
  }
  return ordered
}

function at(spec: RunSpec, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], spec)
}

/** Below a null, such as the size of a pool that is not there, nothing is missing: the null itself is the difference. */
function isInsideNull(spec: RunSpec, path: string): boolean {
  const keys = path.split('.')
  return keys.some((_, length) => length > 0 && at(spec, keys.slice(0, length).join('.')) === null)
}

/** @param counts whether the run at this place takes part; where it does not, its value has no meaning. */
function field(path: string, values: readonly unknown[], base: number, counts: (index: number) => boolean): DiffField {
  const compared = values.filter((_, index) => counts(index))
  const differs = compared.some((value) => !sameValue(value, compared[0]))
  const cells = values.map((value, index) => ({ value, state: stateOf(values, index, base, counts) }))
  return { path, differs, cells }
}

function stateOf(
  values: readonly unknown[],
  index: number,
  base: number,
  counts: (index: number) => boolean,
): CellState {
  if (!counts(index)) return 'inapplicable'
  if (index === base) return 'base'
  const [value, other] = [values[index], counts(base) ? values[base] : undefined]
  if (sameValue(value, other)) return 'same'
  if (other === undefined) return 'added'
  return value === undefined ? 'missing' : 'changed'
}
