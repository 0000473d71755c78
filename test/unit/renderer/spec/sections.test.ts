import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../../src-core/domain/dataset.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { listPaths } from '../../../../src-core/domain/spec/paths.ts'
import { recipeSpec, recipes } from '../../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../../src-core/domain/spec/run-spec.ts'
import { withAssignments } from '../../../../src-core/domain/spec/templates.ts'
import { configurationTable } from '../../../../src-renderer/lib/run/compare-rows.ts'
import { sectionIds, sectionOf, sections } from '../../../../src-renderer/lib/spec/sections.ts'
import { DraftSpec } from '../../../../src-renderer/state/draft-spec.svelte.ts'
import { newRun } from '../../../support/renderer/sample-runs.ts'

const summaries = (spec: RunSpec): Record<string, string> =>
  Object.fromEntries(sectionIds.map((id) => [id, sections[id].summary(spec)]))

describe('the sections of New run', () => {
  it('say in a line what is set', () => {
    expect(summaries(recipeSpec('paper-003'))).toEqual({
      data: 'all images, standardised, random crop, mirror, colour shift, ten crops',
      network: '227 px, 5 conv, 3 fc, ReLU',
      normalization: 'LRN, blocks 1 2',
      regularization: 'Dropout 0.5, decay 0.0005',
      optimizer: 'SGD with momentum, 0.01, batch 128',
      schedule: 'Reduce on plateau, 90 epochs, seed 1',
      pretraining: 'None',
      transfer: 'Random first weights',
      advanced: 'Softmax, 5 layers with ones, best by validation accuracy',
    })
  })

  it('say what is changed', () => {
    const spec = withAssignments(recipeSpec('alexnet-small'), {
      'model.removed': [3],
      'model.normalization.kind': 'none',
      'model.normalization.dense': 'gn',
      'training.schedule.kind': 'table',
      'training.schedule.warmupEpochs': 0.5,
      'training.pretraining.kind': 'rbm',
      'training.transfer.from': 'run:abc@10',
      'training.transfer.frozen': ['conv1', 'conv2'],
      'training.transfer.layerFactor': 0.5,
    })
    expect(summaries(spec)).toMatchObject({
      network: '32 px, 4 conv, 3 fc, width 0.25, ReLU',
      normalization: 'None, GN in fc',
      optimizer: 'SGD with momentum, batch 64',
      schedule: 'Table by epoch, warm-up, 5 epochs, seed 1',
      pretraining: 'Restricted Boltzmann machine, 1 epoch per layer',
      transfer: 'From a run, 2 frozen, rate factor 0.5',
    })
  })

  it('go on while a field is being typed', () => {
    const draft = new DraftSpec(() => [mnistInfo])
    draft.type('training.learningRate', '0.0x')
    draft.type('training.batchSize', '')
    expect(sections.optimizer.summary(draft.candidate)).toBe('SGD with momentum, 0.0x, batch ')
  })

  it('hold every path of every recipe', () => {
    const found = new Set(recipes.flatMap(({ spec }) => listPaths(spec)).map(({ path }) => sectionOf(path)))
    expect([...found].sort()).toEqual([...sectionIds].sort())
  })
})

describe('the comparison', () => {
  it('leaves out what has no effect, and says so where it has none in one run', () => {
    const base = recipeSpec('alexnet-small')
    const runOf = (id: string, set: Record<string, unknown>): Run =>
      newRun(id, id, withAssignments(base, set), 0, Date.UTC(2026, 0))
    const adam = runOf('a', { 'training.optimizer': 'adam', 'training.schedule.factor': 0.5, 'training.momentum': 0.8 })
    const rows = configurationTable([adam, runOf('b', {})], false)
    expect(rows.map(({ label, cells }) => [label, ...cells.map(({ text }) => text)])).toEqual([
      ['Optimizer', 'adam', 'momentum'],
      ['Momentum', '–', '0.9'],
    ])
  })
})
