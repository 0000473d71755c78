import type { Artifact } from '../../../src-core/domain/evaluation/artifact.ts'
import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import { formatCount } from '../format.ts'

export type DivergedBatch = Extract<Artifact, { kind: 'diverged-batch' }>

/** What was not finite and when, as a headline: the loss, or the weights of this name. */
export function divergenceTitle({ what, step }: Pick<DivergedBatch, 'what' | 'step'>): string {
  const part = /^(validation|test)\/loss$/.exec(what)?.[1]
  if (part) return `The loss on the ${part} images was not finite after step ${formatCount(step)}`
  if (what === 'gradients') return `The gradients were not finite at step ${formatCount(step)}`
  return what === 'loss'
    ? `The loss was not finite at step ${formatCount(step)}`
    : `Weights in ${what} were not finite after step ${formatCount(step)}`
}

export interface BatchImage {
  /** Place in the data set's training part. */
  readonly index: number
  readonly label: string
}

/** The images of the batch with the names of their classes, in the order of the batch. */
export function batchImages({ images, labels }: DivergedBatch, names: readonly string[]): BatchImage[] {
  return images.map((index, place) => {
    const label = labels[place]
    return { index, label: label === undefined ? '' : (names[label] ?? `class ${label}`) }
  })
}

/** The images as lines of two columns, for a spreadsheet. */
export function batchText(images: readonly BatchImage[]): string {
  return ['image\tclass', ...images.map(({ index, label }) => `${index}\t${label}`)].join('\n')
}

/** The checkpoint from which to try again: the marked one, otherwise the newest before the step. */
export function lastFiniteCheckpoint(checkpoints: readonly CheckpointRecord[], step: number): CheckpointRecord | null {
  const marked = checkpoints.find(({ mark }) => mark === 'last-finite')
  if (marked) return marked
  const before = checkpoints.filter((checkpoint) => checkpoint.step < step)
  return before.reduce<CheckpointRecord | null>(
    (newest, one) => (newest && newest.step > one.step ? newest : one),
    null,
  )
}
