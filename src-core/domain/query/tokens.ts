import { QueryError } from './query.ts'

export interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'open' | 'close' | 'comma' | 'end'
  /** The word, the text without its quotes, or the sign. */
  readonly text: string
  readonly at: number
  readonly length: number
}

const signs = /^(?:!=|!~|<=|>=|==|[=<>~])/
/** A quote within a word belongs to it (Ann's), but for one behind a colon (tag:"a b"). */
const word = /^[^\s()<>=!~,"'](?:[^\s()<>=!~,"']|(?<!:)["'])*/

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

/** Twice the quote within a quoted text is the quote itself. */
function quoted(query: string, at: number, quote: string): Token {
  let end = query.indexOf(quote, at + 1)
  while (end >= 0 && query[end + 1] === quote) end = query.indexOf(quote, end + 2)
  if (end < 0) throw new QueryError(`The quote is not closed: expected another ${quote}.`, at, query.length - at)
  const text = query.slice(at + 1, end).replaceAll(quote + quote, quote)
  return { kind: 'text', text, at, length: end + 1 - at }
}
