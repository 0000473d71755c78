import { perClassAccuracy, type Confusion } from '../domain/evaluation/confusion.ts'
import type { Artifact, ArtifactKind } from '../domain/evaluation/artifact.ts'
import type { Run } from '../domain/run.ts'
import type { ReadableWorkspace } from '../storage/workspace.ts'

/** What a run's last evaluation found, with the names of the classes. */
export interface Evaluation {
  readonly part: 'validation' | 'test'
  readonly step: number
  readonly confusion: Confusion
  /** One name per class. */
  readonly labels: readonly string[]
}

/** The newest artifact of a kind; null when there is none. */
export function lastArtifact<Kind extends ArtifactKind>(
  { artifacts }: Pick<ReadableWorkspace, 'artifacts'>,
  { id }: Pick<Run, 'id'>,
  kind: Kind,
): Extract<Artifact, { kind: Kind }> | null {
  const header = artifacts.list(id).findLast((one) => one.kind === kind)
  return header ? (artifacts.find(header.id) as Extract<Artifact, { kind: Kind }> | null) : null
}

/** The latest evaluation that left a confusion matrix; null when there is none. */
export function lastEvaluation(
  workspace: Pick<ReadableWorkspace, 'artifacts' | 'datasets'>,
  run: Pick<Run, 'id' | 'spec'>,
): Evaluation | null {
  const artifact = lastArtifact(workspace, run, 'confusion')
  if (!artifact) return null
  const names = workspace.datasets.list().find((dataset) => dataset.id === run.spec.data.dataset)?.labels ?? []
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
