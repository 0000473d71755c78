import { perClassAccuracy, type Confusion } from '../src-core/domain/evaluation/confusion.ts'
import type { Run } from '../src-core/domain/run.ts'
import type { ReadableWorkspace } from '../src-core/storage/workspace.ts'

/** What a run's last evaluation found, with the names of the classes. */
export interface Evaluation {
  readonly part: 'validation' | 'test'
  readonly step: number
  readonly confusion: Confusion
  /** One name per class. */
  readonly labels: readonly string[]
}

/** The latest evaluation that left a confusion matrix; null when there is none. */
export function lastEvaluation(
  { artifacts, datasets }: Pick<ReadableWorkspace, 'artifacts' | 'datasets'>,
  { id, spec }: Pick<Run, 'id' | 'spec'>,
): Evaluation | null {
  const header = artifacts.list(id).findLast(({ kind }) => kind === 'confusion')
  const artifact = header ? artifacts.find(header.id) : null
  if (artifact?.kind !== 'confusion') return null
  const names = datasets.list().find((dataset) => dataset.id === spec.data.dataset)?.labels ?? []
  const { part, step, confusion } = artifact
  const labels = Array.from({ length: confusion.classes }, (_, index) => names[index] ?? `class ${index}`)
  return { part, step, confusion, labels }
}

export interface ClassRow {
  readonly label: string
  readonly images: number
  /** Share of the images that were recognised; null for a class without images. */
  readonly accuracy: number | null
  /** The class for which its images were most often taken by mistake; null when there was no mistake. */
  readonly takenFor: string | null
}

/** One row per class, in the order of the labels. */
export function rowsOf({ confusion, labels }: Evaluation): ClassRow[] {
  const { classes, counts } = confusion
  return perClassAccuracy(confusion).map((accuracy, row) => {
    const cells = counts.slice(row * classes, (row + 1) * classes)
    const mistakes = cells.map((count, column) => (column === row ? 0 : count))
    const worst = Math.max(...mistakes)
    return {
      label: labels[row]!,
      images: cells.reduce((sum, count) => sum + count, 0),
      accuracy,
      takenFor: worst > 0 ? labels[mistakes.indexOf(worst)]! : null,
    }
  })
}
