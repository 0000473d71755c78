import { expect, it } from 'vitest'
import {
  metricTitle,
  metricTitleWithUnit,
  metricUnit,
  shortMetricTitle,
} from '../../../src-core/domain/evaluation/metric-words.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { metricWords } from '../../../src-core/report/metric-words.ts'
import { cardsOf } from '../../../src-renderer/lib/charts/metric-cards.ts'
import { comparedMetrics } from '../../../src-renderer/state/comparison.svelte.ts'

it.each([
  ['train/loss', 'Train loss', 'Train loss', ''],
  ['validation/accuracy', 'Validation accuracy (%)', 'Val. acc.', '%'],
  ['validation/top5-error', 'Validation top-5 error (%)', 'Val. top-5 error', '%'],
  ['pretraining/conv1/error', 'Pre-training conv1 error', 'Pre-training conv1 error', ''],
  ['train/gradient-norm', 'Gradient norm', 'Gradient norm', ''],
  ['train/learning-rate', 'Learning rate', 'Rate now', ''],
  ['system/memory-mib', 'Memory (MiB)', 'Memory', 'MiB'],
  ['system/images-per-second', 'Images per second', 'Images/s', ''],
  ['my-metric', 'my-metric', 'my-metric', ''],
])('%s is called %s, and %s in a narrow column', (metric, title, short, unit) => {
  expect([metricTitleWithUnit(metric), shortMetricTitle(metric), metricUnit(metric)]).toEqual([title, short, unit])
})

it('is called the same in charts, tables of results and reports', () => {
  const names = Object.values(metricNames)
  expect(cardsOf(names, []).map(({ title }) => title)).toEqual(names.map(metricTitle))
  expect(names.map((name) => metricWords(name).title)).toEqual(names.map(metricTitle))
  expect(comparedMetrics.map(({ title }) => title)).toEqual(
    comparedMetrics.map(({ metric }) => metricTitleWithUnit(metric)),
  )
})
