import { describe, expect, it } from 'vitest'
import { lastEvaluation, rowsOf, type Evaluation } from '../../../src-core/report/evaluation.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { newFolder } from '../../support/cli.ts'
import { sampleConfusion, sampleRun } from '../../support/sample-run.ts'

function recorded(...steps: readonly (readonly [step: number, part: 'validation' | 'test'])[]): Evaluation | null {
  const workspace = openWorkspace(newFolder(), { application: 'a test' })
  try {
    const { id, name, createdAt } = sampleRun()
    workspace.runs.insert({ id, name, spec: recipeSpec('alexnet-small'), parameters: 1, createdAt })
    for (const [step, part] of steps) workspace.artifacts.add(id, sampleConfusion(step, part))
    workspace.artifacts.add(id, {
      kind: 'diverged-batch', step: 99, what: 'loss', learningRate: 1, images: [0], labels: [0],
    }) // prettier-ignore
    return lastEvaluation(workspace, workspace.runs.find(id)!)
  } finally {
    workspace.close()
  }
}

describe('last evaluation of a run', () => {
  it('is the newest confusion matrix, with the names of the classes', () => {
    expect(recorded([3, 'validation'], [6, 'validation'], [6, 'test'])).toMatchObject({ step: 6, part: 'test' })
    expect(recorded([3, 'validation'], [6, 'validation'])).toMatchObject({
      step: 6,
      part: 'validation',
      labels: ['0', '1'],
    })
  })

  it('is null for a run without one', () => {
    expect(recorded()).toBeNull()
  })
})

describe('rows of the classes', () => {
  it('tell images, accuracy and the most frequent mistake', () => {
    const confusion = { classes: 3, counts: [8, 1, 1, 0, 5, 0, 0, 0, 0] }
    expect(rowsOf({ part: 'test', step: 1, confusion, labels: ['a', 'b', 'c'] })).toEqual([
      { label: 'a', images: 10, accuracy: 0.8, takenFor: 'b' },
      { label: 'b', images: 5, accuracy: 1, takenFor: null },
      { label: 'c', images: 0, accuracy: null, takenFor: null },
    ])
  })
})
