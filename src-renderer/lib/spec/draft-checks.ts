import { planArchitecture, type Architecture } from '../../../src-core/domain/network/architecture.ts'
import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import { specProblems } from '../../../src-core/domain/spec/consistency.ts'
import { modelSpecSchema } from '../../../src-core/domain/spec/model-spec.ts'
import { flattenSpec } from '../../../src-core/domain/spec/paths.ts'
import { runSpecSchema, type RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { planWorkload } from '../../../src-core/domain/workload.ts'
import { formatCount } from '../format.ts'
import { problemOf, sentence, type FieldProblem } from './number-input.ts'
import { nearestInputSize, valueAt } from './spec-fields.ts'

export type Problems = Readonly<Record<string, FieldProblem>>

/** A network laid out, or why it cannot be and at which field that is to be mended. */
export type Plan =
  | { readonly architecture: Architecture; readonly problem: null; readonly path: null }
  | { readonly architecture: null; readonly problem: string; readonly path: string | null }

export function planOf({ model }: RunSpec): Plan {
  const parsed = modelSpecSchema.safeParse(model)
  if (!parsed.success)
    return { architecture: null, problem: 'The network can be laid out once the marked fields are right.', path: null }
  try {
    return { architecture: planArchitecture(parsed.data), problem: null, path: null }
  } catch (error) {
    if (error instanceof WorkbenchError) return { architecture: null, problem: error.message, path: pathOf(error) }
    throw error
  }
}

/** Where an error of the layout belongs: a field that it names, or the groups of the layer that it names. */
function pathOf({ code, details }: WorkbenchError): string | null {
  if (typeof details['path'] === 'string') return details['path']
  if (code === 'input-too-small') return 'model.input.size'
  const number = /^conv(\d+)$/.exec(String(details['layer']))?.[1]
  return number && 'groups' in details ? `model.convolutions.${Number(number) - 1}.groups` : null
}

/** Everything that is wrong with a draft, by the path of the field at which it is shown. */
export function findProblems(candidate: RunSpec, plan: Plan, dataset: DatasetInfo | undefined): Problems {
  const schema = schemaProblems(candidate)
  const wrongModel = Object.keys(schema).some((path) => path.startsWith('model.'))
  const layout = wrongModel ? {} : layoutProblems(candidate, plan)
  if (Object.keys(schema).length > 0) return { ...layout, ...schema }
  const images = dataset ? imageProblems(candidate, dataset) : {}
  return { ...togetherProblems(candidate), ...images, ...layout }
}

/** The longest beginning of an issue's path that is a field: an item of a list of numbers belongs to the list. */
function fieldOf(keys: readonly PropertyKey[], fields: Readonly<Record<string, unknown>>): string {
  for (let length = keys.length; length > 0; length--) {
    const path = keys.slice(0, length).join('.')
    if (Object.hasOwn(fields, path)) return path
  }
  return keys.join('.')
}

/** What is wrong with single fields, whatever the others are. */
export function schemaProblems(candidate: RunSpec): Record<string, FieldProblem> {
  const problems: Record<string, FieldProblem> = {}
  const fields = flattenSpec(candidate)
  for (const issue of runSpecSchema.safeParse(candidate).error?.issues ?? []) {
    const path = fieldOf(issue.path, fields)
    problems[path] ??= problemOf(issue, valueAt(candidate, issue.path.join('.')))
  }
  return problems
}

function togetherProblems(candidate: RunSpec): Record<string, FieldProblem> {
  const problems: Record<string, FieldProblem> = {}
  for (const { path, message } of specProblems(candidate))
    problems[path] ??= { message: sentence(message), nearest: null }
  return problems
}

function layoutProblems({ model }: RunSpec, { problem, path }: Plan): Record<string, FieldProblem> {
  if (problem === null || path === null) return {}
  if (path !== 'model.input.size') return { [path]: { message: withoutPath(problem, path), nearest: null } }
  const nearest = nearestInputSize(model)
  const message = nearest
    ? `Too small for these layers: they need at least ${nearest} pixels.`
    : 'Too small for these layers.'
  return { [path]: { message, nearest } }
}

/** At the field neither its path nor its layer need be said again. */
function withoutPath(message: string, path: string): string {
  const layer = /^model\.convolutions\.(\d+)\./.exec(path)
  const beginning = layer ? `conv${Number(layer[1]) + 1}: ` : `${path}: `
  return message.startsWith(beginning) ? sentence(message.slice(beginning.length)) : message
}

function imageProblems(spec: RunSpec, dataset: DatasetInfo): Record<string, FieldProblem> {
  const problems: Record<string, FieldProblem> = {}
  const { data, training } = spec
  const limit = (path: string, wanted: number | null, available: number, what: string): void => {
    if (wanted === null || wanted <= available) return
    problems[path] = { message: `The data set has ${formatCount(available)} ${what} images.`, nearest: available }
  }
  limit('data.trainImages', data.trainImages, dataset.trainImages, 'training')
  limit('data.testImages', data.testImages, dataset.testImages, 'test')
  const left = planWorkload(spec, dataset).trainingImages
  if (training.batchSize > left) {
    problems['training.batchSize'] = {
      message: `More than the ${formatCount(left)} images to train on.`,
      nearest: left,
    }
  }
  return problems
}
