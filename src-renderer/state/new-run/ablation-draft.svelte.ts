import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import { templates, type AblationTemplate, type PlannedRun } from '../../../src-core/domain/spec/templates.ts'
import { planAblation, templateDefaults, type AblationFields, type AblationPlan } from '../../lib/spec/ablation-plan.ts'

/** A ready ablation on the New run page: which one, and how large it is to be. */
export class AblationDraft {
  /** Whether New run shows the ablations instead of one run. */
  shown = $state(false)
  templateId = $state(templates[0]!.id)
  /** What was typed; null where the template's own value stands. */
  private texts = $state.raw<Partial<Record<keyof AblationFields, string>>>({})
  seeds = $state(1)
  private readonly datasets: () => readonly DatasetInfo[]

  readonly template: AblationTemplate = $derived(templates.find(({ id }) => id === this.templateId)!)
  readonly fields: AblationFields = $derived({ ...templateDefaults(this.template), ...this.texts })
  readonly plan: AblationPlan = $derived.by(() => planAblation(this.template, this.fields, this.seeds, this.datasets()))
  readonly runs: readonly PlannedRun[] = $derived(this.plan.runs)
  readonly ready: boolean = $derived(Object.keys(this.plan.problems).length === 0 && this.runs.length > 0)

  constructor(datasets: () => readonly DatasetInfo[]) {
    this.datasets = datasets
  }

  choose(templateId: string): void {
    this.templateId = templateId
    this.texts = {}
  }

  type(field: keyof AblationFields, text: string): void {
    this.texts = { ...this.texts, [field]: text }
  }
}
