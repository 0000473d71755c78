import { describe, expect, it } from 'vitest'
import { applyAssignment, parseTypedValue } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'

describe('assignments to lists and objects', () => {
  it.each([
    ['model.convolutions.9.filters=3', 'model.convolutions is a list of 5, counted from 0: set the whole list'],
    ['model.dense.2={"units":3,"dropout":null}', 'model.dense is a list of 2'],
    [
      'model.convolutions.2.pool.kind=max',
      'model.convolutions.2.pool is null: set model.convolutions.2.pool as a whole',
    ],
    ['model.convolutions=3', 'model.convolutions: must be a list such as [1,2], but got 3'],
    ['model.input.channels=2', 'model.input.channels: must be 1 or 3, but got 2'],
    ['training.schedule.table=[]', 'training.schedule.table: must have at least 1 item, but got []'],
    [
      'training.schedule.table=[{"epochs":1}]',
      'training.schedule.table.0.learningRate: must be a number, but got nothing',
    ],
    ['training.schedule.table=[{"epochs":1,"lr":1,"learningRate":1}]', 'no field "training.schedule.table.0.lr"'],
    ['data.mean=0.1,0.2,0.3,4', 'data.mean: must have at most 3 items'],
    ['data.dataset=', 'data.dataset: must have at least 1 character, but got ""'],
    ['model.dropout=0.5', 'model.dropout: must be an object such as'],
    ['data.tenCrop=1', 'data.tenCrop: must be true or false, but got 1'],
    ['training.transfer.frozen=a1', 'training.transfer.frozen.0: must be layer names such as conv2 or fc6'],
  ])('%s says: %s', (assignment, message) => {
    expect(() => applyAssignment(recipeSpec('alexnet-small'), assignment)).toThrow(message)
  })

  it('reads lists of decimals', () => {
    expect(parseTypedValue('0.5, 1e-2,.25')).toEqual([0.5, 0.01, 0.25])
  })
})
