import { z } from 'zod'
import { budgetKinds } from '../../../src-core/domain/comparison/budget.ts'

const metricChoice = {
  /** Null: what suits the runs. */
  metric: z.string().nullable(),
  reading: z.enum(['best', 'last']).nullable(),
}

/** How groups over seeds are compared, as the workspace keeps it. */
export const groupsChoiceSchema = z.strictObject({
  ...metricChoice,
  /** Fields of the spec that make a group; null for all but the seed. */
  fields: z.array(z.string()).nullable(),
  /** A run of the baseline group; null for all pairs. */
  baseline: z.string().nullable(),
  unfinished: z.boolean(),
})
export type GroupsChoice = z.infer<typeof groupsChoiceSchema>

export const groupsSection = 'compare-groups'
export const groupsDefault: GroupsChoice = {
  metric: null,
  reading: null,
  fields: null,
  baseline: null,
  unfinished: false,
}

/** How runs are compared at equal budgets. */
export const budgetChoiceSchema = z.strictObject({
  ...metricChoice,
  kind: z.enum(budgetKinds),
  /** Null: as much as all runs used. */
  value: z.number().positive().nullable(),
  rank: z.enum(['runs', 'groups']),
  /** Whether runs count that diverged. */
  diverged: z.boolean(),
})
export type BudgetChoice = z.infer<typeof budgetChoiceSchema>

export const budgetSection = 'compare-budget'
export const budgetDefault: BudgetChoice = {
  metric: null,
  reading: null,
  kind: 'epochs',
  value: null,
  rank: 'runs',
  diverged: false,
}
