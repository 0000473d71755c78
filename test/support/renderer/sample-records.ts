import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { metricNames, reconstructionErrorMetric, type StepRecord } from '../../../src-core/domain/metrics.ts'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import { learningRateAt } from '../../../src-core/domain/schedule/learning-rate.ts'
import type { ValidationHistory } from '../../../src-core/domain/schedule/validation-history.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { phaseAt, planWorkload, type Workload } from '../../../src-core/domain/workload.ts'

export function sampleWorkload(spec: RunSpec): Workload {
  return planWorkload(spec, mnistInfo)
}

/** How well a variant does: enough to give curves that differ for a reason, not a simulation of one. */
function quality({ model, training }: RunSpec): { pace: number; floor: number; noise: number } {
  const normalised = { none: 0.55, lrn: 0.75, bn: 1.5, gn: 1.3 }[model.normalization.kind]
  return {
    pace: normalised * (0.6 + 40 * training.learningRate),
    floor: 0.02 + 0.05 * Math.abs(model.dropout.rate - 0.4) + (model.normalization.kind === 'bn' ? 0 : 0.015),
    noise: 0.16,
  }
}

/** Steps between which a loss that blows up passes from large to not a number. */
export const stepsUntilNaN = 30

/** Records as the trainer would send them: every step, validation after each epoch, tests at the end. */
export function sampleRecords(spec: RunSpec, startedAt: number, divergesAt = Infinity): StepRecord[] {
  const work = sampleWorkload(spec)
  const random = uniformGenerator(spec.training.seed * 977 + Math.round(spec.training.learningRate * 1e6))
  const rate = spec.model.widthMultiplier < 1 ? 1_450 : 38
  const history: ValidationHistory[number][] = []
  let activeTime = 0
  return Array.from({ length: work.totalSteps }, (_, index) => {
    const step = index + 1
    const speed = rate * (0.94 + 0.1 * random()) * (step < 8 ? 0.4 + step * 0.07 : 1)
    activeTime += (1000 * spec.training.batchSize) / speed
    const metrics: Record<string, number> = {
      ...(index < work.pretrainingSteps
        ? pretrainingMetrics(work, index, random)
        : supervisedMetrics({ spec, work, history, random, divergesAt }, index - work.pretrainingSteps)),
      [metricNames.imagesPerSecond]: speed,
      [metricNames.memory]: 612 + 40 * (1 - Math.exp(-step / 60)) + 4 * random(),
    }
    const epoch = step / work.stepsPerEpoch
    return { step, epoch, wallTime: startedAt + activeTime * 1.02, activeTime, metrics }
  })
}

function pretrainingMetrics(work: Workload, finished: number, random: () => number): Record<string, number> {
  const { layer, firstStep } = phaseAt(work, finished)
  const done = finished - firstStep + 1
  const error = (0.012 + 0.09 * Math.exp(-done / 40)) * (0.92 + 0.16 * random())
  return { [reconstructionErrorMetric(layer!)]: error }
}

interface Supervised {
  readonly spec: RunSpec
  readonly work: Workload
  readonly history: ValidationHistory[number][]
  readonly random: () => number
  readonly divergesAt: number
}

function supervisedMetrics({ spec, work, history, random, divergesAt }: Supervised, index: number) {
  const { pace, floor, noise } = quality(spec)
  const step = index + 1
  const supervisedSteps = work.totalSteps - work.pretrainingSteps
  const expected = 2.25 * Math.exp((-pace * step) / 140) + 0.35 * Math.exp((-pace * step) / 900) + floor
  const wobble = 1 + noise * (random() + random() + random() - 1.5)
  const blowUp = step > divergesAt ? Math.exp((step - divergesAt) / 6) : 1
  const loss = step > divergesAt + stepsUntilNaN ? NaN : expected * wobble * blowUp
  const position = { step: index, stepsPerEpoch: work.stepsPerEpoch, totalSteps: supervisedSteps, history }
  const metrics: Record<string, number> = {
    [metricNames.trainLoss]: loss,
    [metricNames.trainAccuracy]: Number.isNaN(loss)
      ? 0.1
      : Math.max(0.08, Math.min(1, 1 - loss * 0.29 * (0.8 + 0.4 * random()))),
    [metricNames.learningRate]: learningRateAt(spec.training, position),
  }
  if (spec.training.gradientClipNorm !== null)
    metrics[metricNames.gradientNorm] = (0.4 + 3 * expected) * wobble * blowUp
  if (step % work.stepsPerEpoch === 0 || step === supervisedSteps) {
    const validation = (expected + 0.02) * (0.96 + 0.08 * random()) * blowUp
    const results = evaluated('validation', validation)
    Object.assign(metrics, results)
    const accuracy = results[metricNames.validationAccuracy]!
    history.push({ step, loss: validation, accuracy, top5Error: results[metricNames.validationTop5Error]! })
  }
  if (step === supervisedSteps) Object.assign(metrics, evaluated('test', expected * 1.03))
  return metrics
}

function evaluated(part: 'validation' | 'test', loss: number): Record<string, number> {
  const accuracy = Math.max(0.098, 1 - loss * 0.24)
  return {
    [`${part}/loss`]: loss,
    [`${part}/accuracy`]: accuracy,
    [`${part}/top1-error`]: 1 - accuracy,
    [`${part}/top5-error`]: (1 - accuracy) * 0.11,
  }
}
