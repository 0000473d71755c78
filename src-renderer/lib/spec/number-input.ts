import type { z } from 'zod'
import { expectation, parseTypedValue } from '../../../src-core/domain/spec/paths.ts'
import { formatNumber } from '../format.ts'

/** What is wrong with a field, in words, and the nearest value that would be right. */
export interface FieldProblem {
  readonly message: string
  readonly nearest: number | null
}

/** Reads what a person typed: 1e-3, 0.001, 1/1000; nothing or "all" means null where that is allowed. */
export function readField(text: string, nullable: boolean): unknown {
  if (text.trim() === '') return nullable ? null : ''
  return parseTypedValue(text.replace(/(?<=\d)[\s,'](?=\d{3}\b)/g, ''))
}

/** How a stored value stands in its field. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return ''
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

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
