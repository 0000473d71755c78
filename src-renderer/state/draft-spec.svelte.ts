import type { DatasetInfo } from '../../src-core/domain/dataset.ts'
import { fieldFactor, type Factor } from '../../src-core/domain/grid/grid.ts'
import { readTypedValues } from '../../src-core/domain/grid/values.ts'
import { learnedLayers } from '../../src-core/domain/network/architecture.ts'
import { networkCost, type NetworkCost } from '../../src-core/domain/preflight/network-cost.ts'
import { specWarnings, type SpecProblem } from '../../src-core/domain/spec/consistency.ts'
import { findRecipe, recipeSpec, recipes } from '../../src-core/domain/spec/recipes.ts'
import { runSpecSchema, type RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { planWorkload, type Workload } from '../../src-core/domain/workload.ts'
import { findProblems, planOf, schemaProblems, type Plan, type Problems } from '../lib/spec/draft-checks.ts'
import { fieldFacts, ownerOf } from '../lib/spec/field-schema.ts'
import { fieldLabel } from '../lib/spec/labels.ts'
import { fieldText, readField, sentence } from '../lib/spec/number-input.ts'
import { proposeName, shortRecipeTitle } from '../lib/run/run-name.ts'
import { layerNamesOf, sameValue, valueAt, valuesThatDiffer, withValues } from '../lib/spec/spec-fields.ts'

/** The recipe is chosen as a whole, and the classes are those of the data set. */
const decidedElsewhere = ['version', 'recipe', 'model.classes']

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
  /** Fields of which several values are wanted, which makes a grid; the draft itself has the first of each. */
  private lists = $state.raw<Readonly<Record<string, readonly unknown[]>>>({})
  /** What is wrong with lists and ranges that cannot be read. */
  private unreadable = $state.raw<Readonly<Record<string, string>>>({})
  private readonly datasets: () => readonly DatasetInfo[]

  /** The recipe for the chosen data set. */
  readonly baseline: RunSpec = $derived.by(() => this.fitted(recipeSpec(this.recipeId)))
  readonly candidate: RunSpec = $derived.by(() => withValues(this.baseline, this.values))
  readonly plan: Plan = $derived.by(() => planOf(this.candidate))
  /** What the grid varies besides the seed, in the order in which it was typed. */
  readonly factors: readonly Factor[] = $derived.by(() =>
    Object.entries(this.lists)
      .filter(([path]) => path !== 'training.seed')
      .map(([path, values]) => fieldFactor(path, values)),
  )
  readonly seeds: readonly number[] = $derived.by(
    () => (this.lists['training.seed'] as readonly number[] | undefined) ?? [this.candidate.training.seed],
  )
  /** Whether the choices make several runs. */
  readonly isGrid: boolean = $derived(Object.keys(this.lists).length > 0)
  /** Of a grid only what is wrong with single values: combinations that break a rule are shown and left out. */
  readonly problems: Problems = $derived.by(() => {
    const own = this.isGrid ? this.listedProblems() : findProblems(this.candidate, this.plan, this.dataset)
    const unreadable = Object.entries(this.unreadable).map(([path, message]) => [path, { message, nearest: null }])
    return { ...own, ...Object.fromEntries(unreadable) } as Problems
  })
  /** The checked spec; null while something is wrong. */
  readonly spec: RunSpec | null = $derived.by(() => {
    if (Object.keys(this.problems).length > 0 || !(this.plan.architecture || this.isGrid)) return null
    return runSpecSchema.parse(this.candidate)
  })
  /** What does not stop a start but is easily done by mistake. */
  readonly warnings: readonly SpecProblem[] = $derived.by(() => (this.spec ? specWarnings(this.spec) : []))
  /** Names of the layers with a kernel, first to last; those of the blocks while the network cannot be laid out. */
  readonly layerNames: readonly string[] = $derived.by(() =>
    this.plan.architecture ? learnedLayers(this.plan.architecture) : layerNamesOf(this.candidate.model),
  )
  /** The parts of the cost that can be told: a wrong batch size does not hide what the network costs. */
  readonly networkCost: NetworkCost | null = $derived(
    this.plan.architecture && networkCost(this.plan.architecture, this.candidate),
  )
  readonly work: Workload | null = $derived.by(() => {
    const wrong = Object.keys(this.problems).some((path) => /^(data|training)\./.test(path))
    return this.dataset && !wrong ? planWorkload(this.candidate, this.dataset) : null
  })
  readonly changes: readonly FieldChange[] = $derived.by(() =>
    Object.entries({ ...this.values, ...this.lists }).map(([path, to]) => ({
      path,
      label: fieldLabel(path),
      from: valueAt(this.baseline, path),
      to,
    })),
  )
  readonly proposedName: string = $derived.by(() => {
    if (!this.isGrid) return proposeName(this.candidate)
    const varied = this.factors.map(({ id }) => fieldLabel(id).toLowerCase())
    if (varied.length === 0) return proposeName(this.candidate).replace(/, seed \d+$/, '')
    return `${shortRecipeTitle(this.recipeId)} by ${varied.join(' and ')}`.slice(0, 100)
  })
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
    this.resetAll()
  }

  /** Starts from the experiment of a run instead of a recipe as it is. */
  loadFrom(spec: RunSpec): void {
    this.choose(recipes.some(({ id }) => id === spec.recipe) ? spec.recipe : recipes[0]!.id)
    this.set('data.dataset', spec.data.dataset)
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
    if (Object.hasOwn(this.lists, path)) return true
    const changed = Object.keys(this.values).some((known) => known === path || path.startsWith(`${known}.`))
    return changed && !sameValue(this.value(path), valueAt(this.baseline, path))
  }

  /** Sets a field. One inside of something that may be absent changes the whole of it. */
  set(path: string, value: unknown): void {
    const owner = ownerOf(path)
    const whole = owner === path ? value : withItem(this.value(owner), path.slice(owner.length + 1), value)
    const others = without(this.values, owner)
    this.values = sameValue(whole, valueAt(this.baseline, owner)) ? others : { ...others, [owner]: whole }
    this.texts = withoutBelow(this.texts, path)
    this.lists = withoutBelow(this.lists, path)
    this.unreadable = withoutBelow(this.unreadable, path)
  }

  /** Several values of a field make a grid; a single one is set. */
  setSeveral(path: string, values: readonly unknown[]): void {
    this.set(path, values[0])
    if (values.length > 1) this.lists = { ...this.lists, [path]: values }
  }

  /** The values of a field that the grid varies; null for one that has a single value. */
  several(path: string): readonly unknown[] | null {
    return this.lists[path] ?? null
  }

  type(path: string, text: string): void {
    const facts = fieldFacts(path)
    const read = readTypedValues(text, { list: facts.list, thousands: true, read: (one) => readField(one, facts) })
    if (read.kind === 'several') this.setSeveral(path, read.values)
    else if (read.kind === 'one') this.set(path, readField(text, facts))
    else this.unreadable = { ...this.unreadable, [path]: sentence(read.message) }
    this.texts = { ...this.texts, [path]: text }
  }

  /** Leaving a field shows its value as it was understood, unless it was not. */
  leave(path: string): void {
    if (this.problems[path] || this.problems[ownerOf(path)]) return
    const values = this.several(path)
    const separator = fieldFacts(path).list ? ' | ' : ', '
    this.texts = without(this.texts, path)
    if (values) this.texts = { ...this.texts, [path]: values.map(fieldText).join(separator) }
  }

  reset(path: string): void {
    const owner = ownerOf(path)
    const original = valueAt(this.baseline, path)
    if (owner !== path && original !== undefined && this.value(owner) !== null) return this.set(path, original)
    this.values = withoutBelow(this.values, owner)
    this.texts = withoutBelow(this.texts, owner)
    this.lists = withoutBelow(this.lists, owner)
    this.unreadable = withoutBelow(this.unreadable, owner)
  }

  resetAll(): void {
    this.values = {}
    this.texts = {}
    this.lists = {}
    this.unreadable = {}
  }

  /** Puts an item into a list of numbers or names, or takes it out; the list stays in the order of `all`. */
  toggle(path: string, item: string | number, all: readonly (string | number)[]): void {
    const present = this.value(path) as readonly (string | number)[]
    const known = [...all, ...present.filter((one) => !all.includes(one))]
    const next = known.filter((one) => (one === item ? !present.includes(one) : present.includes(one)))
    this.set(path, next)
  }

  budgetIn(unit: 'epochs' | 'steps'): void {
    const { work } = this
    this.set('training.steps', unit === 'epochs' ? null : work ? work.totalSteps - work.pretrainingSteps : 1000)
  }

  /** What is wrong with single values, each of a list by itself. */
  private listedProblems(): Problems {
    const found = { ...schemaProblems(this.candidate) }
    for (const [path, values] of Object.entries(this.lists)) {
      for (const value of values) {
        const wrong = schemaProblems(withValues(this.candidate, { [path]: value }))[path]
        if (wrong) found[path] = { message: `${fieldText(value)}: ${wrong.message}`, nearest: null }
      }
    }
    return found
  }

  private fitted(spec: RunSpec): RunSpec {
    const wanted = (this.values['data.dataset'] as string | undefined) ?? spec.data.dataset
    const dataset = this.datasets().find(({ id }) => id === wanted)
    return dataset ? { ...spec, model: { ...spec.model, classes: dataset.labels.length } } : spec
  }
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key))
}

/** Without the key and whatever lies inside of it. */
function withoutBelow<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key && !other.startsWith(`${key}.`)))
}

/** A copy of a list or an object with the value at a path inside of it replaced. */
function withItem(whole: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(whole)
  const keys = path.split('.')
  const last = keys.pop()!
  const parent = valueAt({ copy }, ['copy', ...keys].join('.')) as Record<string, unknown>
  parent[last] = value
  return copy
}
