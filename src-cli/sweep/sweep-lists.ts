import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { fieldFactor, type Factor } from '../../src-core/domain/grid/grid.ts'
import { readTypedValues } from '../../src-core/domain/grid/values.ts'
import { flattenSpec, readAssigned } from '../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'

/** What `--set` says of a sweep: fields that it varies, seeds, and assignments that hold for all runs. */
export interface SetLists {
  readonly factors: readonly Factor[]
  readonly seeds: readonly number[] | null
  readonly fixed: readonly string[]
}

/**
 * Tells lists and ranges from single values: `training.learningRate=1e-3..1e-1 log 3`, `model.activation=relu,tanh`;
 * for fields that are lists themselves `model.normalization.blocks=1,2|1`.
 * @param spec tells which fields are lists.
 * @throws WorkbenchError `invalid-value` naming the field and what is wrong with its list.
 */
export function readSetLists(assignments: readonly string[], spec: RunSpec): SetLists {
  const flat = flattenSpec(spec)
  const factors: Factor[] = []
  const fixed: string[] = []
  let seeds: readonly number[] | null = null
  for (const assignment of assignments) {
    const [path, values] = valuesOf(assignment, flat)
    if (values === null) fixed.push(assignment)
    else if (path === 'training.seed') seeds = values as readonly number[]
    else factors.push(fieldFactor(path, values))
  }
  return { factors, seeds, fixed }
}

/** A path and its values; null for one value. What is no assignment is left for `--set` to refuse. */
function valuesOf(assignment: string, flat: Readonly<Record<string, unknown>>): [string, readonly unknown[] | null] {
  const equals = assignment.indexOf('=')
  const path = assignment.slice(0, Math.max(0, equals)).trim()
  const present = flat[path]
  const list = Array.isArray(present)
  const read = readTypedValues(assignment.slice(equals + 1), {
    list,
    thousands: false,
    read: (text) => readAssigned(text, present),
  })
  if (read.kind === 'wrong') throw new WorkbenchError('invalid-value', `${path}: ${read.message}.`, { path })
  return [path, equals > 0 && read.kind === 'several' ? read.values : null]
}
