import { describe, expect, it } from 'vitest'
import { escapeHtml } from '../../../src-core/report/escape.ts'
import { renderReport } from '../../../src-cli/report/html-report.ts'
import { niceTicks, svgChart, withoutExplosions } from '../../../src-cli/report/svg-chart.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import type { Evaluation } from '../../../src-cli/evaluation.ts'
import type { Series, SeriesPoint } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'

const markup = '<img src=x onerror=alert(1)>'

function runNamed(name: string, kind: 'lrn' | 'bn'): Run {
  return {
    id: kind === 'bn' ? 'r0123456789' : 'r9876543210',
    name,
    state: 'finished',
    spec: setAtPath(recipeSpec('alexnet-small'), 'model.normalization.kind', kind),
    specHash: '',
    color: 0,
    parameters: 1234,
    step: 10,
    totalSteps: 10,
    stepsPerEpoch: 5,
    epoch: 2,
    activeTime: 61_000,
    imagesPerSecond: 100,
    best: { metric: 'validation/accuracy', value: 0.975, step: 5, epoch: 1 },
    last: { 'validation/loss': 0.1, 'test/accuracy': 0.97, 'test/top5-error': 0.0123 },
    error: null,
    queuePosition: null,
    checkpointStep: 10,
    environment: null,
    weightsSha256: null,
  tags: [],
  notes: '',
    createdAt: 0,
    startedAt: 0,
    endedAt: 0,
    deletedAt: null,
  }
}

const evaluation: Evaluation = {
  part: 'test',
  step: 10,
  labels: [markup, 'cat', 'dog'],
  confusion: { classes: 3, counts: [8, 2, 0, 1, 4, 5, 0, 0, 0] },
}

function reconstruction(runId: string): Series {
  const point = (step: number, last: number): SeriesPoint => {
    return { step, epoch: step, wallTime: 0, activeTime: 0, last, min: last, max: last }
  }
  return { runId, metric: 'pretraining/conv2/error', points: [point(1, 0.5), point(2, 0.25)], total: 2 }
}

describe('ticks', () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.03, 2.4, [0, 0.5, 1, 1.5, 2, 2.5]],
    [0, 337, [0, 100, 200, 300, 400]],
    [5, 5, [5, 6]],
  ])('between %d and %d are round and cover both', (low, high, ticks) => {
    expect(niceTicks(low, high)).toEqual(ticks)
  })
})

describe('chart', () => {
  it('leaves a gap at values that are not finite', () => {
    const points = [0, 1, 2, 3].map((x) => ({ x, y: x === 1 ? NaN : x }))
    const chart = svgChart({
      title: 't',
      xTitle: 'x',
      yTitle: 'y',
      lines: [{ label: 'l', color: '#000', style: 'smooth', points }],
    })
    expect(chart.match(/class="smooth"[^>]*d="([^"]*)"/)![1]!.match(/M/g)).toHaveLength(2)
    expect(chart).not.toContain('NaN')
  })

  it('draws without any point', () => {
    expect(svgChart({ title: 't', xTitle: 'x', yTitle: 'y', lines: [] })).not.toContain('NaN')
  })
})

describe('report', () => {
  const page = renderReport({
    title: `A ${markup}`,
    runs: [runNamed(markup, 'lrn'), runNamed('B', 'bn')],
    series: [reconstruction('r9876543210')],
    evaluations: new Map([['r0123456789', evaluation]]),
    exports: [],
    writtenAt: 0,
  })

  it('shows names as text', () => {
    expect(page).not.toContain(markup)
    expect(page).toContain(escapeHtml(markup))
  })

  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script|https?:\/\/|@import|url\(/)
  })

  it('shows the differing fields alone, and the results', () => {
    expect(page).toContain('model.normalization.kind')
    expect(page).not.toContain('training.seed')
    expect(page).toContain('97.50</td>')
    expect(page).toContain('1 min 01 s')
    expect(page).toContain('Test top-5 error, %')
    expect(page).toContain('1.23</td>')
  })

  it('shows the classes of the last evaluation, of the run that has one', () => {
    expect(page).toContain('B: test images, step 10')
    expect(page).toMatch(/<td>cat<\/td>(<td class="number"[^>]*>\d*<\/td>){3}<td class="number">40\.00<\/td>/)
    // A class without images has no accuracy.
    expect(page).toMatch(/<td>dog<\/td>(<td class="number"><\/td>){3}<td class="number">-<\/td>/)
    expect(page.match(/: (test|validation) images, step/g)).toHaveLength(1)
  })

  it('shows pre-training errors where there are some', () => {
    expect(page).toContain('Pre-training of conv2: mean squared reconstruction error')
    const without = { title: 't', runs: [runNamed('A', 'bn')], series: [], evaluations: new Map(), exports: [] }
    const plain = renderReport({ ...without, writtenAt: 0 })
    expect(plain).not.toContain('Pre-training')
    expect(plain).not.toContain('<h2>Classes')
  })

  it('takes the best accuracy from the history when another metric selects the checkpoint', () => {
    const run: Run = { ...runNamed('A', 'bn'), best: { metric: 'validation/loss', value: 0.1, step: 5, epoch: 1 } }
    const points = [0.5, 0.875, 0.75].map((value, index) => ({
      step: index, epoch: index + 1, wallTime: 0, activeTime: 0, last: value, min: value, max: value,
    })) // prettier-ignore
    const series = [{ runId: run.id, metric: 'validation/accuracy', points, total: 3 }]
    const html = renderReport({ title: 't', runs: [run], series, evaluations: new Map(), exports: [], writtenAt: 0 })
    expect(html).toContain('<td class="number">87.50</td><td class="number">2</td>')
  })
})

it('cuts off what explodes, so that the other curves can be read', () => {
  expect(withoutExplosions([0.5, 2, 1, 1e18, NaN, Infinity, 1.5])).toEqual([0.5, 1, 1.5, 2])
  expect(withoutExplosions([0, 0, 3])).toEqual([0, 0, 3])
})
