import { z } from 'zod'
import { WorkbenchError } from '../errors.ts'
import { nearestWords } from '../nearest.ts'
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
  keys.forEach((key, index) => {
    parent = childOf(parent, key) ?? failUnknown(spec, path, keys.slice(0, index), parent)
  })
  const known = settableRoots.includes(path.split('.')[0]!) && Object.hasOwn(parent, last)
  if (!known || last === '__proto__') failUnknown(spec, path, keys, parent)
  parent[last] = value
  return parseSpec(copy)
}

function childOf(parent: Record<string, unknown>, key: string): Record<string, unknown> | null {
  const child = Object.hasOwn(parent, key) ? parent[key] : undefined
  return typeof child === 'object' && child !== null ? (child as Record<string, unknown>) : null
}

function failUnknown(spec: RunSpec, path: string, parentKeys: readonly string[], parent: object): never {
  const hint = hintForParent(path.split('.'), parentKeys, parent) ?? hintForName(spec, path)
  throw new WorkbenchError('unknown-field', `The spec has no field "${path}". ${hint}`, { path })
}

/** What to do when the path leaves a list at its end, or goes into something that is null. */
function hintForParent(keys: readonly string[], parentKeys: readonly string[], parent: object): string | null {
  const parentPath = parentKeys.join('.')
  const key = keys[parentKeys.length]!
  if (Array.isArray(parent)) {
    return `${parentPath} is a list of ${parent.length}, counted from 0: set the whole list to make it longer or shorter.`
  }
  const isNull = Object.hasOwn(parent, key) && (parent as Record<string, unknown>)[key] === null
  const whole = [...parentKeys, key].join('.')
  return isNull ? `${whole} is null: set ${whole} as a whole, as JSON.` : null
}

function hintForName(spec: RunSpec, path: string): string {
  const name = path.split('.').at(-1)!.toLowerCase()
  const paths = Object.keys(flattenSpec(spec)).filter((known) => settableRoots.includes(known.split('.')[0]!))
  const containing = paths.filter((known) => known.toLowerCase().includes(name)).slice(0, 3)
  const near = containing.length > 0 ? containing : nearestWords(path, paths)
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'The paths are listed by: ablate summary --help'
}

const decimal = String.raw`[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?`
const isNumber = new RegExp(`^${decimal}$`, 'i')
const isNumberList = new RegExp(String.raw`^${decimal}(\s*,\s*${decimal})+$`, 'i')

/**
 * Reads the right side of `path=value`: a JSON value, a fraction such as `1/1000`, a list such as `1,2,5`, or a word.
 */
export function parseTypedValue(text: string): unknown {
  const trimmed = text.trim()
  const fraction = /^([-+.\de]+)\s*\/\s*([-+.\de]+)$/i.exec(trimmed)
  if (fraction) return Number(fraction[1]) / Number(fraction[2])
  if (isNumber.test(trimmed)) return Number(trimmed)
  if (isNumberList.test(trimmed)) return trimmed.split(',').map(Number)
  if (trimmed === 'all') return null
  try {
    return JSON.parse(trimmed)
  } catch {
    return trimmed
  }
}

/** Where the spec holds a list of numbers or words, one of them stands for a list of one, and `a,b` for both. */
function asListWhere(present: unknown, value: unknown): unknown {
  if (!Array.isArray(present)) return value
  if (typeof value === 'number') return [value]
  return typeof value === 'string' ? value.split(',').map((word) => word.trim()) : value
}

/**
 * Applies one `--set path=value`; lists and objects are written as JSON, plain lists also as `1,2,5`.
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
  const path = assignment.slice(0, equals).trim()
  return setAtPath(spec, path, readAssigned(assignment.slice(equals + 1), flattenSpec(spec)[path]))
}

/** The value that the right side of `path=value` stands for, where the spec has `present` at the path. */
export function readAssigned(text: string, present: unknown): unknown {
  return asListWhere(present, parseTypedValue(text))
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

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  array: 'a list such as [1,2]',
  object: 'an object such as {"size":3}',
  boolean: 'true or false',
}

const countedIn: Readonly<Record<string, string>> = { array: 'item', string: 'character' }

/** What a schema wanted, in words. Used beside form fields and on the command line alike. */
export function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' || issue.code === 'too_big') return boundOf(issue)
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type') return `must be ${typeNames[issue.expected] ?? `a ${issue.expected}`}`
  if (issue.code === 'invalid_union') {
    const values = issue.errors.flat().flatMap((one) => (one.code === 'invalid_value' ? one.values : []))
    if (values.length > 0) return `must be ${values.join(' or ')}`
  }
  return issue.message
}

function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [atBound, beyond, bound] =
    issue.code === 'too_small' ? ['at least', 'more than', issue.minimum] : ['at most', 'less than', issue.maximum]
  const limit = `${issue.inclusive ? atBound : beyond} ${bound}`
  const unit = countedIn[issue.origin]
  return unit === undefined ? `must be ${limit}` : `must have ${limit} ${unit}${Number(bound) === 1 ? '' : 's'}`
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
