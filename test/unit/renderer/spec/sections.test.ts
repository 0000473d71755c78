import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../../src-core/domain/dataset.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { listPaths } from '../../../../src-core/domain/spec/paths.ts'
import { recipeSpec, recipes } from '../../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../../src-core/domain/spec/run-spec.ts'
import { withAssignments } from '../../../../src-core/domain/spec/templates.ts'
import { diffRuns } from '../../../../src-core/domain/comparison/spec-diff.ts'
import { cellText, marks, matchesSearch } from '../../../../src-renderer/components/compare/configuration/diff-view.ts'
import { applies } from '../../../../src-renderer/lib/spec/applies.ts'
import { fieldLabel } from '../../../../src-renderer/lib/spec/labels.ts'
import { sectionIds, sectionOf, sections } from '../../../../src-renderer/lib/spec/sections.ts'
import { DraftSpec } from '../../../../src-renderer/state/draft-spec.svelte.ts'
import { newRun, sampleEnvironment } from '../../../support/renderer/sample-runs.ts'

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
  const base = recipeSpec('alexnet-small')
  const runOf = (id: string, set: Record<string, unknown>): Run =>
    newRun(id, id, withAssignments(base, set), 0, Date.UTC(2026, 0))

  it('leaves out what has no effect, and says so where it has none in one run', () => {
    const adam = runOf('a', { 'training.optimizer': 'adam', 'training.schedule.factor': 0.5, 'training.momentum': 0.8 })
    const fields = diffRuns([adam, runOf('b', {})], 0, applies)
    const optimizer = fields.filter(({ path }) => ['training.optimizer', 'training.momentum'].includes(path))
    expect(optimizer.map((field) => [fieldLabel(field.path), cellText(field, 0), cellText(field, 1)])).toEqual([
      ['Optimizer', 'Adam', 'SGD with momentum'],
      ['Momentum', 'does not apply', '0.9'],
    ])
    expect(fields.some(({ path }) => path === 'training.schedule.factor')).toBe(false)
    expect(fields.some(({ path }) => path === 'training.adam.beta1')).toBe(true)
  })

  it('says values in words, and what is not known', () => {
    const bn = runOf('a', { 'model.normalization.kind': 'bn' })
    const lrn = runOf('b', { 'model.normalization.kind': 'lrn' })
    const fields = diffRuns(
      [
        { ...bn, environment: null },
        { ...lrn, environment: sampleEnvironment },
      ],
      0,
      applies,
    )
    const texts = (path: string): string[] => {
      const field = fields.find((one) => one.path === path)!
      return [cellText(field, 0), cellText(field, 1), marks[field.cells[1]!.state].glyph]
    }
    expect(texts('model.normalization.kind')).toEqual(['Batch normalisation', 'Local response normalisation', '≠'])
    expect(texts('environment.device')).toEqual(['not recorded', 'CPU', '+'])
  })

  it('is searched by label, by the names of the groups and by path', () => {
    const [field] = diffRuns([runOf('a', {})], 0, applies).filter(({ path }) => path === 'training.weightDecay.value')
    expect(
      ['decay', 'TRAINING decay', 'weightDecay.value', 'momentum'].map((words) => matchesSearch(field!, words)),
    ).toEqual([true, true, true, false])
  })
})
