import { quoted } from '../../../src-cli/workspace.ts'
import { describe, expect, it, vi } from 'vitest'
import * as specOptions from '../../../src-cli/spec-options.ts'
import { printFitting, printWarnings, specFromSet, type SpecOptions } from '../../../src-cli/spec-options.ts'
import { queryExamples, queryHelp } from '../../../src-cli/runs/query-help.ts'
import { compileQuery } from '../../../src-core/domain/query/evaluate.ts'
import { parseQuery } from '../../../src-core/domain/query/parse.ts'
import { runSource } from '../../../src-core/domain/query/run-source.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { pathHelp, recipeHelp } from '../../../src-cli/spec-help.ts'
import {
  formatBest,
  formatBytes,
  formatDuration,
  formatNumber,
  formatPercent,
  wrapped,
} from '../../../src-cli/terminal/format.ts'
import { printNotice, singleLine } from '../../../src-cli/terminal/output.ts'
import { builtInDatasets } from '../../../src-core/domain/dataset.ts'
import { listPaths } from '../../../src-core/domain/spec/paths.ts'
import { recipes, recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

function specFromOptions(recipe: string, options: SpecOptions, datasets = builtInDatasets): RunSpec {
  return specOptions.specFromOptions(recipe, options, datasets)
}

describe('spec of a new run', () => {
  it('takes the classes from the data set unless they are set', () => {
    expect(specFromOptions('keras-bn', {}).model.classes).toBe(10)
    expect(specFromOptions('keras-bn', { set: ['model.classes=12'] }).model.classes).toBe(12)
    expect(specFromSet('keras-bn').model.classes).toBe(1000)
    const flowers = { ...builtInDatasets[0]!, id: 'flowers', labels: ['rose', 'tulip', 'daisy'] }
    const spec = specFromOptions('keras-bn', { dataset: 'flowers' }, [...builtInDatasets, flowers])
    expect([spec.data.dataset, spec.model.classes]).toEqual(['flowers', 3])
  })

  it('lets the short options win', () => {
    const { training } = specFromOptions('alexnet-small', {
      set: ['training.seed=3'],
      seed: '4',
      epochs: '2',
      steps: '9',
    })
    expect([training.seed, training.epochs, training.steps]).toEqual([4, 2, 9])
  })

  it('refuses unknown recipes and data sets with the known ones', () => {
    expect(() => specFromOptions('vgg', {})).toThrow('Known recipes')
    expect(() => specFromOptions('keras-bn', { dataset: 'imagenet' })).toThrow('Known data sets: mnist')
    expect(() => specFromOptions('keras-bn', { epochs: 'many' })).toThrow('training.epochs: must be')
  })

  it('names every problem of the assignments, and every problem of the fields together', () => {
    const set = ['training.batchSize=0', 'model.dropot.rate=1', 'training.epochs=many']
    expect(() => specFromOptions('alexnet-small', { set })).toThrow(
      /batchSize: must be at least 1, but got 0\.\n.*no field "model\.dropot\.rate".*\ntraining\.epochs: must be/,
    )
    const together = ['training.classWeights=[1,2]', 'data.tenCrop=true']
    expect(() => specFromOptions('alexnet-small', { set: together })).toThrow(
      /^training\.classWeights: must hold one weight for each of the 10 classes, but holds 2\.\ndata\.resize: must be more/,
    )
  })

  it('takes lists and objects as JSON, and plain lists also as people type them', () => {
    const { model, training } = specFromOptions('alexnet-small', {
      set: [
        'model.convolutions.2.pool={"kind":"average","size":2,"stride":1}',
        'training.schedule.table=[{"epochs":1,"learningRate":0.1},{"epochs":null,"learningRate":0.01}]',
        'model.removed=4',
        'model.onesBiases=conv2, fc6',
      ],
    })
    expect(model.convolutions[2]!.pool).toEqual({ kind: 'average', size: 2, stride: 1 })
    expect(training.schedule.table.map(({ learningRate }) => learningRate)).toEqual([0.1, 0.01])
    expect([model.removed, model.onesBiases]).toEqual([[4], ['conv2', 'fc6']])
  })

  it('warns once of what is easily done by mistake', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const spec = specFromOptions('cifar-004', {})
    printWarnings([spec, spec])
    const lines = write.mock.calls.map(([line]) => line)
    write.mockRestore()
    expect(lines).toEqual([expect.stringMatching(/^ablate: warning: data\.testMean: .*normalise/)])
  })
})

describe('what is fitted to a data set', () => {
  const flowers = { ...builtInDatasets[0]!, id: 'flowers', title: 'Flo\u001bwers', labels: ['rose', 'tulip', 'daisy'] }

  function told(recipe: string, channels: 1 | 3, set: string[] = [], dataset = 'flowers'): string[] {
    const datasets = [...builtInDatasets, { ...flowers, channels }]
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    printFitting(specFromOptions(recipe, { dataset, set }, datasets), datasets)
    const lines = write.mock.calls.map(([line]) => String(line))
    write.mockRestore()
    return lines
  }

  it('is the last layer, and how the pictures are seen where the channels differ', () => {
    const head = expect.stringMatching(/^ablate: the last layer gets 3 outputs for Flo wers; the recipe has 10\n$/)
    const luminance = expect.stringMatching(/Flo wers are seen as luminance; --set model\.input\.channels=3 .*\n$/)
    expect(told('lenet-5', 3)).toEqual([head, luminance])
    expect(told('lenet-5', 3, ['model.input.channels=3'])).toEqual([head])
    expect(told('lenet-5', 1)).toEqual([head])
    const repeated = expect.stringMatching(/Flo wers is repeated in three channels; --set model\.input\.channels=1 /)
    expect(told('keras-bn', 1).at(-1)).toEqual(repeated)
    expect(told('keras-bn', 1, ['model.input.channels=1'])).toHaveLength(1)
  })

  it("is no word about the recipe's own data set", () => {
    expect(told('alexnet-small', 3, ['model.input.channels=3'], 'mnist')).toEqual([])
  })
})

describe('help', () => {
  it('of queries shows queries that can be asked', () => {
    const run = sampleRun({ id: 'a' })
    const source = runSource(
      () => [run.spec],
      () => ['validation/accuracy', 'test/accuracy'],
      () => 1,
    )
    for (const [query] of queryExamples) {
      expect(() => compileQuery(parseQuery(query), source)(run), query).not.toThrow()
      expect(queryHelp()).toContain(query)
    }
  })

  it('explains every recipe and every field, a field of a list once', () => {
    for (const { id } of recipes) expect(recipeHelp()).toContain(`  ${id} `)
    const help = pathHelp()
    expect(help).toMatch(/^Network:\n {2}model\./m)
    expect(help).toMatch(/^Data:\n {2}data\./m)
    expect(help).toMatch(/^Training:\n {2}training\./m)
    expect(help.match(/model\.convolutions\.\d\.filters /g)).toEqual(['model.convolutions.0.filters '])
    const fields = listPaths(recipeSpec('alexnet-small')).map(({ path }) => path)
    expect(fields.filter((path) => !/\.[1-9]\./.test(path) && !help.includes(path))).toEqual([])
  })

  it('wraps descriptions beside their names', () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')
    const lines = wrapped('  name', words, 8).split('\n')
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.every((line) => line.length <= 120)).toBe(true)
    expect(lines.slice(1).every((line) => /^ {8}\S/.test(line))).toBe(true)
    expect(lines.map((line) => line.slice(8)).join(' ')).toContain('word1 ')
  })
})

describe('figures in words', () => {
  it('formats durations, bytes and numbers', () => {
    expect([59_400, 61_000, 3_599_600, 3_600_000, 7_500_000].map(formatDuration)).toEqual([
      '59 s',
      '1 min 01 s',
      '1 h 00 min',
      '1 h 00 min',
      '2 h 05 min',
    ])
    expect([0, 1023, 1024, 5_000_000].map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '4.8 MiB'])
    expect([formatNumber(NaN), formatNumber(null), formatPercent(0.98765)]).toEqual(['NaN', '-', '98.77'])
  })

  it('says by which metric a result is the best', () => {
    const best = { step: 1, epoch: 1 }
    expect(formatBest(null)).toBe('-')
    expect(formatBest({ ...best, metric: 'validation/accuracy', value: 0.98765 })).toBe('accuracy 98.77 %')
    expect(formatBest({ ...best, metric: 'validation/loss', value: 0.04123 })).toBe('loss 0.0412')
    expect(formatBest({ ...best, metric: 'validation/top5-error', value: 0.012 })).toBe('top5 error 1.20 %')
  })

  it('keeps what would steer a terminal out of it', () => {
    expect(singleLine('a\u001b[31mred\nline\u0007')).toBe('a [31mred line ')
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    printNotice('a\u001b[31mred\nline\u009b')
    expect(write.mock.calls).toEqual([['ablate: a [31mred\nline \n']])
    write.mockRestore()
  })
})

it('a folder with a space or a quote stays one word of the command that is printed', () => {
  expect(quoted('/home/me/runs')).toBe('/home/me/runs')
  expect(quoted("my run's")).toBe("'my run'\\''s'")
})
