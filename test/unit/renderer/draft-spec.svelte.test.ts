import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { differences } from '../../../src-core/domain/spec/paths.ts'
import { sampleExperiment } from '../../../src-core/domain/spec/sample-experiment.ts'
import { DraftSpec } from '../../../src-renderer/state/draft-spec.svelte.ts'

function newDraft(recipe = 'alexnet-small'): DraftSpec {
  const draft = new DraftSpec(() => [mnistInfo])
  draft.choose(recipe)
  return draft
}

describe('a draft', () => {
  it('starts as its recipe, with the classes of the data set', () => {
    const draft = newDraft('table-lrn')
    expect([draft.ready, draft.changes, draft.spec!.model.classes]).toEqual([true, [], 10])
  })

  it.each([
    ['1e-3', 0.001],
    ['0.001', 0.001],
    ['1/1000', 0.001],
    [' .5 ', 0.5],
  ])('reads %s as a learning rate', (text, value) => {
    const draft = newDraft()
    draft.type('training.learningRate', text)
    expect([draft.spec!.training.learningRate, draft.text('training.learningRate')]).toEqual([value, text])
    draft.leave('training.learningRate')
    expect(draft.text('training.learningRate')).toBe(String(value))
  })

  it('says in words what is wrong and what would be right', () => {
    const draft = newDraft()
    draft.type('model.dropout.rate', '1.5')
    draft.type('training.batchSize', '0')
    draft.type('training.learningRate', 'fast')
    draft.type('training.momentum', '')
    expect(draft.problems).toMatchObject({
      'model.dropout.rate': { message: 'Must be at most 0.95.', nearest: 0.95 },
      'training.batchSize': { message: 'Must be at least 1.', nearest: 1 },
      'training.learningRate': { nearest: null },
      'training.momentum': { message: 'Needs a number.' },
    })
    expect([draft.ready, draft.spec]).toEqual([false, null])
  })

  it('keeps what was typed in a field that is wrong', () => {
    const draft = newDraft()
    draft.type('training.seed', '12x')
    draft.leave('training.seed')
    expect(draft.text('training.seed')).toBe('12x')
  })

  it('finds the nearest input size for which the layers have room', () => {
    const draft = newDraft('table-lrn')
    draft.type('model.input.size', '40')
    const { nearest } = draft.problems['model.input.size']!
    expect(draft.plan.problem).toContain('too small')
    draft.set('model.input.size', nearest)
    expect([draft.ready, draft.plan.problem]).toEqual([true, null])
  })

  it('knows how many images there are', () => {
    const draft = newDraft()
    draft.type('data.trainImages', '70,000')
    expect(draft.problems['data.trainImages']).toMatchObject({ nearest: 60_000 })
    draft.type('data.trainImages', '40')
    expect(draft.problems['training.batchSize']).toMatchObject({ nearest: 36 })
    draft.type('data.trainImages', '')
    expect(draft.spec!.data.trainImages).toBeNull()
  })

  it('marks what differs from the recipe and resets it one by one', () => {
    const draft = newDraft()
    draft.type('training.seed', '7')
    draft.set('model.normalization.kind', 'lrn')
    expect(draft.changes.map(({ path }) => path)).toEqual(['training.seed', 'model.normalization.kind'])
    draft.reset('training.seed')
    draft.set('model.normalization.kind', 'bn')
    expect(draft.changes).toEqual([])
  })

  it('proposes a name until there is one of its own', () => {
    const draft = newDraft()
    draft.set('model.normalization.kind', 'lrn')
    expect(draft.name).toBe('Small AlexNet, LRN, dropout 0.5, seed 1')
    draft.type('training.learningRate', '1e-3')
    expect(draft.name).toBe('Small AlexNet, LRN, dropout 0.5, lr 0.001, seed 1')
    draft.nameText = ' '
    expect([draft.nameProblem, draft.ready]).toEqual(['A name needs at least one character.', false])
  })

  it('costs the network even while another field is wrong', () => {
    const draft = newDraft()
    draft.type('training.batchSize', 'many')
    expect([draft.networkCost!.params, draft.work]).toEqual([draft.plan.architecture!.params, null])
    draft.type('training.batchSize', '64')
    expect(draft.work).toMatchObject({
      trainingImages: 54_000,
      validationImages: 6_000,
      stepsPerEpoch: 843,
      totalSteps: 4_215,
    })
  })

  it('counts its budget in steps when asked to', () => {
    const draft = newDraft()
    draft.budgetIn('steps')
    expect(draft.spec!.training.steps).toBe(4_215)
    draft.budgetIn('epochs')
    expect(draft.spec!.training.steps).toBeNull()
  })

  it('takes over the experiment of a run', () => {
    const spec = recipeSpec('keras-bn')
    spec.training.seed = 9
    spec.model.convolutions[0]!.filters = 64
    const draft = newDraft()
    draft.loadFrom(spec)
    expect(draft.spec).toEqual({ ...spec, model: { ...spec.model, classes: 10 } })
  })
})

describe('the sample experiment', () => {
  it('is two runs that differ in the normalisation alone', () => {
    expect(differences(sampleExperiment.runs.map(({ spec }) => spec))).toEqual([
      { path: 'model.normalization.kind', values: ['lrn', 'bn'] },
    ])
  })
})
