import { planArchitecture, type Architecture } from '../../src-core/domain/architecture.ts'
import type { DatasetInfo } from '../../src-core/domain/dataset.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { modelSpecSchema } from '../../src-core/domain/spec/model-spec.ts'
import { findRecipe, recipeSpec, recipes } from '../../src-core/domain/spec/recipes.ts'
import { runSpecSchema, type RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { planWorkload, type Workload } from '../../src-core/domain/workload.ts'
import { networkCost, type NetworkCost } from '../lib/spec/cost.ts'
import { formatCount } from '../lib/format.ts'
import { fieldText, problemOf, readField, type FieldProblem } from '../lib/spec/number-input.ts'
import { proposeName } from '../lib/run/run-name.ts'
import {
  fieldLabel,
  nearestInputSize,
  sameValue,
  valueAt,
  valuesThatDiffer,
  withValues,
} from '../lib/spec/spec-fields.ts'

const nullablePaths = ['data.trainImages', 'data.testImages', 'training.steps']

/** The recipe is chosen as a whole, and the classes are those of the data set. */
const decidedElsewhere = ['version', 'recipe', 'model.classes']

type Plan =
  | { readonly architecture: Architecture; readonly problem: null }
  | { readonly architecture: null; readonly problem: string }

export interface FieldChange {
  readonly path: string
  readonly label: string
  readonly from: unknown
  readonly to: unknown
}

/** The experiment on the New run page: a recipe, what the user changed in it, and what follows from that. */
export class DraftSpec {
  recipeId = $state(recipes[0]!.id)
  /** What the user called it; null while the proposed name stands. */
  nameText = $state<string | null>(null)
  private values = $state.raw<Readonly<Record<string, unknown>>>({})
  /** What stands in text fields, as typed: "1/1000" stays until the field is left. */
  private texts = $state.raw<Readonly<Record<string, string>>>({})
  private readonly datasets: () => readonly DatasetInfo[]

  /** The recipe for the chosen data set. */
  readonly baseline: RunSpec = $derived.by(() => this.fitted(recipeSpec(this.recipeId)))
  readonly candidate: RunSpec = $derived.by(() => withValues(this.baseline, this.values))
  readonly plan: Plan = $derived.by(() => planOf(this.candidate))
  readonly problems: Readonly<Record<string, FieldProblem>> = $derived.by(() => this.findProblems())
  /** The checked spec; null while something is wrong. */
  readonly spec: RunSpec | null = $derived.by(() => {
    if (Object.keys(this.problems).length > 0 || !this.plan.architecture) return null
    return runSpecSchema.parse(this.candidate)
  })
  /** The parts of the cost that can be told: a wrong batch size does not hide what the network costs. */
  readonly networkCost: NetworkCost | null = $derived(this.plan.architecture && networkCost(this.plan.architecture))
  readonly work: Workload | null = $derived.by(() => {
    const wrong = Object.keys(this.problems).some((path) => /^(data|training)\./.test(path))
    return this.dataset && !wrong ? planWorkload(this.candidate, this.dataset) : null
  })
  readonly changes: readonly FieldChange[] = $derived.by(() =>
    Object.entries(this.values).map(([path, to]) => ({
      path,
      label: fieldLabel(path),
      from: valueAt(this.baseline, path),
      to,
    })),
  )
  readonly proposedName: string = $derived.by(() => proposeName(this.candidate))
  readonly name: string = $derived(this.nameText ?? this.proposedName)
  readonly nameProblem: string | null = $derived.by(() => {
    const length = this.name.trim().length
    if (length === 0) return 'A name needs at least one character.'
    return length > 200 ? 'A name has at most 200 characters.' : null
  })
  readonly ready: boolean = $derived(this.spec !== null && this.nameProblem === null)

  constructor(datasets: () => readonly DatasetInfo[]) {
    this.datasets = datasets
  }

  get dataset(): DatasetInfo | undefined {
    return this.datasets().find(({ id }) => id === this.candidate.data.dataset)
  }

  choose(recipeId: string): void {
    this.recipeId = findRecipe(recipeId).id
    this.values = {}
    this.texts = {}
  }

  /** Starts from the experiment of a run instead of a recipe as it is. */
  loadFrom(spec: RunSpec): void {
    this.choose(recipes.some(({ id }) => id === spec.recipe) ? spec.recipe : recipes[0]!.id)
    const differing = Object.entries(valuesThatDiffer(spec, this.baseline))
    this.values = Object.fromEntries(differing.filter(([path]) => !decidedElsewhere.includes(path)))
    this.nameText = null
  }

  value(path: string): unknown {
    return valueAt(this.candidate, path)
  }

  text(path: string): string {
    return this.texts[path] ?? fieldText(this.value(path))
  }

  isChanged(path: string): boolean {
    return Object.hasOwn(this.values, path)
  }

  set(path: string, value: unknown): void {
    const others = without(this.values, path)
    this.values = sameValue(value, valueAt(this.baseline, path)) ? others : { ...others, [path]: value }
    this.texts = without(this.texts, path)
  }

  type(path: string, text: string): void {
    this.set(path, readField(text, nullablePaths.includes(path)))
    this.texts = { ...this.texts, [path]: text }
  }

  /** Leaving a field shows its value as it was understood, unless it was not. */
  leave(path: string): void {
    if (!this.problems[path]) this.texts = without(this.texts, path)
  }

  reset(path: string): void {
    this.values = without(this.values, path)
    this.texts = without(this.texts, path)
  }

  resetAll(): void {
    this.values = {}
    this.texts = {}
  }

  toggleBlock(block: number): void {
    const { blocks } = this.candidate.model.normalization
    const next = blocks.includes(block) ? blocks.filter((other) => other !== block) : [...blocks, block]
    this.set(
      'model.normalization.blocks',
      next.sort((a, b) => a - b),
    )
  }

  budgetIn(unit: 'epochs' | 'steps'): void {
    this.set('training.steps', unit === 'epochs' ? null : (this.work?.totalSteps ?? 1000))
  }

  private fitted(spec: RunSpec): RunSpec {
    const wanted = (this.values['data.dataset'] as string | undefined) ?? spec.data.dataset
    const dataset = this.datasets().find(({ id }) => id === wanted)
    return dataset ? { ...spec, model: { ...spec.model, classes: dataset.labels.length } } : spec
  }

  private findProblems(): Record<string, FieldProblem> {
    const problems: Record<string, FieldProblem> = {}
    const parsed = runSpecSchema.safeParse(this.candidate)
    for (const issue of parsed.error?.issues ?? []) {
      const path = issue.path.filter((key) => typeof key === 'string').join('.')
      problems[path] ??= problemOf(issue, valueAt(this.candidate, path))
    }
    if (this.plan.problem !== null) Object.assign(problems, sizeProblems(this.candidate, problems))
    return parsed.success && this.dataset ? { ...problems, ...imageProblems(parsed.data, this.dataset) } : problems
  }
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key))
}

function planOf({ model }: RunSpec): Plan {
  const parsed = modelSpecSchema.safeParse(model)
  if (!parsed.success)
    return { architecture: null, problem: 'The network can be laid out once the marked fields are right.' }
  try {
    return { architecture: planArchitecture(parsed.data), problem: null }
  } catch (error) {
    if (error instanceof WorkbenchError) return { architecture: null, problem: error.message }
    throw error
  }
}

/** Says at the input size that the layers have no room; when the model's own fields are right. */
function sizeProblems(
  { model }: RunSpec,
  others: Readonly<Record<string, FieldProblem>>,
): Record<string, FieldProblem> {
  if (Object.keys(others).some((path) => path.startsWith('model.'))) return {}
  const nearest = nearestInputSize(model)
  const message = nearest
    ? `Too small for these layers: they need at least ${nearest} pixels.`
    : 'Too small for these layers.'
  return { 'model.input.size': { message, nearest } }
}

function imageProblems({ data, training }: RunSpec, dataset: DatasetInfo): Record<string, FieldProblem> {
  const problems: Record<string, FieldProblem> = {}
  const limit = (path: string, wanted: number | null, available: number, what: string): void => {
    if (wanted === null || wanted <= available) return
    problems[path] = { message: `The data set has ${formatCount(available)} ${what} images.`, nearest: available }
  }
  limit('data.trainImages', data.trainImages, dataset.trainImages, 'training')
  limit('data.testImages', data.testImages, dataset.testImages, 'test')
  const left = planWorkload({ data, training }, dataset).trainingImages
  if (training.batchSize > left) {
    problems['training.batchSize'] = {
      message: `More than the ${formatCount(left)} images to train on.`,
      nearest: left,
    }
  }
  return problems
}
