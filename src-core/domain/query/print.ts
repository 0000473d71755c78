import type { Operand, Query, QueryValue } from './query.ts'
import { readValue } from './parse.ts'

/** A value as it must be typed to be read as itself. */
export function printValue(value: QueryValue): string {
  if (typeof value !== 'string') return String(value)
  const isPlain = /^[^\s()<>=!~,"':]+$/.test(value) && readValue(value) === value && !/^(and|or|not|in)$/i.test(value)
  return isPlain ? value : value.includes('"') ? `'${value}'` : `"${value}"`
}

function printOperand(operand: Operand): string {
  if (operand.kind === 'field' || operand.statistic === 'last') return operand.name
  return `${operand.statistic}(${operand.name})`
}

/** A query as text that is read as the same query. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return ''
    case 'and':
      return query.parts.map((part) => (part.kind === 'or' ? `(${printQuery(part)})` : printQuery(part))).join(' and ')
    case 'or':
      return query.parts.map(printQuery).join(' or ')
    case 'not':
      return `not ${query.part.kind === 'and' || query.part.kind === 'or' ? `(${printQuery(query.part)})` : printQuery(query.part)}`
    case 'word':
      return printValue(query.word)
    case 'tag':
      return `tag:${query.tag}`
    case 'compare':
      return `${printOperand(query.operand)} ${query.sign} ${printValue(query.value)}`
    case 'in':
      return `${printOperand(query.operand)} ${query.not ? 'not ' : ''}in (${query.values.map(printValue).join(', ')})`
  }
}

/** The conditions that must all hold. */
export function conditionsOf(query: Query): readonly Query[] {
  if (query.kind === 'all') return []
  return query.kind === 'and' ? query.parts : [query]
}
