import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../src-core/domain/query/parse.ts'
import { allOf, conditionsOf, printQuery } from '../../../../src-core/domain/query/print.ts'
import {
  comparisons,
  statistics,
  type Operand,
  type Query,
  type QueryValue,
} from '../../../../src-core/domain/query/query.ts'
import { uniformGenerator } from '../../../../src-core/domain/random.ts'
import { tagSchema } from '../../../../src-core/domain/run.ts'

/** Without the positions of names, which printing does not keep. */
function shape(query: Query): unknown {
  return JSON.parse(JSON.stringify(query, (key, value: unknown) => (key === 'at' ? undefined : value)))
}

const hostileTags = [
  'a(b)',
  'lr=0.1',
  "Ann's",
  'and',
  'not',
  '5',
  '90%',
  'a:b',
  'tag:',
  '~',
  '<=',
  "'",
  "''",
  ')',
  'ü|é',
]
const hostileTexts = [
  ...hostileTags,
  ...['', ' ', '"', '""', `both ' and "`, '"quoted"', "'quoted'", 'two words', ' lead', 'a,b', 'true', 'null', '1/3'],
  ...['-1e-3', 'or', 'IN', 'validation/accuracy', 'last(x)', 'tab\tand\nline', 'x" or state = "y', '\\', '\\"', 'a: b'],
]
const fields = ['model.dropout.rate', 'state', 'in', 'or', "Ann's"]
const metrics = ['validation/accuracy', 'plain', 'train/loss:2', "x/y's"]
const values: QueryValue[] = [0, -0.5, 1e-9, 1e21, true, false, null]

/** Queries of every form, with hostile words in every place that takes one. */
function queryMaker(seed: number): () => Query {
  const random = uniformGenerator(seed)
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const some = <Item>(make: () => Item, least: number): Item[] =>
    Array.from({ length: least + Math.floor(random() * 3) }, make)
  const operand = (): Operand =>
    random() < 0.5
      ? { kind: 'field', name: one(fields), at: 0 }
      : { kind: 'metric', statistic: one(statistics), name: one(metrics), at: 0 }
  const value = (): QueryValue => (random() < 0.5 ? one(hostileTexts) : one(values))
  const short = (): Query => {
    const text = one(hostileTexts)
    return { kind: 'short', operand: { kind: 'field', name: 'state', at: 0 }, value: text, word: `state:${text}` }
  }
  const make = (depth: number): Query => {
    const kinds = [
      'word',
      'tag',
      'short',
      'compare',
      'in',
      ...(depth > 0 ? (['and', 'or', 'not'] as const) : []),
    ] as const
    const kind = one(kinds)
    if (kind === 'word') return { kind, word: one(hostileTexts) }
    if (kind === 'tag') return { kind, tag: one(hostileTags) }
    if (kind === 'short') return short()
    if (kind === 'compare') return { kind, operand: operand(), sign: one(comparisons), value: value() }
    if (kind === 'in') return { kind, operand: operand(), values: some(value, 1), not: random() < 0.5 }
    if (kind === 'not') return { kind, part: make(depth - 1) }
    return { kind, parts: some(() => make(depth - 1), 2) }
  }
  return () => make(3)
}

describe('a query as text', () => {
  it('is read as the same query, whatever its words are', () => {
    const make = queryMaker(11)
    for (let count = 0; count < 5000; count++) {
      const query = make()
      const text = printQuery(query)
      expect([text, shape(parseQuery(text))]).toEqual([text, shape(query)])
    }
  })

  it('holds tags as they are: all that were tried are tags', () => {
    for (const tag of hostileTags) {
      expect(tagSchema.parse(tag)).toBe(tag)
      expect(parseQuery(printQuery({ kind: 'tag', tag }))).toEqual({ kind: 'tag', tag })
    }
  })

  it.each([
    '"batch size" > 5 and "and" = 1',
    'model.dropout.rate >= 0.3 and state in (finished, paused) and tag:baseline',
    'best(validation/accuracy) > 0.9 and name ~ "two words"',
    '(a or b) and not c',
    'training.seed = "2" and state not in (failed)',
    'tag:"lr=0.1" and state:finished and training.learningRate:1/1000',
  ])('%s is printed as it is read', (text) => {
    expect(printQuery(parseQuery(text))).toBe(text)
  })

  it('falls into the conditions that must all hold, and is made of them again', () => {
    const conditions = conditionsOf(parseQuery('lrn state = paused (a or b)'))
    expect(conditions.map(printQuery)).toEqual(['lrn', 'state = paused', 'a or b'])
    expect(printQuery(allOf(conditions))).toBe('lrn and state = paused and (a or b)')
    expect(printQuery(allOf(conditions.slice(2)))).toBe('a or b')
    expect([conditionsOf(parseQuery('')), printQuery(allOf([]))]).toEqual([[], ''])
  })
})
