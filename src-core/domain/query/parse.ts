import {
  comparisons,
  QueryError,
  statistics,
  type ComparisonSign,
  type Operand,
  type Query,
  type QueryValue,
  type Statistic,
} from './query.ts'
import { tokensOf, type Token } from './tokens.ts'

/**
 * Reads a query such as `model.dropout.rate >= 0.3 and state in (finished, paused) and tag:baseline`. Words that are
 * no part of a comparison must occur in what the table says of a run; what stands side by side must all hold.
 *
 *     query = and ("or" and)*          and = not (["and"] not)*          not = "not" not | "(" query ")" | term
 *     term = "tag:" word | word ":" value | operand sign value | operand ["not"] "in" "(" value ("," value)* ")" | word
 *     word = letters without blanks, signs and brackets | quoted text, in which twice the quote stands for itself
 *     operand = field | metric | quoted text | ("last" | "best" | "min" | "max") "(" metric ")"
 *
 * @throws QueryError with the position of what is wrong and what was expected there.
 */
export function parseQuery(text: string): Query {
  const parser = new Parser(tokensOf(text))
  return parser.whole()
}

/** Reads a value as it is typed: numbers, 1/1000, 90%, true, false and null; anything else and what is quoted is text. */
export function readValue(text: string): QueryValue {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  const number = readNumber(text)
  return Number.isFinite(number) ? number : text
}

/** NaN for what is no number. */
function readNumber(text: string): number {
  const fraction = /^([-+]?[\d.]+)\/([\d.]+)$/.exec(text)
  if (fraction) return Number(fraction[1]) / Number(fraction[2])
  if (/^[-+]?(\d+\.?\d*|\.\d+)%$/.test(text)) return Number(text.slice(0, -1)) / 100
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN
}

const isStatistic = (text: string): text is Statistic => (statistics as readonly string[]).includes(text)

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Query {
    if (this.#peek().kind === 'end') return { kind: 'all' }
    const query = this.#or()
    const rest = this.#peek()
    if (rest.kind === 'end') return query
    throw this.#unexpected(rest, 'and, or, or the end')
  }

  #or(): Query {
    const parts = [this.#and()]
    while (this.#takeWord('or')) parts.push(this.#and())
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts }
  }

  #and(): Query {
    const parts = [this.#not()]
    for (;;) {
      const explicit = this.#takeWord('and')
      const { kind, text } = this.#peek()
      const begins = kind === 'open' || kind === 'text' || (kind === 'word' && text.toLowerCase() !== 'or')
      if (!explicit && !begins) break
      parts.push(this.#not())
    }
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts }
  }

  #not(): Query {
    if (this.#takeWord('not')) return { kind: 'not', part: this.#not() }
    if (this.#peek().kind !== 'open') return this.#term()
    this.#next++
    const inside = this.#or()
    this.#expect('close', ')')
    return inside
  }

  #term(): Query {
    const token = this.#take()
    if (token.kind === 'text') return this.#quoted(token)
    if (token.kind !== 'word') throw this.#unexpected(token, 'a field, a metric, tag:NAME or a word')
    const colon = token.text.indexOf(':')
    if (colon > 0) return this.#short(token, colon)
    const operand = this.#operand(token)
    const { kind } = this.#peek()
    if (kind === 'sign') return this.#comparison(operand)
    if (this.#startsIn()) return this.#in(operand)
    if (operand.kind === 'metric' && token.text !== operand.name) {
      throw this.#unexpected(this.#peek(), 'a sign such as > after the metric')
    }
    return { kind: 'word', word: token.text }
  }

  /** A name of several words, such as "batch size", when something is asked of it; else text that must occur. */
  #quoted(token: Token): Query {
    if (this.#peek().kind === 'sign') return this.#comparison(this.#field(token, token.text))
    return this.#startsIn() ? this.#in(this.#field(token, token.text)) : { kind: 'word', word: token.text }
  }

  /** `tag:baseline`, `state:finished`; a word with nothing behind its colon is a word. */
  #short(token: Token, colon: number): Query {
    const name = token.text.slice(0, colon)
    const written = token.text.slice(colon + 1)
    const at = token.at + token.length
    const isQuoted = written === '' && this.#peek().kind === 'text' && this.#peek().at === at
    const text = isQuoted ? this.#take().text : written
    const isTag = name.toLowerCase() === 'tag'
    if (isTag && text === '') throw new QueryError(`${name}: needs a word behind the colon, such as tag:baseline.`, at)
    if (isTag) return { kind: 'tag', tag: text }
    if (text === '' && !isQuoted) return { kind: 'word', word: token.text }
    const value = isQuoted ? text : readValue(text)
    return { kind: 'short', operand: this.#field(token, name), value, word: `${name}:${text}` }
  }

  #operand(token: Token): Operand {
    const isFunction = this.#peek().kind === 'open' && this.#peek().at === token.at + token.length
    if (!isFunction) return this.#field(token, token.text)
    if (!isStatistic(token.text)) {
      throw new QueryError(`There is no ${token.text}(): expected last, best, min or max.`, token.at, token.length)
    }
    this.#next++
    const metric = this.#expect('word', 'a metric such as validation/accuracy')
    this.#expect('close', ')')
    return { kind: 'metric', statistic: token.text, name: metric.text, at: metric.at }
  }

  /** A name with a slash is a metric's: its newest value is meant. */
  #field({ at }: Token, name: string): Operand {
    return name.includes('/') ? { kind: 'metric', statistic: 'last', name, at } : { kind: 'field', name, at }
  }

  #comparison(operand: Operand): Query {
    const sign = this.#take().text as ComparisonSign
    if (!comparisons.includes(sign)) throw new QueryError(`There is no sign ${sign}.`, operand.at)
    return { kind: 'compare', operand, sign, value: this.#value() }
  }

  #startsIn(): boolean {
    const [first, second] = [this.#peek(), this.#tokens[this.#next + 1]]
    const bracketAfter = (at: number): boolean => this.#tokens[this.#next + at]?.kind === 'open'
    if (isWord(first, 'in')) return bracketAfter(1)
    return isWord(first, 'not') && isWord(second, 'in') && bracketAfter(2)
  }

  #in(operand: Operand): Query {
    const not = this.#takeWord('not')
    this.#takeWord('in')
    this.#expect('open', '(')
    const values = [this.#value()]
    while (this.#peek().kind === 'comma') {
      this.#next++
      values.push(this.#value())
    }
    this.#expect('close', ') or a comma')
    return { kind: 'in', operand, values, not }
  }

  #value(): QueryValue {
    const token = this.#take()
    if (token.kind === 'text') return token.text
    if (token.kind === 'word') return readValue(token.text)
    throw this.#unexpected(token, 'a value such as 0.5, finished or "two words"')
  }

  #peek(): Token {
    return this.#tokens[this.#next]!
  }

  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next++
    return token
  }

  #takeWord(word: string): boolean {
    const found = isWord(this.#peek(), word)
    if (found) this.#next++
    return found
  }

  #expect(kind: Token['kind'], what: string): Token {
    const token = this.#peek()
    if (token.kind !== kind) throw this.#unexpected(token, what)
    this.#next++
    return token
  }

  #unexpected({ kind, text, at, length }: Token, expected: string): QueryError {
    const found = kind === 'end' ? 'The query ends too early' : `“${text}” is out of place`
    return new QueryError(`${found}: expected ${expected}.`, at, Math.max(1, length))
  }
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word
}
