import { formatCount } from '../format.ts'

/** Steps, both included. */
export interface TypedRange {
  readonly from: number
  readonly to: number
}

function stepOf(text: string, otherwise: number): number | null {
  const plain = text.replaceAll(',', '').trim()
  if (plain === '') return otherwise
  return /^\d+$/.test(plain) ? Number(plain) : null
}

/**
 * The range that two texts name, an empty one standing for its end, as far as there are steps; null for all of them.
 * Otherwise in words what is wrong.
 */
export function readRange(fromText: string, toText: string, lastStep: number): TypedRange | string | null {
  const [from, to] = [stepOf(fromText, 0), stepOf(toText, lastStep)]
  if (from === null || to === null) return `“${from === null ? fromText : toText}” is no step: write a whole number.`
  if (from === 0 && to >= lastStep) return null
  const reversed = from >= to && toText.trim() !== ''
  if (reversed)
    return `There are no steps from ${formatCount(from)} to ${formatCount(to)}: the first must be the smaller one.`
  return from < lastStep ? { from, to: Math.min(to, lastStep) } : `The last step is ${formatCount(lastStep)}.`
}
