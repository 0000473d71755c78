/** How a value of a metric is summed up over a run. */
export const statistics = ['last', 'best', 'min', 'max'] as const
export type Statistic = (typeof statistics)[number]

export type QueryValue = string | number | boolean | null

export const comparisons = ['=', '!=', '<', '<=', '>', '>=', '~', '!~'] as const
export type ComparisonSign = (typeof comparisons)[number]

/** What a comparison is about: a field, or a metric's statistic. */
export type Operand =
  | { readonly kind: 'field'; readonly name: string; readonly at: number }
  | { readonly kind: 'metric'; readonly statistic: Statistic; readonly name: string; readonly at: number }

/** A query as a tree. `at` is the position of the first letter in the text, counted from 0. */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'tag'; readonly tag: string }
  /** `field:value`: that the field has this value, or a plain word where there is no such field. */
  | { readonly kind: 'short'; readonly operand: Operand; readonly value: QueryValue; readonly word: string }
  | { readonly kind: 'compare'; readonly operand: Operand; readonly sign: ComparisonSign; readonly value: QueryValue }
  | { readonly kind: 'in'; readonly operand: Operand; readonly values: readonly QueryValue[]; readonly not: boolean }

/** A query that cannot be read: where, and what would have been right there. */
export class QueryError extends Error {
  /** Position of the first wrong letter, counted from 0; the text's length for its end. */
  readonly at: number
  readonly length: number

  constructor(message: string, at: number, length = 1) {
    super(message)
    this.name = 'QueryError'
    this.at = at
    this.length = length
  }
}
