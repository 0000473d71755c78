import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { runSpecSchema } from '../../../src-core/domain/spec/run-spec.ts'
import {
  expandTemplate,
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
  if (Object.keys(typed).length > 0) return { runs: [], steps: null, problems: typed }
  const runs = withSeeds(template, overrides, seeds)
  const problems = Object.assign({}, ...runs.map((run) => runProblems(run, datasets))) as Problems
  const steps = Object.keys(problems).length > 0 ? null : totalSteps(runs, datasets)
  return { runs, steps, problems }
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

/** Each seed makes the whole set of runs again, so that a difference can be told from chance. */
function withSeeds(template: AblationTemplate, overrides: Assignments, seeds: number): PlannedRun[] {
  if (seeds === 1) return expandTemplate(template, overrides)
  const numbers = Array.from({ length: seeds }, (_, index) => index + 1)
  return numbers.flatMap((seed) =>
    expandTemplate(template, { ...overrides, 'training.seed': seed }).map(({ name, spec }) => ({
      name: `${name}, seed ${seed}`,
      spec,
    })),
  )
}

function runProblems({ spec }: PlannedRun, datasets: readonly DatasetInfo[]): Problems {
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
