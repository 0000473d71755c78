import { describe, expect, it } from 'vitest'
import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { SelectionMetric } from '../../../src-core/domain/spec/training-spec.ts'
import { conditionsOf, drawnMetrics, pretrainingOf } from '../../../src-renderer/components/charts/run-lines.ts'
import { drawnLine, hoveredValue, marksOnAxis } from '../../../src-renderer/components/charts/chart-lines.ts'
import { LiveSeries } from '../../../src-renderer/lib/charts/live-series.ts'
import { decodePictures, magnification } from '../../../src-renderer/lib/pictures.ts'
import { bestCell, bestHeading, bestLabel, bestText } from '../../../src-renderer/lib/run/best.ts'
import {
  batchImages,
  batchText,
  divergenceTitle,
  lastFiniteCheckpoint,
} from '../../../src-renderer/lib/run/diverged.ts'
import {
  phaseMarks,
  phasesOf,
  phaseText,
  plannedSteps,
  pretrainedLayers,
} from '../../../src-renderer/lib/run/phases.ts'
import { goodness } from '../../../src-renderer/lib/run/best.ts'
import { sortRuns } from '../../../src-renderer/lib/table/arrange.ts'
import { sampleSpec } from '../../support/renderer/sample-runs.ts'
import { sampleRun } from '../../support/sample-run.ts'

function bestOf(metric: SelectionMetric, value: number, name = metric): Run {
  return sampleRun({ name, best: { metric, value, step: 12, epoch: 1 } })
}

describe('the best value', () => {
  const accuracy = bestOf('validation/accuracy', 0.9841)
  const loss = bestOf('validation/loss', 0.0712)
  const error = bestOf('validation/top5-error', 0.0123)

  it('is labelled by what the run goes by', () => {
    expect([accuracy, loss, error].map((run) => `${bestLabel(run)}: ${bestText(run)}`)).toEqual([
      'Best validation accuracy: 98.41 %',
      'Best validation loss: 0.0712',
      'Best validation top-5 error: 1.23 %',
    ])
    const spec = sampleSpec(['training.selection=validation/loss'])
    expect(bestLabel(sampleRun({ best: null, spec }))).toBe('Best validation loss')
  })

  it('gives the column its title, and says its metric in the cell only where runs differ', () => {
    expect(bestHeading([accuracy])).toMatchObject({ title: 'Best val. acc.', unit: '%', mixed: false })
    expect(bestHeading([loss])).toEqual({ title: 'Best val. loss', mixed: false, metric: 'validation/loss' })
    const mixed = bestHeading([accuracy, loss, error])
    expect(mixed).toEqual({ title: 'Best validation', mixed: true, metric: null })
    expect([accuracy, loss, error].map((run) => bestCell(run, mixed))).toEqual([
      'acc. 98.41 %',
      'loss 0.0712',
      'top-5 1.23 %',
    ])
    expect(bestCell(accuracy, bestHeading([accuracy]))).toBe('98.41')
  })

  it('is sorted better first within a metric, whichever way better is', () => {
    const runs = [bestOf('validation/loss', 0.9), accuracy, loss, bestOf('validation/accuracy', 0.5)]
    const sorted = sortRuns(runs, [{ column: { value: (run) => goodness(run.best) }, descending: true }])
    expect(sorted.map(({ best }) => best!.value)).toEqual([0.9841, 0.5, 0.0712, 0.9])
  })
})

const pretrained = sampleSpec([
  'data.trainImages=1000',
  'data.validationFraction=0',
  'training.batchSize=100',
  'training.pretraining.kind=rbm',
  'training.pretraining.epochs=2',
  'training.schedule.kind=cosine',
])

function runAt(step: number, changes: Partial<Run> = {}): Run {
  return sampleRun({ spec: pretrained, step, stepsPerEpoch: 10, ...changes })
}

describe('a run in phases', () => {
  const phases = phasesOf(runAt(0), mnistInfo)

  it('says which layer it pre-trains', () => {
    expect([1, 19, 20, 99, 100].map((step) => phaseText(runAt(step), phases))).toEqual([
      'Pre-training conv1, epoch 1 of 2',
      'Pre-training conv1, epoch 2 of 2',
      'Pre-training conv2, epoch 1 of 2',
      'Pre-training conv5, epoch 2 of 2',
      null,
    ])
  })

  it('says nothing before it has begun, without pre-training, or without knowing the data', () => {
    expect(phaseText(runAt(0, { state: 'queued' }), phases)).toBeNull()
    expect([phasesOf(sampleRun(), mnistInfo), phasesOf(runAt(0), undefined)]).toEqual([[], []])
  })

  it('have their steps told before the trainer has opened the data', () => {
    const { steps, firstStep } = phases.at(-1)!
    expect(plannedSteps(sampleRun({ spec: runAt(0).spec, totalSteps: null }), mnistInfo)).toBe(firstStep + steps)
    expect(plannedSteps(sampleRun({ totalSteps: 7 }), mnistInfo)).toBe(7)
    expect(plannedSteps(sampleRun({ totalSteps: null }), undefined)).toBeNull()
  })

  it('marks where each phase begins', () => {
    expect(phaseMarks(phases).slice(-2)).toEqual([
      { step: 80, label: 'conv5' },
      { step: 100, label: 'supervised' },
    ])
    expect(pretrainedLayers(sampleSpec(['training.pretraining.kind=rbm', 'model.removed=2,3']))).toEqual([
      'conv1',
      'conv4',
      'conv5',
    ])
  })

  it('has a chart of reconstruction errors, and asks for their history', () => {
    expect(pretrainingOf(runAt(1))!.lines.map(({ label }) => label)).toEqual([
      'conv1',
      'conv2',
      'conv3',
      'conv4',
      'conv5',
    ])
    expect([pretrainingOf(sampleRun()), drawnMetrics(runAt(1)).at(-1)]).toEqual([null, 'pretraining/conv5/error'])
  })

  it('has charts of what changes or was logged', () => {
    const titles = (run: Run): string[] => conditionsOf(run).map(({ title }) => title)
    expect(titles(sampleRun({ last: {} }))).toEqual(['Images per second', 'Memory'])
    expect(titles(runAt(120, { last: { 'validation/top5-error': 0.1, 'train/gradient-norm': 2 } }))).toEqual([
      'Validation error',
      'Learning rate',
      'Gradient norm',
      'Images per second',
      'Memory',
    ])
  })
})

describe('lines of a phase', () => {
  const [line] = pretrainingOf(runAt(1))!.lines
  const smoothing = { kind: 'ema', amount: 0.9 } as const
  const series = new LiveSeries(100, smoothing)
  const options = { axis: 'epoch', smoothing, raw: true, theme: 'light', emphasis: null } as const
  for (let step = 1; step <= 20; step++) {
    const record = { step, epoch: step / 10, wallTime: 0, activeTime: step, metrics: { [line!.metric]: 1 / step } }
    series.append(record, line!.metric)
  }

  it('have no value where the rule stands outside of them', () => {
    expect(hoveredValue({ line: line!, series }, options, 1)).toMatchObject({ step: 10, value: 0.1 })
    expect(hoveredValue({ line: line!, series }, options, 2.5)).toBeNull()
    expect(hoveredValue({ line: line!, series }, options, Infinity)).toMatchObject({ step: 20 })
  })

  it('are marked on every axis, once there are points near the mark', () => {
    const marks = [
      { step: 10, label: 'conv2' },
      { step: 80, label: 'conv5' },
    ]
    const drawn = [{ line: line!, series }]
    expect(marksOnAxis(marks, drawn, 'epoch')).toEqual([{ x: 1, label: 'conv2' }])
    expect(marksOnAxis(marks, drawn, 'step').map(({ x }) => x)).toEqual([10, 80])
  })

  it('of a schedule are never smoothed', () => {
    const { span, smoothed } = drawnLine({ line: { ...line!, exact: true }, series }, options)
    const other = drawnLine({ line: line!, series }, options)
    expect([span, smoothed[1], other.span === null, other.smoothed[1] === 0.5]).toEqual([null, 0.5, false, false])
  })
})

describe('a diverged run', () => {
  const batch = { kind: 'diverged-batch', step: 9, what: 'loss', learningRate: 0.3 } as const

  it('says what was not finite', () => {
    const others = [
      { what: 'conv1/kernel', step: 1200 },
      { what: 'validation/loss', step: 84 },
      { what: 'gradients', step: 5 },
    ]
    expect([batch, ...others].map(divergenceTitle)).toEqual([
      'The loss was not finite at step 9',
      'Weights in conv1/kernel were not finite after step 1,200',
      'The loss on the validation images was not finite after step 84',
      'The gradients were not finite at step 5',
    ])
  })

  it('lists the images of its batch with their classes', () => {
    const images = batchImages({ ...batch, images: [501, 7], labels: [1, 12] }, mnistInfo.labels)
    expect(images).toEqual([
      { index: 501, label: '1' },
      { index: 7, label: 'class 12' },
    ])
    expect(batchText(images)).toBe('image\tclass\n501\t1\n7\tclass 12')
  })

  it('goes on from the marked checkpoint, or the newest before the step', () => {
    const checkpoint = (step: number, mark: CheckpointRecord['mark'] = null): CheckpointRecord => ({
      directory: `step-${String(step).padStart(9, '0')}`,
      step,
      epoch: step / 10,
      bytes: 1,
      manifestSha256: '0'.repeat(64),
      reason: 'epoch',
      best: null,
      activeTime: 1,
      createdAt: 1,
      mark,
    })
    const others = [checkpoint(30), checkpoint(20, 'best'), checkpoint(10)]
    expect(lastFiniteCheckpoint([...others, checkpoint(15, 'last-finite')], 25)!.step).toBe(15)
    expect([lastFiniteCheckpoint(others, 25)!.step, lastFiniteCheckpoint(others, 10)]).toEqual([20, null])
  })
})

describe('pictures', () => {
  it('become RGBA, grey and in colour', () => {
    const grey = decodePictures({ count: 2, size: 1, channels: 1, pixels: btoa('\x00\xff') })
    expect(grey.map((bytes) => [...bytes])).toEqual([
      [0, 0, 0, 255],
      [255, 255, 255, 255],
    ])
    expect([...decodePictures({ count: 1, size: 1, channels: 3, pixels: btoa('\x01\x02\x03') })[0]!]).toEqual([
      1, 2, 3, 255,
    ])
  })

  it('with too few bytes are refused with both numbers', () => {
    const tooFew = { count: 2, size: 2, channels: 3, pixels: btoa('abc') } as const
    expect(() => decodePictures(tooFew)).toThrow(WorkbenchError)
    expect(() => decodePictures(tooFew)).toThrow('expected 24 bytes for 2 pictures of 2 x 2 x 3, but got 3')
  })

  it('are magnified by whole numbers', () => {
    expect([28, 32, 227].map((size) => magnification(size, 56))).toEqual([2, 2, 1])
  })
})
