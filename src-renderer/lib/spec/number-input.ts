import type { z } from 'zod'
import { expectation, parseTypedValue } from '../../../src-core/domain/spec/paths.ts'
import { formatNumber } from '../format.ts'

/** What is wrong with a field, in words, and the nearest value that would be right. */
export interface FieldProblem {
  readonly message: string
  readonly nearest: number | null
}

/** How a field is read: nothing may mean null, and several numbers may be one value. */
interface Reading {
  readonly nullable: boolean
  readonly list?: boolean
}

/** Reads what a person typed: 1e-3, 0.001, 1/1000; lists as 0.5, 0.4; nothing or "all" means null where allowed. */
export function readField(text: string, { nullable, list = false }: Reading): unknown {
  if (text.trim() === '') return nullable ? null : list ? [] : ''
  if (list)
    return text
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(parseTypedValue)
  return parseTypedValue(text.replace(/(?<=\d)[\s,'](?=\d{3}\b)/g, ''))
}

/** How a stored value stands in its field. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(fieldText).join(', ')
  return typeof value === 'number' ? formatNumber(value) : String(value)
}

/** Turns a schema's refusal into a sentence and, for numbers, the nearest value that it would take. */
export function problemOf(issue: z.core.$ZodIssue, value: unknown): FieldProblem {
  return { message: sentence(describe(issue, value)), nearest: nearestValid(issue, value) }
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === '' || value === undefined) return 'needs a number'
  if (issue.code === 'invalid_type' && issue.expected === 'number')
    return 'must be a number, such as 0.01, 1e-3 or 1/1000'
  if (issue.code === 'invalid_union') return 'must be a number'
  return expectation(issue)
}

function nearestValid(issue: z.core.$ZodIssue, value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  if (issue.code === 'too_small' && issue.inclusive) return Number(issue.minimum)
  if (issue.code === 'too_big' && issue.inclusive) return Number(issue.maximum)
  if (issue.code === 'invalid_type' && issue.expected === 'int') return Math.max(1, Math.round(value))
  if (issue.message === 'must be odd') return value + 1
  return null
}

/** A message as a sentence of its own. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
