import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { recipeSpec, recipes } from '../../../src-core/domain/spec/recipes.ts'
import { withAssignments } from '../../../src-core/domain/spec/templates.ts'
import { DraftSpec } from '../../../src-renderer/state/draft-spec.svelte.ts'

function newDraft(recipe = 'alexnet-small'): DraftSpec {
  const draft = new DraftSpec(() => [mnistInfo])
  draft.choose(recipe)
  return draft
}

describe('every recipe', () => {
  it.each(recipes.map(({ id }) => id))('%s can be started as it is', (id) => {
    const draft = newDraft(id)
    expect([draft.problems, draft.ready]).toEqual([{}, true])
    expect(draft.networkCost!.activationMemory).toBeGreaterThan(0)
  })
})

describe('fields that do not go together', () => {
  it('are said at one of them', () => {
    const draft = newDraft()
    draft.set('training.optimizer', 'adam')
    draft.type('training.weightDecay.value', '5e-4')
    expect(draft.problems['training.weightDecay.form']!.message).toMatch(/^Must be gradient or decoupled with adam/)
    draft.set('training.weightDecay.form', 'decoupled')
    expect(draft.ready).toBe(true)
  })

  it('include the pixels that a crop needs', () => {
    const draft = newDraft()
    draft.set('data.augmentation.randomCrop', true)
    expect(draft.problems['data.resize']!.message).toBe("Must be more than the input's 32 pixels for random crops.")
    draft.type('data.resize', '40')
    expect(draft.ready).toBe(true)
  })

  it('warn without standing in the way', () => {
    const draft = newDraft('cifar-004')
    expect(draft.warnings.map(({ path }) => path)).toEqual(['data.testMean'])
    expect(draft.ready).toBe(true)
    draft.type('data.testMean', '')
    expect([draft.warnings, Object.keys(draft.problems)]).toEqual([[], ['data.testMean']])
  })
})

describe('networks that cannot be laid out', () => {
  it('say so at the groups of the layer', () => {
    const draft = newDraft()
    draft.type('model.convolutions.1.groups', '7')
    expect(draft.problems['model.convolutions.1.groups']!.message).toMatch(/^7 groups do not divide the 24 channels/)
    expect(draft.plan.problem).toMatch(/^conv2: 7 groups/)
  })

  it('say so at the field that the error names', () => {
    const draft = newDraft('lenet-5')
    draft.set('model.removed', [1, 2, 3])
    expect(draft.problems['model.removed']!.message).toMatch(/^Must leave at least one convolutional layer/)
    draft.set('model.removed', [])
    draft.set('model.normalization.kind', 'gn')
    expect(draft.problems['model.normalization.gn.groups']!.message).toContain('8 groups do not divide the 6 channels')
  })

  it('say only what is wrong in a field while one is', () => {
    const draft = newDraft()
    draft.type('model.convolutions.0.kernel', 'wide')
    expect(Object.keys(draft.problems)).toEqual(['model.convolutions.0.kernel'])
    expect(draft.plan.problem).toBe('The network can be laid out once the marked fields are right.')
  })
})

describe('fields inside of lists', () => {
  it('of plain numbers are wrong as a whole', () => {
    const draft = newDraft()
    draft.set('data.pixels', 'custom')
    draft.type('data.deviation', '0.2, 0, 0.2')
    expect(draft.problems['data.deviation']!.message).toBe('Must be more than 0.')
    draft.type('data.deviation', '.2 .2 1/5')
    expect(draft.spec!.data.deviation).toEqual([0.2, 0.2, 0.2])
  })

  it('of a block are changed, marked and reset one by one', () => {
    const draft = newDraft()
    draft.type('model.convolutions.1.filters', '128')
    draft.type('model.convolutions.1.pool.size', '2')
    expect(draft.spec!.model.convolutions[1]).toMatchObject({ filters: 128, pool: { kind: 'max', size: 2, stride: 2 } })
    const marked = ['filters', 'pool.size', 'pool.stride'].map((field) =>
      draft.isChanged(`model.convolutions.1.${field}`),
    )
    expect(marked).toEqual([true, true, false])
    draft.reset('model.convolutions.1.pool.size')
    draft.reset('model.convolutions.1.filters')
    expect(draft.changes).toEqual([])
  })

  it('are gone with a pool that is taken out, and come back with it', () => {
    const draft = newDraft()
    draft.type('model.convolutions.0.pool.size', '2')
    draft.set('model.convolutions.0.pool', null)
    expect(draft.spec!.model.convolutions[0]!.pool).toBeNull()
    expect(draft.text('model.convolutions.0.pool.size')).toBe('')
    draft.reset('model.convolutions.0.pool.size')
    expect([draft.changes, draft.text('model.convolutions.0.pool.size')]).toEqual([[], '3'])
  })

  it('of the rate table follow its rows', () => {
    const draft = newDraft('scheduled-002')
    draft.type('training.schedule.table.1.learningRate', '1/1000')
    expect(draft.spec!.training.schedule.table[1]).toEqual({ epochs: 3, learningRate: 0.001 })
    draft.type('training.schedule.table.0.epochs', '')
    expect(draft.problems['training.schedule.table']!.message).toBe('Must name the epochs of all rows but the last.')
    draft.type('training.schedule.table.0.epochs', '0')
    expect(draft.problems['training.schedule.table.0.epochs']).toEqual({ message: 'Must be at least 1.', nearest: 1 })
  })

  it('are toggled in the order of the layers', () => {
    const draft = newDraft()
    const layers = draft.layerNames
    expect(layers).toEqual(['conv1', 'conv2', 'conv3', 'conv4', 'conv5', 'fc6', 'fc7', 'fc8'])
    draft.toggle('model.onesBiases', 'fc6', layers)
    draft.toggle('model.onesBiases', 'conv2', layers)
    expect(draft.spec!.model.onesBiases).toEqual(['conv2', 'fc6'])
    draft.toggle('model.onesBiases', 'fc6', layers)
    expect(draft.spec!.model.onesBiases).toEqual(['conv2'])
  })

  it('leave the names of removed layers out', () => {
    const draft = newDraft()
    draft.set('model.removed', [3])
    expect(draft.layerNames).not.toContain('conv3')
  })

  it('weigh each class', () => {
    const draft = newDraft()
    draft.set('training.classWeights', new Array(10).fill(1))
    draft.type('training.classWeights.3', '2.5')
    expect(draft.spec!.training.classWeights![3]).toBe(2.5)
    draft.type('training.classWeights.3', '-1')
    expect(draft.problems['training.classWeights']!.message).toBe('Must be at least 0.')
  })
})

describe('a run taken over', () => {
  it('keeps its pools, dropouts and table rows', () => {
    const spec = withAssignments(recipeSpec('alexnet-small'), {
      'model.convolutions.0.pool': null,
      'model.dense.0.dropout': { rate: 0.1, position: 'before-dense' },
      'training.schedule.kind': 'table',
      'training.schedule.table': [{ epochs: null, learningRate: 0.02 }],
    })
    const draft = newDraft('keras-bn')
    draft.loadFrom(spec)
    expect(draft.spec).toEqual(spec)
  })

  it('keeps another number of blocks', () => {
    const spec = recipeSpec('alexnet-small')
    spec.model.convolutions = spec.model.convolutions.slice(0, 3)
    spec.model.dense = [{ units: 64, dropout: null }]
    const draft = newDraft()
    draft.loadFrom(spec)
    expect(draft.spec).toEqual(spec)
    draft.type('model.convolutions.2.filters', '32')
    expect(draft.spec!.model.convolutions.map(({ filters }) => filters)).toEqual([96, 256, 32])
  })
})

describe('the cost', () => {
  it('counts what the optimizer keeps', () => {
    const draft = newDraft()
    const { params, trainable } = draft.plan.architecture!
    expect(draft.networkCost!.checkpointBytes).toBe(4 * (params + trainable))
    draft.set('training.optimizer', 'adam')
    expect(draft.networkCost!.checkpointBytes).toBe(4 * (params + 2 * trainable))
    draft.set('training.optimizer', 'sgd')
    expect(draft.networkCost!.weightMemory).toBe(4 * (params + trainable))
  })

  it('counts the activations of a batch, and not those of a wrong one', () => {
    const draft = newDraft()
    const whole = draft.networkCost!.activationMemory!
    draft.type('training.batchSize', '32')
    expect(draft.networkCost!.activationMemory).toBe(whole / 2)
    draft.type('training.batchSize', 'many')
    expect(draft.networkCost!.activationMemory).toBeNull()
  })

  it('counts the steps of the pre-training, and budgets without them', () => {
    const draft = newDraft()
    draft.set('training.pretraining.kind', 'autoencoder')
    expect(draft.work!.totalSteps).toBe(5 * 843 + 5 * 843)
    draft.budgetIn('steps')
    expect(draft.spec!.training.steps).toBe(5 * 843)
  })
})

describe('a proposed name', () => {
  it('says what differs from the recipe', () => {
    const draft = newDraft()
    draft.set('training.optimizer', 'adam')
    draft.set('training.schedule.kind', 'cosine')
    draft.set('model.removed', [2])
    draft.set('data.augmentation.flip', true)
    expect(draft.name).toBe('Small AlexNet, BN, dropout 0.5, without conv2, Adam, cosine, augmented, seed 1')
  })
})
