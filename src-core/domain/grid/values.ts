import { parseTypedValue } from '../spec/paths.ts'

/** Most values that one field of a grid may take. */
export const mostValues = 100

/** What a text says for a field: one value, several that make a grid, or something that cannot be read. */
export type TypedValues =
  | { readonly kind: 'one' }
  | { readonly kind: 'several'; readonly values: readonly unknown[] }
  | { readonly kind: 'wrong'; readonly message: string }

export interface FieldReading {
  /** The field holds a list itself: then only `|` stands between alternatives, and commas belong to the value. */
  readonly list: boolean
  /** Whether `60,000` is one number, as people write it in a form. */
  readonly thousands: boolean
  /** Reads one alternative of a field that is a list; the text of an alternative is JSON or `1, 2` otherwise. */
  readonly read?: ((text: string) => unknown) | undefined
}

class Unreadable extends Error {}

/**
 * Reads lists and ranges: `0, 0.4, 0.5`; `1..5`; `0..1 by 0.25`; `1e-4..1e-1 log 4`; `0..1 lin 3`; `lrn, bn, none`;
 * for fields that are lists themselves `1, 2 | 1`. Ranges may stand in lists; they include both ends, unless the steps of
 * `by` pass over the last.
 */
export function readTypedValues(text: string, { list, thousands, read = parseTypedValue }: FieldReading): TypedValues {
  try {
    const pieces = piecesOf(thousands && !list ? withoutThousands(text) : text, list)
    if (pieces === null) return { kind: 'one' }
    const values = pieces.flatMap((piece) => (list ? [read(piece)] : valuesOf(piece, read)))
    requireSensible(values)
    return { kind: 'several', values }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'wrong', message: error.message }
    throw error
  }
}

/** Digits in groups of three with one separator between them all. */
const groupedNumber = /(?<![\d.]|\d,)\d{1,3}([\s,'])\d{3}(?:\1\d{3})*(?![\d])/g

/** `60,000` as 60000. Of `64,128,256` nobody can say whether it is a number or a list. */
function withoutThousands(text: string): string {
  return text.replace(groupedNumber, (number, separator: string) => {
    const groups = number.split(separator)
    const joined = groups.join('')
    if (separator !== ',' || groups.length === 2) return joined
    throw new Unreadable(`"${number}" may be one number or a list: write ${joined} or ${groups.join(', ')}`)
  })
}

/** The alternatives in a text; null for a text that is one value. */
function piecesOf(text: string, list: boolean): string[] | null {
  const trimmed = text.trim()
  // A file's name may hold commas and dots.
  if (list || /^(file|run):/.test(trimmed)) return trimmed.includes('|') ? split(trimmed, '|') : null
  if (/^[[{"]/.test(trimmed)) return null
  if (trimmed.includes('|')) return split(trimmed, '|')
  if (/[,;]/.test(trimmed)) return split(trimmed, /[,;]/)
  return isRange(trimmed) ? [trimmed] : null
}

function split(text: string, separator: string | RegExp): string[] {
  const pieces = text.split(separator).map((piece) => piece.trim())
  // What is being typed ends with a comma before the next value.
  return pieces.filter((piece, index) => piece !== '' || index < pieces.length - 1)
}

function valuesOf(piece: string, read: (text: string) => unknown): unknown[] {
  if (piece === '') throw new Unreadable('a value is missing between two commas')
  return isRange(piece) ? rangeOf(piece) : [read(piece)]
}

function isRange(text: string): boolean {
  return /^[-+.\d]/.test(text) && text.includes('..')
}

const shape = /^(.+?)\.\.(.+?)(?:\s+(by|log|lin)\s+(\S+))?$/

function rangeOf(text: string): number[] {
  const [, first, last, how, amount] = shape.exec(text) ?? []
  const from = numberIn(first)
  const to = numberIn(last)
  if (from === null || to === null) {
    throw new Unreadable(`"${text}" is no range: write 1..5, 0..1 by 0.25, or 1e-4..1e-1 log 4`)
  }
  if (how === undefined) return wholeRange(text, from, to)
  const number = numberIn(amount)
  if (how === 'by') return stepRange(text, { from, to, step: number })
  return spaced(text, { from, to, count: number, logarithmic: how === 'log' })
}

function numberIn(text: string | undefined): number | null {
  const value = text === undefined ? null : parseTypedValue(text)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function wholeRange(text: string, from: number, to: number): number[] {
  if (Number.isInteger(from) && Number.isInteger(to)) return stepRange(text, { from, to, step: from <= to ? 1 : -1 })
  throw new Unreadable(`"${text}" needs a step: write ${text} by 0.1, or ${text} log 4 for four values`)
}

/** Six figures are more than anybody types, and hide the last bits of a sum. */
function tidy(value: number): number {
  return Number(value.toPrecision(6))
}

function stepRange(text: string, range: { from: number; to: number; step: number | null }): number[] {
  const { from, to, step } = range
  if (step === null || step === 0 || Math.sign(to - from) * Math.sign(step) < 0) {
    throw new Unreadable(`"${text}" never gets from ${from} to ${to}`)
  }
  // A step that is meant to end at the last value may miss it by rounding.
  const count = Math.floor((to - from) / step + 1e-9) + 1
  return Array.from({ length: requireCount(text, count) }, (_, index) =>
    Number.isInteger(from) && Number.isInteger(step) ? from + index * step : tidy(from + index * step),
  )
}

function spaced(
  text: string,
  range: { from: number; to: number; count: number | null; logarithmic: boolean },
): number[] {
  const { from, to, count, logarithmic } = range
  if (count === null || !Number.isInteger(count) || count < 2) {
    throw new Unreadable(`"${text}" needs a whole number of values, at least 2, at its end`)
  }
  if (logarithmic && (from <= 0 || to <= 0)) {
    throw new Unreadable(`"${text}" cannot be spaced logarithmically: both ends must be above 0`)
  }
  return Array.from({ length: requireCount(text, count) }, (_, index) => {
    const share = index / (count - 1)
    if (index === 0 || index === count - 1) return index === 0 ? from : to
    return tidy(logarithmic ? from * (to / from) ** share : from + (to - from) * share)
  })
}

function requireCount(text: string, count: number): number {
  if (count <= mostValues) return count
  throw new Unreadable(`"${text}" is ${count} values; a field takes at most ${mostValues}`)
}

function requireSensible(values: readonly unknown[]): void {
  if (values.length === 0) throw new Unreadable('a list needs at least one value')
  if (values.length > mostValues) {
    throw new Unreadable(`these are ${values.length} values; a field takes at most ${mostValues}`)
  }
  const texts = values.map((value) => JSON.stringify(value))
  const repeated = texts.find((text, index) => texts.indexOf(text) !== index)
  if (repeated !== undefined) throw new Unreadable(`${repeated} is in the list twice`)
}
