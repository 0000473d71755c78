import { nearestWords } from '../../../../src-core/domain/nearest.ts'

/** What is read of a metric at each place: its value there, or the smallest or largest of all that it had by then. */
export type Reading = 'last' | 'min' | 'max'

/** The values of a metric at the places of a formula, one for each. */
export type FindValues = (metric: string, reading: Reading) => ArrayLike<number>

/** A formula over metrics. */
export interface Expression {
  /** The metrics that it reads, each once. */
  readonly metrics: readonly string[]
  /** The values of the formula at `length` places; NaN where it has none, such as the logarithm of a negative number. */
  evaluate(find: FindValues, length: number): Float64Array
}

/** What is wrong with a formula, in words, and where: an index into its text. */
export class ExpressionError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

type Evaluate = (find: FindValues, length: number) => Float64Array

interface Token {
  readonly kind: 'number' | 'metric' | 'word' | 'sign' | 'end'
  readonly text: string
  readonly at: number
}

/** A metric's name holds slashes and hyphens, so that a division or a difference of names needs spaces. */
const patterns = [
  ['number', /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i],
  ['metric', /^[a-z][a-z0-9-]*(\/[a-z0-9-]+)+/],
  ['word', /^[a-z][a-z0-9]*/i],
  ['sign', /^[-+*/^(),]/],
] as const

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at)
    const space = /^\s+/.exec(rest)?.[0].length ?? 0
    at += space
    if (at >= text.length) break
    const found = patterns
      .map(([kind, pattern]) => ({ kind, text: pattern.exec(text.slice(at))?.[0] }))
      .find((one) => one.text)
    if (!found?.text) throw new ExpressionError(`“${text[at]}” has no meaning in a formula.`, at)
    tokens.push({ kind: found.kind, text: found.text, at })
    at += found.text.length
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }]
}

const oneValue: Readonly<Record<string, (value: number) => number>> = {
  log: (value) => (value > 0 ? Math.log(value) : NaN),
  log10: (value) => (value > 0 ? Math.log10(value) : NaN),
  exp: Math.exp,
  sqrt: Math.sqrt,
  abs: Math.abs,
}
const pairs: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? NaN : a / b),
  '^': (a, b) => a ** b,
  min: Math.min,
  max: Math.max,
}
export const functionNames = [...Object.keys(oneValue), 'min', 'max']

function combined(a: Evaluate, b: Evaluate, pair: (a: number, b: number) => number): Evaluate {
  return (find, length) => {
    const [left, right] = [a(find, length), b(find, length)]
    return left.map((value, index) => pair(value, right[index]!))
  }
}

/** The smallest or largest value so far of the drawn places; what is not a number does not count. */
function soFar(of: Evaluate, pair: (a: number, b: number) => number): Evaluate {
  return (find, length) => {
    let best = NaN
    return of(find, length).map((value) => {
      if (!Number.isNaN(value)) best = Number.isNaN(best) ? value : pair(best, value)
      return best
    })
  }
}

function valuesOf(metric: string, reading: Reading): Evaluate {
  return (find, length) => {
    const values = find(metric, reading)
    return Float64Array.from({ length }, (_, index) => values[index] ?? NaN)
  }
}

/** A parser by descent: sums of products of powers of numbers, metrics, functions and brackets. */
class Parser {
  readonly metrics = new Set<string>()
  /** The metrics that stand for themselves. */
  private readonly bare = new Map<Evaluate, string>()
  private readonly tokens: readonly Token[]
  private readonly known: readonly string[]
  private next = 0

  constructor(tokens: readonly Token[], known: readonly string[]) {
    this.tokens = tokens
    this.known = known
  }

  whole(): Evaluate {
    if (this.ended()) throw new ExpressionError('Write a formula, such as 1 - validation/accuracy.', 0)
    const result = this.sum()
    if (!this.ended()) {
      throw new ExpressionError(`Expected an operator such as + before “${this.token.text}”.`, this.token.at)
    }
    return result
  }

  private ended(): boolean {
    return this.token.kind === 'end'
  }

  private get token(): Token {
    return this.tokens[this.next]!
  }

  private take(...signs: string[]): string | null {
    if (this.token.kind !== 'sign' || !signs.includes(this.token.text)) return null
    return this.tokens[this.next++]!.text
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw new ExpressionError(`Expected “${sign}” ${this.place()}.`, this.token.at)
  }

  private place(): string {
    return this.token.kind === 'end' ? 'at the end' : `before “${this.token.text}”`
  }

  private sum(): Evaluate {
    let result = this.product()
    for (let sign = this.take('+', '-'); sign; sign = this.take('+', '-')) {
      result = combined(result, this.product(), pairs[sign]!)
    }
    return result
  }

  private product(): Evaluate {
    let result = this.signed()
    for (let sign = this.take('*', '/'); sign; sign = this.take('*', '/')) {
      result = combined(result, this.signed(), pairs[sign]!)
    }
    return result
  }

  private signed(): Evaluate {
    if (!this.take('-')) return this.power()
    const of = this.signed()
    return (find, length) => of(find, length).map((value) => -value)
  }

  private power(): Evaluate {
    const base = this.value()
    return this.take('^') ? combined(base, this.signed(), pairs['^']!) : base
  }

  private value(): Evaluate {
    const { kind, text, at } = this.token
    if (this.take('(')) {
      const inner = this.sum()
      this.expect(')')
      return inner
    }
    if (kind === 'end' || kind === 'sign') {
      throw new ExpressionError(`Expected a number or a metric ${this.place()}.`, at)
    }
    this.next += 1
    if (kind === 'number') {
      const number = Number(text)
      return (_, length) => new Float64Array(length).fill(number)
    }
    return kind === 'metric' ? this.metric(text, at) : this.call(text, at)
  }

  private metric(name: string, at: number): Evaluate {
    if (!this.known.includes(name)) {
      const near = nearestWords(name, this.known)
      const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''
      throw new ExpressionError(
        `These runs have no metric “${name}”.${hint} A division or a difference needs spaces around its sign.`,
        at,
      )
    }
    this.metrics.add(name)
    const evaluate = valuesOf(name, 'last')
    this.bare.set(evaluate, name)
    return evaluate
  }

  private call(name: string, at: number): Evaluate {
    if (!functionNames.includes(name)) {
      throw new ExpressionError(`There is no “${name}”. The functions are ${functionNames.join(', ')}.`, at)
    }
    this.expect('(')
    const values = [this.sum()]
    while (this.take(',')) values.push(this.sum())
    this.expect(')')
    const single = oneValue[name]
    if (single && values.length > 1) throw new ExpressionError(`${name} takes one value.`, at)
    if (single) return (find, length) => values[0]!(find, length).map(single)
    const pair = pairs[name]!
    if (values.length > 1) return values.reduce((a, b) => combined(a, b, pair))
    const metric = this.bare.get(values[0]!)
    return metric === undefined ? soFar(values[0]!, pair) : valuesOf(metric, name === 'min' ? 'min' : 'max')
  }
}

/**
 * Reads a formula over metrics: numbers, names of metrics, + - * / ^, brackets, log, log10, exp, sqrt, abs, min and max.
 * Of one metric, min and max are the smallest and largest of all its values so far; of another formula, of its values
 * at the places so far.
 * @throws ExpressionError saying what is wrong and where
 */
export function parseExpression(text: string, knownMetrics: readonly string[]): Expression {
  const parser = new Parser(tokensOf(text), knownMetrics)
  const evaluate = parser.whole()
  if (parser.metrics.size === 0) throw new ExpressionError('A formula needs at least one metric.', 0)
  return { metrics: [...parser.metrics], evaluate }
}
