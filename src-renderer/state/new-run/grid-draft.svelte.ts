import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import { cellCount, gridWords, requireFewRuns, type NewGrid } from '../../../src-core/domain/grid/grid.ts'
import { onTopOf, planCells, planRuns, type GridRun, type PlannedCell } from '../../../src-core/domain/grid/plan.ts'
import type { DraftSpec } from '../draft-spec.svelte.ts'

/** With what a cell and a seed add still within the length of a run's name. */
const longestTitle = 100

/** The grid that lists in the fields of New run make. */
export class GridDraft {
  /** Whether combinations that cannot be trained may be left out. */
  leaveOut = $state(false)
  private readonly draft: DraftSpec
  private readonly datasets: () => readonly DatasetInfo[]

  /** Why there are no cells although the fields are right: too many. */
  readonly problem: string | null = $derived.by(() => {
    try {
      requireFewRuns(cellCount(this.draft.factors) * this.draft.seeds.length)
      return null
    } catch (error) {
      if (error instanceof WorkbenchError) return error.message
      throw error
    }
  })
  readonly cells: readonly PlannedCell[] = $derived.by(() => {
    const { draft } = this
    if (!draft.isGrid || !draft.spec || this.problem !== null) return []
    const title = draft.name.trim().slice(0, longestTitle)
    return planCells({ title, factors: draft.factors, build: onTopOf(draft.spec), datasets: this.datasets() })
  })
  readonly leftOut: readonly PlannedCell[] = $derived(this.cells.filter(({ problem }) => problem !== null))
  readonly runs: readonly GridRun[] = $derived.by(() => {
    const { seeds } = this.draft
    return planRuns(this.cells, () => (seeds.length > 1 ? seeds : null), 'cells-first')
  })
  /** "3 × 2 × 5 seeds = 30 runs". */
  readonly words: string = $derived.by(() => gridWords(this.draft.factors, this.draft.seeds.length, this.runs.length))
  readonly ready: boolean = $derived(this.runs.length > 0 && (this.leftOut.length === 0 || this.leaveOut))

  constructor(draft: DraftSpec, datasets: () => readonly DatasetInfo[]) {
    this.draft = draft
    this.datasets = datasets
  }

  /** What the runs are recorded as; null while it is not ready. */
  definition(): NewGrid | null {
    const { spec, name, factors } = this.draft
    if (!this.ready || !spec) return null
    const cells = this.runs.map(({ cell }) => cell)
    return { name: name.trim().slice(0, longestTitle), spec, factors: [...factors], cells }
  }
}
