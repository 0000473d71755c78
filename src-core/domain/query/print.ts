import type { Operand, Query, QueryValue } from './query.ts'
import { readValue } from './parse.ts'

const keywords = /^(and|or|not|in)$/i
/** What stands for itself wherever a word or a value may be. */
const plain = /^[^\s()<>=!~,"':]+$/

function quoted(text: string): string {
  return text.includes('"') && !text.includes("'") ? `'${text}'` : `"${text.replaceAll('"', '""')}"`
}

/** A value as it must be typed to be read as itself. */
export function printValue(value: QueryValue): string {
  if (typeof value !== 'string') return String(value)
  return plain.test(value) && readValue(value) === value && !keywords.test(value) ? value : quoted(value)
}

function printWord(word: string): string {
  return plain.test(word) && !keywords.test(word) ? word : quoted(word)
}

/** The newest value of a metric is written by its name alone, unless that would be read as something else. */
function printOperand({ name, ...operand }: Operand): string {
  if (operand.kind === 'field') return printWord(name)
  return operand.statistic === 'last' && /^[^:]*\/[^:]*$/.test(name) ? name : `${operand.statistic}(${name})`
}

/** What was written behind the colon; a number as it was. */
function printShort({ operand, value, word }: Extract<Query, { kind: 'short' }>): string {
  const written = word.slice(operand.name.length + 1)
  return `${operand.name}:${typeof value === 'string' ? printValue(value) : written}`
}

function printPart(part: Query): string {
  return part.kind === 'and' || part.kind === 'or' ? `(${printQuery(part)})` : printQuery(part)
}

/** A query as text that is read as the same query. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return ''
    case 'and':
      return query.parts.map(printPart).join(' and ')
    case 'or':
      return query.parts.map((part) => (part.kind === 'or' ? printPart(part) : printQuery(part))).join(' or ')
    case 'not':
      return `not ${printPart(query.part)}`
    case 'word':
      return printWord(query.word)
    case 'tag':
      return `tag:${plain.test(query.tag) ? query.tag : quoted(query.tag)}`
    case 'short':
      return printShort(query)
    case 'compare':
      return `${printOperand(query.operand)} ${query.sign} ${printValue(query.value)}`
    case 'in':
      return `${printOperand(query.operand)} ${query.not ? 'not ' : ''}in (${query.values.map(printValue).join(', ')})`
  }
}

/** The query that is all of these conditions. */
export function allOf(conditions: readonly Query[]): Query {
  if (conditions.length === 0) return { kind: 'all' }
  return conditions.length === 1 ? conditions[0]! : { kind: 'and', parts: conditions }
}

/** The conditions that must all hold. */
export function conditionsOf(query: Query): readonly Query[] {
  if (query.kind === 'all') return []
  return query.kind === 'and' ? query.parts : [query]
}
