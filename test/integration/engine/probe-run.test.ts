import { readdirSync } from 'node:fs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { tf } from '../../../src-core/engine/backend.ts'
import { peakMemory } from '../../../src-core/engine/preflight/peak-memory.ts'
import { probeRun } from '../../../src-core/engine/preflight/probe-run.ts'
import { TrainingRun } from '../../../src-core/engine/training/training-run.ts'
import { testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

/** A clock that goes a millisecond further each time it is asked. */
function countingClock(): () => number {
  let time = 0
  return () => time++
}

const probe = (spec: RunSpec, now?: () => number) =>
  probeRun({ spec, datasetDirectory: null, startFrom: null, reporter: { preparing() {} }, ...(now && { now }) })

describe('a probe', () => {
  it('measures a step, an evaluated image and the memory, and leaves no tensor and no file', async () => {
    await probe(tinySpec())
    const [tensors, files] = [tf.memory().numTensors, readdirSync('.')]
    const found = await probe(tinySpec())
    expect([found.stepTimes.length, found.device, found.threads > 0]).toEqual([1, 'cpu', true])
    expect(Math.min(found.stepTimes[0]!, found.evaluationTime, found.preparationTime)).toBeGreaterThan(0)
    expect(found.peakMemory).toBeGreaterThanOrEqual(process.memoryUsage.rss() / 2)
    expect([tf.memory().numTensors, readdirSync('.')]).toEqual([tensors, files])
  })

  it('takes one step to warm up and three that count, then evaluates', async () => {
    const steps = vi.spyOn(TrainingRun.prototype, 'nextStep')
    onTestFinished(() => steps.mockRestore())
    const { evaluationTime } = await probe(tinySpec(), countingClock())
    expect(steps).toHaveBeenCalledTimes(1 + 3)
    // 8 validation images in one batch.
    expect(evaluationTime).toBe(1 / 8)
  })

  it('takes steps of every layer that is pre-trained, and of the training after it', async () => {
    const spec = tinySpec('none')
    spec.training.pretraining = { ...spec.training.pretraining, kind: 'autoencoder', epochs: 1 }
    const before = tf.memory().numTensors
    expect((await probe(spec)).stepTimes).toHaveLength(6)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('evaluates test images where none are held out, and takes no more steps than the run has', async () => {
    const spec = tinySpec()
    spec.data.validationFraction = 0
    spec.training.steps = 1
    const found = await probe(spec)
    expect([found.stepTimes.length, found.evaluationTime > 0]).toEqual([1, true])
  })

  it('says what is wrong with the data or the source of the weights, and leaves no tensor', async () => {
    const before = tf.memory().numTensors
    const nowhere = tinySpec()
    nowhere.data.dataset = 'nowhere'
    await expect(probe(nowhere)).rejects.toThrow(expect.objectContaining({ code: 'unknown-dataset' }))
    const sourceless = tinySpec()
    sourceless.training.transfer.from = 'run:r0000000000'
    await expect(probe(sourceless)).rejects.toThrow(expect.objectContaining({ code: 'checkpoint-missing' }))
    expect(tf.memory().numTensors).toBe(before)
  })

  it('changes nothing of a run that trains after it', async () => {
    const plain = await trainRecorded(tinySpec(), { directory: testDirectory() })
    await probe(tinySpec())
    const after = await trainRecorded(tinySpec(), { directory: testDirectory() })
    expect(after.result.weightsSha256).toBe(plain.result.weightsSha256)
  })
})

it('the peak of memory never falls', () => {
  const before = peakMemory()
  Buffer.alloc(2 ** 26, 1)
  const after = peakMemory()
  expect(before).toBeGreaterThan(2 ** 26)
  expect(after).toBeGreaterThanOrEqual(before)
})
