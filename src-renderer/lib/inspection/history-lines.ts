import type { Classified } from '../../../src-core/domain/inspection/answers.ts'

export interface ClassLine {
  readonly class: number
  readonly label: string
  /** Probability of the class at each point; null where the picture had no answer. */
  readonly values: readonly (number | null)[]
}

/** How the most probable classes of the newest point came about: a line for each, in its order. */
export function historyLines(points: readonly { readonly classified: Classified }[]): ClassLine[] {
  const newest = points.at(-1)?.classified.top ?? []
  return newest.map(({ label, class: place }) => ({
    class: place,
    label,
    values: points.map(({ classified }) => classified.probabilities?.[place] ?? null),
  }))
}

/** Places of steps from 0 to 1 in their own proportion; a single one lies in the middle. */
export function stepPlaces(steps: readonly number[]): number[] {
  const [from, to] = [Math.min(...steps), Math.max(...steps)]
  return steps.map((step) => (to > from ? (step - from) / (to - from) : 0.5))
}
