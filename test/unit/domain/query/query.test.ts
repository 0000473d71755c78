import { describe, expect, it } from 'vitest'
import { completions } from '../../../../src-core/domain/query/complete.ts'
import { compileQuery } from '../../../../src-core/domain/query/evaluate.ts'
import { parseQuery, readValue } from '../../../../src-core/domain/query/parse.ts'
import { QueryError } from '../../../../src-core/domain/query/query.ts'
import { runSource } from '../../../../src-core/domain/query/run-source.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { applyAssignment } from '../../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import { sampleRun } from '../../../support/sample-run.ts'

function run(name: string, changes: Partial<Run> = {}, ...set: string[]): Run {
  return sampleRun({ id: name, name, spec: set.reduce(applyAssignment, recipeSpec('alexnet-small')), ...changes })
}

const runs = [
  run('LRN, half', { state: 'finished', tags: ['baseline'] }, 'model.dropout.rate=0.5', 'training.seed=1'),
  run('BN, none', { state: 'paused', notes: 'look again' }, 'model.dropout.rate=0', 'training.seed=2'),
  run('LRN, third', { state: 'running' }, 'model.dropout.rate=0.3', 'training.optimizer=adam'),
]
const accuracies: Record<string, number> = { 'LRN, half': 0.95, 'BN, none': 0.8 }
const source = runSource(
  () => runs.map(({ spec }) => spec),
  () => ['validation/accuracy', 'validation/loss'],
  (id, metric, statistic) => {
    if (metric !== 'validation/accuracy' || !(id in accuracies)) return null
    return statistic === 'max' ? accuracies[id]! : 0.1
  },
)
const find = (query: string): string[] => {
  const matches = compileQuery(parseQuery(query), source)
  return runs.filter(matches).map(({ name }) => name)
}
const failure = (query: string): QueryError => {
  try {
    find(query)
  } catch (error) {
    if (error instanceof QueryError) return error
  }
  throw new Error(`“${query}” was accepted`)
}

describe('a query', () => {
  it('joins comparisons of fields, states, tags, metrics and names', () => {
    expect(
      find(
        'model.dropout.rate >= 0.3 and state in (finished, paused) and tag:baseline and best(validation/accuracy) > 0.9 and name ~ "lrn"',
      ),
    ).toEqual(['LRN, half'])
  })

  it('takes the short names of fields and metrics, in any case', () => {
    expect(find('dropout > 0.2')).toEqual(['LRN, half', 'LRN, third'])
    expect(find('Dropout:0')).toEqual(['BN, none'])
    expect(find('seed = 2 or optimizer = adam')).toEqual(['BN, none', 'LRN, third'])
    expect(find('accuracy > 90%')).toEqual(['LRN, half'])
    expect(find('last(accuracy) < 0.2')).toEqual(['LRN, half', 'BN, none'])
    expect(find('"learning rate" > 1 or "batch size" in (1)')).toEqual([])
    expect(find('norm in (lrn, bn) and not dropout = 0.5')).toEqual(['BN, none', 'LRN, third'])
    expect(find('validation/accuracy < 0.2')).toEqual(['LRN, half', 'BN, none'])
  })

  it('takes no short name that means several things or what no run has', () => {
    expect(failure('kind = lrn').message).toMatch(/^There is no field “kind”\. Did you mean /)
    expect(failure('top1-error > 0.1').message).toContain('There is no field “top1-error”')
    expect(failure('drpout > 0.1').message).toContain('Did you mean dropout')
  })

  it('finds everything when it is empty', () => {
    expect(find('  ')).toHaveLength(3)
  })

  it('takes plain words as words that must all occur', () => {
    expect(find('lrn finished')).toEqual(['LRN, half'])
    expect(find('"BN, none"')).toEqual(['BN, none'])
    expect(find('baseline')).toEqual(['LRN, half'])
  })

  it('takes words with a colon or an apostrophe for what they are', () => {
    const titled = [run('Normalisation: LRN'), run("Ann's 12:30 run"), run('a quote of 3" here')]
    const named = (query: string) => titled.filter(compileQuery(parseQuery(query), source)).map(({ name }) => name)
    expect(named('Normalisation: LRN')).toEqual(['Normalisation: LRN'])
    expect(named("Ann's")).toEqual(["Ann's 12:30 run"])
    expect(named("not Ann's normalisation:")).toEqual(['Normalisation: LRN'])
    expect(named('12:30')).toEqual(["Ann's 12:30 run"])
    expect(named('"quote of 3"""')).toEqual(['a quote of 3" here'])
  })

  it('compares a field with what stands behind its colon', () => {
    expect(find('state:finished')).toEqual(['LRN, half'])
    expect(find('training.seed:2')).toEqual(['BN, none'])
    expect(find('training.seed:"2"')).toEqual([])
    expect(find("name:'BN, none'")).toEqual(['BN, none'])
    expect(failure('stat:finished').message).toContain('Did you mean state?')
    expect(find('seed:2')).toEqual(['BN, none'])
  })

  it('knows not, or, brackets and not in', () => {
    expect(find('not (state = finished or state = paused)')).toEqual(['LRN, third'])
    expect(find('state not in (finished, running)')).toEqual(['BN, none'])
    expect(find('state = finished or seed and state = paused')).toEqual(['LRN, half', 'BN, none'])
  })

  it('compares by type: a number is not a text of the same letters', () => {
    expect(find('training.seed = 2')).toEqual(['BN, none'])
    expect(find('training.seed = "2"')).toEqual([])
    expect(find('model.dropout.rate < "1"')).toEqual([])
    expect(find('training.steps = null')).toHaveLength(3)
  })

  it('reads numbers as people type them', () => {
    expect(['1e-3', '1/1000', '90%', '.5', '-2', 'true', 'null', 'adam', '1/0', '1e999'].map(readValue)).toEqual([
      0.001,
      0.001,
      0.9,
      0.5,
      -2,
      true,
      null,
      'adam',
      '1/0',
      '1e999',
    ])
  })

  it('tells a metric that is not there from one that fails the comparison', () => {
    expect(find('validation/accuracy < 0.5')).toEqual(['LRN, half', 'BN, none'])
    expect(find('best(validation/accuracy) = null')).toEqual(['LRN, third'])
    expect(find('best(validation/accuracy) != 0.8')).toEqual(['LRN, half', 'LRN, third'])
  })

  it('searches texts in any case', () => {
    expect(find('notes ~ LOOK')).toEqual(['BN, none'])
    expect(find('name !~ lrn')).toEqual(['BN, none'])
  })
})

describe('a wrong query', () => {
  it('names the nearest field, with the position', () => {
    expect(failure('state = paused and model.droput.rate > 0')).toMatchObject({
      at: 19,
      length: 17,
      message: 'There is no field “model.droput.rate”. Did you mean model.dropout.rate?',
    })
    expect(failure('layers.dropout.rate > 0').message).toContain('Did you mean model.dropout.rate')
    expect(failure('best(validation/acuracy) > 0').message).toContain('Did you mean validation/accuracy')
  })

  it.each([
    ['training.seed >', 15, /ends too early.*expected a value/],
    ['(state = paused', 15, /expected \)/],
    ['state = paused)', 14, /expected and, or, or the end/],
    ['state in (paused', 16, /expected \) or a comma/],
    ['name ~ "lrn', 7, /quote is not closed/],
    ['mean(validation/loss) > 1', 0, /expected last, best, min or max/],
    ['best(validation/loss)', 21, /expected a sign/],
    ['tag:', 4, /needs a word/],
    ['lrn and', 7, /expected a field/],
    ['a ! b', 2, /means nothing/],
  ])('%s', (query, at, message) => {
    const error = failure(query)
    expect(error.at).toBe(at)
    expect(error.message).toMatch(message)
  })
})

describe('completion', () => {
  const names = ['model.dropout.rate', 'model.dropout.position', 'training.seed', 'state']

  it('offers names whose parts begin with the word at the cursor', () => {
    const [first] = completions('state = paused and dropout', 26, names)
    expect(first).toEqual({ name: 'model.dropout.rate', query: 'state = paused and model.dropout.rate', cursor: 37 })
  })

  it('offers nothing where a value is typed, nor for a letter', () => {
    expect(completions('state = sta', 11, names)).toEqual([])
    expect(completions('s', 1, names)).toEqual([])
  })
})
