import { describe, expect, it } from 'vitest'
import { flattenSpec, listPaths } from '../../../../src-core/domain/spec/paths.ts'
import { recipes, recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import { withAssignments } from '../../../../src-core/domain/spec/templates.ts'
import { choicesFor } from '../../../../src-renderer/lib/spec/choices.ts'
import { fieldFacts } from '../../../../src-renderer/lib/spec/field-schema.ts'
import { fieldLabel } from '../../../../src-renderer/lib/spec/labels.ts'
import { sectionOf } from '../../../../src-renderer/lib/spec/sections.ts'
import { specGroups } from '../../../../src-renderer/lib/spec/spec-groups.ts'

/** Paths of all recipes, and of a spec in which everything that may be absent is there. */
const full = withAssignments(recipeSpec('alexnet-small'), {
  'model.dense.0.dropout': { rate: 0.2, position: 'before-dense' },
})
const paths = [...new Set([full, ...recipes.map(({ spec }) => spec)].flatMap((spec) => listPaths(spec)))].map(
  ({ path }) => path,
)

describe('labels', () => {
  it('name every path in words', () => {
    expect(paths.filter((path) => fieldLabel(path) === path)).toEqual([])
  })

  it('tell all paths of a spec apart', () => {
    const labels = Object.keys(flattenSpec(full)).map(fieldLabel)
    expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([])
  })

  it('leave an unknown path as it is', () => {
    expect(fieldLabel('training.unknown')).toBe('training.unknown')
  })
})

describe('fields', () => {
  it('are all described by the schema', () => {
    expect(paths.filter((path) => fieldFacts(path).description === '')).toEqual([])
  })

  it('know what may be empty, what is a list and what there is to choose from', () => {
    expect(fieldFacts('data.resize')).toMatchObject({ nullable: true, list: false, choices: [] })
    expect(fieldFacts('training.transfer.frozen')).toMatchObject({ nullable: false, list: true })
    expect(fieldFacts('model.input.channels').choices).toEqual([1, 3])
    expect(choicesFor('training.optimizer')[3]).toEqual({ value: 'adam', title: 'Adam' })
  })

  it.each([
    ['data.augmentation.flip', 'data'],
    ['model.convolutions.0.filters', 'network'],
    ['model.normalization.lrn.n', 'normalization'],
    ['training.weightDecay.form', 'regularization'],
    ['training.adam.beta1', 'optimizer'],
    ['training.schedule.table.0.epochs', 'schedule'],
    ['training.classWeights', 'advanced'],
  ])('of %s stand in the section %s', (path, section) => {
    expect(sectionOf(path)).toBe(section)
  })
})

describe('the configuration panel', () => {
  const lineOf = (spec: typeof full, path: string): string | undefined =>
    specGroups(spec)
      .flatMap(({ lines }) => lines)
      .find((line) => line.path === path)?.text

  it('shows what applies and nothing else, each line once', () => {
    const lines = specGroups(full).flatMap((group) => group.lines)
    const shown = lines.map(({ path }) => path)
    expect(new Set(shown).size).toBe(shown.length)
    expect(shown).toContain('training.momentum')
    expect(shown).not.toContain('training.adam.beta1')
    expect(shown).not.toContain('training.schedule.table')
  })

  it('reads blocks, tables and augmentation in a line each', () => {
    const paper = recipeSpec('paper-003')
    expect(lineOf(paper, 'model.convolutions.1')).toBe('256 of 5×5/1 same, 2 groups, max 3/2')
    expect(lineOf(paper, 'data.augmentation.flip')).toBe('yes')
    expect(lineOf(full, 'data.augmentation')).toBe('none')
    expect(lineOf(full, 'model.dense.0')).toBe('4096, dropout 0.2 before-dense')
    expect(lineOf(recipeSpec('scheduled-002'), 'training.schedule.table')).toBe(
      '2 × 0.0005, 3 × 0.0002, 4 × 5e-5, then 1e-5',
    )
    const removed = withAssignments(full, { 'model.removed': [1] })
    expect(lineOf(removed, 'model.convolutions.0')).toBe('removed, max 3/2')
  })

  it('goes on showing augmentation that a recipe has and the run has not', () => {
    const spec = withAssignments(recipeSpec('paper-003'), {
      'data.augmentation.flip': false,
      'data.augmentation.randomCrop': false,
      'data.augmentation.colorShift': 0,
    })
    expect(lineOf(spec, 'data.augmentation.flip')).toBe('no')
  })
})
