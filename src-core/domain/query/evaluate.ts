import { didYouMean, nearestWords } from '../nearest.ts'
import { QueryError, type ComparisonSign, type Operand, type Query, type QueryValue, type Statistic } from './query.ts'

/** What a query can ask of a row. Fields and metrics that no row has are null, which is an error of the query. */
export interface QuerySource<Row> {
  field(name: string): ((row: Row) => unknown) | null
  metric(statistic: Statistic, name: string): ((row: Row) => number | null) | null
  tags(row: Row): readonly string[]
  /** What plain words are looked for in, in lower case. */
  text(row: Row): string
  readonly fieldNames: () => readonly string[]
  readonly metricNames: () => readonly string[]
}

/**
 * Makes the test that a query stands for. Comparisons are typed: 1 is not "1", and < holds between numbers or between
 * texts alone; what a row does not have is neither equal, smaller nor larger, only != and `not in` hold for it.
 * @throws QueryError for a field or metric that there is not, with the nearest names.
 */
export function compileQuery<Row>(query: Query, source: QuerySource<Row>): (row: Row) => boolean {
  switch (query.kind) {
    case 'all':
      return () => true
    case 'and': {
      const parts = query.parts.map((part) => compileQuery(part, source))
      return (row) => parts.every((part) => part(row))
    }
    case 'or': {
      const parts = query.parts.map((part) => compileQuery(part, source))
      return (row) => parts.some((part) => part(row))
    }
    case 'not': {
      const part = compileQuery(query.part, source)
      return (row) => !part(row)
    }
    case 'word':
      return hasWord(query.word, source)
    case 'short': {
      const { operand, value, word } = query
      // A name that is nearly a field's is a mistake; any other is none, as in 12:30.
      const isWord = !readerIfKnown(operand, source) && hintFor(operand, source) === ''
      return isWord ? hasWord(word, source) : compileQuery({ kind: 'compare', operand, sign: '=', value }, source)
    }
    case 'tag': {
      const tag = query.tag.toLowerCase()
      return (row) => source.tags(row).some((one) => one.toLowerCase() === tag)
    }
    case 'compare': {
      const [read, holds] = [reader(query.operand, source), comparison(query.sign, query.value)]
      return (row) => holds(read(row))
    }
    case 'in': {
      const read = reader(query.operand, source)
      return (row) => query.values.some((value) => isEqual(read(row), value)) !== query.not
    }
  }
}

function hasWord<Row>(text: string, source: QuerySource<Row>): (row: Row) => boolean {
  const word = text.toLowerCase()
  return (row) => source.text(row).includes(word)
}

function readerIfKnown<Row>(operand: Operand, source: QuerySource<Row>): ((row: Row) => unknown) | null {
  return operand.kind === 'field' ? source.field(operand.name) : source.metric(operand.statistic, operand.name)
}

function reader<Row>(operand: Operand, source: QuerySource<Row>): (row: Row) => unknown {
  const found = readerIfKnown(operand, source)
  if (found) return found
  const message = `There is no ${operand.kind} “${operand.name}”.${hintFor(operand, source)}`
  throw new QueryError(message, operand.at, operand.name.length)
}

/** " Did you mean a or b?", or nothing. */
function hintFor<Row>({ kind, name }: Operand, source: QuerySource<Row>): string {
  const known = kind === 'field' ? source.fieldNames() : source.metricNames()
  const near = nearestWords(name, known)
  const ending = known.filter((one) => one.toLowerCase().endsWith(name.toLowerCase())).slice(0, 3)
  return near.length === 0 && ending.length > 0 ? ` Did you mean ${ending.join(' or ')}?` : didYouMean(name, known)
}

function comparison(sign: ComparisonSign, value: QueryValue): (found: unknown) => boolean {
  const text = String(value).toLowerCase()
  switch (sign) {
    case '=':
      return (found) => isEqual(found, value)
    case '!=':
      return (found) => !isEqual(found, value)
    case '~':
      return (found) => contains(found, text)
    case '!~':
      return (found) => !contains(found, text)
    case '<':
      return (found) => isComparable(found, value) && found < value!
    case '<=':
      return (found) => isComparable(found, value) && found <= value!
    case '>':
      return (found) => isComparable(found, value) && found > value!
    case '>=':
      return (found) => isComparable(found, value) && found >= value!
  }
}

/** Lists of one value equal that value; missing values equal null. */
function isEqual(found: unknown, value: QueryValue): boolean {
  if (found === undefined) return value === null
  return found === value || (Array.isArray(found) && found.length === 1 && found[0] === value)
}

function contains(found: unknown, text: string): boolean {
  if (found === null || found === undefined) return false
  return (typeof found === 'string' ? found : JSON.stringify(found)).toLowerCase().includes(text)
}

function isComparable(found: unknown, value: QueryValue): found is string | number {
  return (typeof found === 'number' || typeof found === 'string') && typeof found === typeof value
}
