import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import type { NewGrid } from '../../../src-core/domain/grid/grid.ts'
import { planCells, planRuns } from '../../../src-core/domain/grid/plan.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { runSpecSchema, type RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import {
  variantFactor,
  withAssignments,
  type AblationTemplate,
  type Assignments,
  type PlannedRun,
} from '../../../src-core/domain/spec/templates.ts'
import { planWorkload } from '../../../src-core/domain/workload.ts'
import { findProblems, planOf, type Problems } from './draft-checks.ts'
import { fieldText, problemOf, readField } from './number-input.ts'
import { withValues, valueAt } from './spec-fields.ts'

/** What can be changed for all runs of an ablation, as typed. */
export interface AblationFields {
  readonly images: string
  readonly epochs: string
}

export const ablationPaths: Readonly<Record<keyof AblationFields, string>> = {
  images: 'data.trainImages',
  epochs: 'training.epochs',
}

export interface AblationPlan {
  readonly runs: readonly PlannedRun[]
  /** Steps of all runs together; null while something is wrong. */
  readonly steps: number | null
  /** By path, as in the form of one run. */
  readonly problems: Problems
  /** What the runs are recorded as; null while something is wrong. */
  readonly grid: NewGrid | null
}

/** What the template itself says of the fields. */
export function templateDefaults({ recipe, set }: AblationTemplate): AblationFields {
  const spec = withAssignments(recipeSpec(recipe), set)
  return { images: fieldText(spec.data.trainImages), epochs: fieldText(spec.training.epochs) }
}

function readFields({ images, epochs }: AblationFields): Assignments {
  return {
    [ablationPaths.images]: readField(images, { nullable: true }),
    [ablationPaths.epochs]: readField(epochs, { nullable: false }),
  }
}

/** The runs of an ablation with its overrides, once per seed; or what is wrong with the overrides. */
export function planAblation(
  template: AblationTemplate,
  fields: AblationFields,
  seeds: number,
  datasets: readonly DatasetInfo[],
): AblationPlan {
  const overrides = readFields(fields)
  const typed = typedProblems(template, overrides)
  if (Object.keys(typed).length > 0) return { runs: [], steps: null, problems: typed, grid: null }
  const factors = [variantFactor(template.variants)]
  const spec = withAssignments(recipeSpec(template.recipe), { ...template.set, ...overrides })
  // What is typed holds for all runs, also where a variant says otherwise.
  const build = (set: Assignments): RunSpec =>
    withAssignments(recipeSpec(template.recipe), { ...template.set, ...set, ...overrides })
  const cells = planCells({ title: template.title, factors, build, datasets })
  const specs = cells.flatMap((cell) => cell.spec ?? [])
  const problems = Object.assign({}, ...specs.map((one) => runProblems(one, datasets))) as Problems
  const numbers = Array.from({ length: seeds }, (_, index) => index + 1)
  const runs = planRuns(cells, () => (seeds === 1 ? null : numbers), 'cells-first')
  const steps = Object.keys(problems).length > 0 ? null : totalSteps(runs, datasets)
  const grid = { name: template.title, spec, factors, cells: runs.map(({ cell }) => cell) }
  return { runs, steps, problems, grid }
}

function typedProblems({ recipe }: AblationTemplate, overrides: Assignments): Problems {
  const spec = withValues(recipeSpec(recipe), overrides)
  const issues = runSpecSchema.safeParse(spec).error?.issues ?? []
  return Object.fromEntries(
    issues.map((issue) => {
      const path = issue.path.join('.')
      return [path, problemOf(issue, valueAt(spec, path))]
    }),
  )
}

function runProblems(spec: RunSpec, datasets: readonly DatasetInfo[]): Problems {
  return findProblems(
    spec,
    planOf(spec),
    datasets.find(({ id }) => id === spec.data.dataset),
  )
}

function totalSteps(runs: readonly PlannedRun[], datasets: readonly DatasetInfo[]): number | null {
  const steps = runs.map(({ spec }) => {
    const dataset = datasets.find(({ id }) => id === spec.data.dataset)
    return dataset ? planWorkload(spec, dataset).totalSteps : null
  })
  return steps.includes(null) ? null : steps.reduce<number>((sum, count) => sum + count!, 0)
}
