import { describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import {
  applyAssignment,
  differences,
  flattenSpec,
  listPaths,
  parseSpec,
  parseTypedValue,
  setAtPath,
} from '../../../src-core/domain/spec/paths.ts'
import { editDistance, nearestWords } from '../../../src-core/domain/nearest.ts'
import { findRecipe, recipes, recipeSpec } from '../../../src-core/domain/spec/recipes.ts'

const spec = recipeSpec('alexnet-small')

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    return (error as WorkbenchError).code
  }
  return 'nothing was thrown'
}

describe('assignments', () => {
  it.each([
    ['1e-3', 0.001],
    ['0.001', 0.001],
    ['1/1000', 0.001],
    ['.5', 0.5],
    ['-2', -2],
    ['all', null],
    ['null', null],
    ['true', true],
    ['lrn', 'lrn'],
    ['1,2,5', [1, 2, 5]],
    ['[1]', [1]],
    ['{"size":3,"stride":2}', { size: 3, stride: 2 }],
  ])('reads %s as people type it', (text, value) => {
    expect(parseTypedValue(text)).toEqual(value)
  })

  it('sets one value and leaves the original alone', () => {
    const changed = applyAssignment(spec, 'training.learningRate=1/1000')
    expect([changed.training.learningRate, spec.training.learningRate]).toEqual([0.001, 0.01])
  })

  it('reaches into the table of blocks', () => {
    expect(applyAssignment(spec, 'model.convolutions.2.filters=128').model.convolutions[2]!.filters).toBe(128)
    expect(applyAssignment(spec, 'model.convolutions.0.pool=null').model.convolutions[0]!.pool).toBeNull()
  })

  it.each([
    ['model.droput.rate=0.5', 'unknown-field'],
    ['model.dropout.rat=0.5', 'unknown-field'],
    ['version=2', 'unknown-field'],
    ['__proto__.polluted=1', 'unknown-field'],
    ['model.__proto__=1', 'unknown-field'],
    ['model.convolutions.9.filters=3', 'unknown-field'],
    ['model.dropout.rate=1.5', 'invalid-value'],
    ['model.dropout.rate=lots', 'invalid-value'],
    ['training.batchSize=2.5', 'invalid-value'],
    ['training.batchSize=0', 'invalid-value'],
    ['training.learningRate=0', 'invalid-value'],
    ['model.normalization.kind=lru', 'invalid-value'],
    ['model.normalization.lrn.n=4', 'invalid-value'],
    ['model.input.size=16', 'invalid-value'],
    ['training.seed', 'usage'],
    ['=3', 'usage'],
  ])('refuses %s as %s', (assignment, code) => {
    expect(codeOf(() => applyAssignment(spec, assignment))).toBe(code)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('says what was expected and what came', () => {
    expect(() => applyAssignment(spec, 'model.dropout.rate=1.5')).toThrow(
      'model.dropout.rate: must be at most 0.95, but got 1.5.',
    )
    expect(() => applyAssignment(spec, 'model.normalization.kind=lru')).toThrow(
      'model.normalization.kind: must be one of none, lrn, bn, gn, but got "lru".',
    )
    expect(() => setAtPath(spec, 'model.rate', 0.5)).toThrow('Did you mean model.dropout.rate')
  })
})

describe('whole specs', () => {
  it.each(recipes.map(({ id }) => id))('%s is a valid spec and survives JSON', (id) => {
    expect(parseSpec(JSON.parse(JSON.stringify(recipeSpec(id))))).toEqual(findRecipe(id).spec)
  })

  it('refuses an unknown key by its path', () => {
    expect(() => parseSpec({ ...spec, training: { ...spec.training, lerningRate: 1 } })).toThrow(
      'The spec has no field "training.lerningRate".',
    )
  })

  it('lists every settable path with a description', () => {
    const paths = listPaths(spec)
    expect(paths.map(({ path }) => path)).toContain('model.normalization.lrn.alpha')
    expect(paths.filter(({ description }) => description === '')).toEqual([])
  })

  it('flattens lists of numbers to one leaf', () => {
    expect(flattenSpec(spec)['model.normalization.blocks']).toEqual([1, 2])
  })

  it('shows only what differs, in type as well as in value', () => {
    const other = applyAssignment(applyAssignment(spec, 'model.normalization.kind=lrn'), 'training.seed=7')
    expect(differences([spec, other])).toEqual([
      { path: 'model.normalization.kind', values: ['bn', 'lrn'] },
      { path: 'training.seed', values: [1, 7] },
    ])
    expect(differences([spec, spec])).toEqual([])
  })
})

describe('recipes', () => {
  it('lists the known ids when one is unknown', () => {
    expect(() => findRecipe('alexnet')).toThrow('Known recipes: alexnet-small, keras-bn, flowers-17, table-lrn')
  })

  it('hands out copies', () => {
    recipeSpec('keras-bn').model.classes = 3
    expect(recipeSpec('keras-bn').model.classes).toBe(1000)
  })
})

describe('words that are nearly right', () => {
  it.each([
    ['training.optimiser', 'Did you mean training.optimizer'],
    ['model.dropot.rate', 'Did you mean model.dropout.rate'],
  ])('%s is answered with what was meant', (path, hint) => {
    expect(() => setAtPath(recipeSpec('alexnet-small'), path, 1)).toThrow(hint)
  })

  it('recipes too', () => {
    expect(() => findRecipe('alexnet-smal')).toThrow('Did you mean alexnet-small?')
    expect(() => findRecipe('resnet')).not.toThrow('Did you mean')
  })

  it('are told from wrong ones by the number of letters that differ', () => {
    expect([editDistance('', 'abc'), editDistance('kitten', 'sitting'), editDistance('same', 'same')]).toEqual([
      3, 3, 0,
    ])
    expect(nearestWords('dropouts', ['dropout', 'schedules', 'augmentation'])).toEqual(['dropout'])
  })
})
