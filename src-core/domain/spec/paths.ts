import { z } from 'zod'
import { WorkbenchError } from '../errors.ts'
import { runSpecSchema, type RunSpec } from './run-spec.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** The parts that a spec path may begin with; the version and the recipe's name are not for setting. */
const settableRoots = ['model', 'data', 'training']

/**
 * Every leaf of a spec as a dotted path, list items by number: `model.convolutions.0.filters`.
 * A list of plain numbers is one leaf (`model.normalization.blocks`).
 */
export function flattenSpec(spec: RunSpec): Record<string, Json> {
  const flat: Record<string, Json> = {}
  const visit = (value: Json, path: string): void => {
    const isPlainList = Array.isArray(value) && value.every((item) => typeof item !== 'object')
    if (value === null || typeof value !== 'object' || isPlainList) flat[path] = value
    else for (const [key, child] of Object.entries(value)) visit(child as Json, path === '' ? key : `${path}.${key}`)
  }
  visit(spec as unknown as Json, '')
  return flat
}

/**
 * A copy of the spec with the value at `path` replaced, checked against the schema.
 * @throws WorkbenchError `unknown-field` with the nearest paths, or `invalid-value` with what was expected.
 */
export function setAtPath(spec: RunSpec, path: string, value: unknown): RunSpec {
  const copy = structuredClone(spec)
  const keys = path.split('.')
  const last = keys.pop()!
  let parent: Record<string, unknown> = copy as unknown as Record<string, unknown>
  for (const key of keys) parent = childOf(parent, key) ?? failUnknown(spec, path)
  const known = settableRoots.includes(path.split('.')[0]!) && Object.hasOwn(parent, last)
  if (!known || last === '__proto__') failUnknown(spec, path)
  parent[last] = value
  return parseSpec(copy)
}

function childOf(parent: Record<string, unknown>, key: string): Record<string, unknown> | null {
  const child = Object.hasOwn(parent, key) ? parent[key] : undefined
  return typeof child === 'object' && child !== null ? (child as Record<string, unknown>) : null
}

function failUnknown(spec: RunSpec, path: string): never {
  const name = path.split('.').at(-1)!.toLowerCase()
  const paths = Object.keys(flattenSpec(spec)).filter((known) => settableRoots.includes(known.split('.')[0]!))
  const near = paths.filter((known) => known.toLowerCase().includes(name)).slice(0, 3)
  const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'The paths are listed by: ablate summary --help'
  throw new WorkbenchError('unknown-field', `The spec has no field "${path}". ${hint}`, { path })
}

/**
 * Reads the right side of `path=value`: a JSON value, a fraction such as `1/1000`, a list such as `1,2,5`, or a word.
 */
export function parseTypedValue(text: string): unknown {
  const trimmed = text.trim()
  const fraction = /^([-+.\de]+)\s*\/\s*([-+.\de]+)$/i.exec(trimmed)
  if (fraction) return Number(fraction[1]) / Number(fraction[2])
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed)) return Number(trimmed)
  if (/^\d+(\s*,\s*\d+)+$/.test(trimmed)) return trimmed.split(',').map(Number)
  if (trimmed === 'all') return null
  try {
    return JSON.parse(trimmed)
  } catch {
    return trimmed
  }
}

/**
 * Applies one `--set path=value`.
 * @throws WorkbenchError `usage` when there is no `=`; otherwise as `setAtPath`.
 */
export function applyAssignment(spec: RunSpec, assignment: string): RunSpec {
  const equals = assignment.indexOf('=')
  if (equals < 1) {
    throw new WorkbenchError(
      'usage',
      `Expected path=value, such as training.learningRate=0.01, but got "${assignment}".`,
    )
  }
  return setAtPath(spec, assignment.slice(0, equals).trim(), parseTypedValue(assignment.slice(equals + 1)))
}

/**
 * Parses anything as a run spec.
 * @throws WorkbenchError `unknown-field` or `invalid-value` naming the path, what was expected and what came.
 */
export function parseSpec(value: unknown): RunSpec {
  const parsed = runSpecSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw specError(value, parsed.error.issues[0]!)
}

function specError(value: unknown, issue: z.core.$ZodIssue): WorkbenchError {
  const path = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const unknown = [...issue.path, issue.keys[0]].join('.')
    return new WorkbenchError('unknown-field', `The spec has no field "${unknown}".`, { path: unknown })
  }
  const got = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value)
  const came = got === undefined ? 'nothing' : JSON.stringify(got)
  return new WorkbenchError('invalid-value', `${path}: ${expectation(issue)}, but got ${came}.`, { path })
}

/** What a schema wanted, in words. Used beside form fields and on the command line alike. */
export function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
  if (issue.code === 'too_big') return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type')
    return `must be ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`
  return issue.message
}

export interface SpecPath {
  readonly path: string
  readonly value: Json
  readonly description: string
}

/** All settable paths of a spec with their present value and what the schema says of them. */
export function listPaths(spec: RunSpec): SpecPath[] {
  return Object.entries(flattenSpec(spec))
    .filter(([path]) => settableRoots.includes(path.split('.')[0]!))
    .map(([path, value]) => ({ path, value, description: describePath(path) }))
}

function describePath(path: string): string {
  let schema: z.ZodType | undefined = runSpecSchema
  for (const key of path.split('.')) schema = childSchema(schema, key)
  const choices = choicesOf(schema)
  return `${schema?.description ?? ''}${choices.length > 0 ? ` [${choices.join(', ')}]` : ''}`
}

/** The words or numbers that a field of few values takes. */
function choicesOf(schema: z.ZodType | undefined): unknown[] {
  if (schema instanceof z.ZodEnum) return schema.options
  return schema instanceof z.ZodUnion
    ? schema.options.flatMap((one) => (one instanceof z.ZodLiteral ? [...one.values] : []))
    : []
}

function childSchema(schema: z.ZodType | undefined, key: string): z.ZodType | undefined {
  if (schema instanceof z.ZodNullable) return childSchema(schema.unwrap() as z.ZodType, key)
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, z.ZodType>)[key]
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  return undefined
}

export interface SpecDifference {
  readonly path: string
  readonly values: readonly (Json | undefined)[]
}

/** The paths at which the specs are not all the same, with the value of each spec (undefined: the path is absent). */
export function differences(specs: readonly RunSpec[]): SpecDifference[] {
  const flats = specs.map(flattenSpec)
  const paths = [...new Set(flats.flatMap((flat) => Object.keys(flat)))]
  return paths
    .map((path) => ({ path, values: flats.map((flat) => flat[path]) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1)
}
