import { QueryError } from './query.ts'

export interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'open' | 'close' | 'comma' | 'end'
  /** The word, the text without its quotes, or the sign. */
  readonly text: string
  readonly at: number
  readonly length: number
}

const signs = /^(?:!=|!~|<=|>=|==|[=<>~])/
const word = /^[^\s()<>=!~,"']+/

/**
 * Cuts a query into words, quoted texts, signs and brackets; the last token is `end`.
 * @throws QueryError for a text whose quote is not closed, or a letter that means nothing.
 */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < query.length;) {
    if (/\s/.test(query[at]!)) {
      at++
      continue
    }
    const token = tokenAt(query, at)
    tokens.push(token)
    at += token.length
  }
  return [...tokens, { kind: 'end', text: '', at: query.length, length: 0 }]
}

function tokenAt(query: string, at: number): Token {
  const letter = query[at]!
  const single = { '(': 'open', ')': 'close', ',': 'comma' }[letter] as Token['kind'] | undefined
  if (single) return { kind: single, text: letter, at, length: 1 }
  if (letter === '"' || letter === "'") return quoted(query, at, letter)
  const rest = query.slice(at)
  const sign = signs.exec(rest)?.[0]
  if (sign !== undefined) return { kind: 'sign', text: sign === '==' ? '=' : sign, at, length: sign.length }
  const found = word.exec(rest)?.[0]
  if (found !== undefined) return { kind: 'word', text: found, at, length: found.length }
  throw new QueryError(`“${letter}” means nothing here: expected a word, a field or a sign such as = or !=.`, at)
}

function quoted(query: string, at: number, quote: string): Token {
  const end = query.indexOf(quote, at + 1)
  if (end < 0) throw new QueryError(`The quote is not closed: expected another ${quote}.`, at, query.length - at)
  return { kind: 'text', text: query.slice(at + 1, end), at, length: end + 1 - at }
}
