import { expect, test } from 'vitest'
import { tf, type Tensor, type Tensor1D } from '../../../src-core/engine/backend.ts'
import type { BuiltModel } from '../../../src-core/engine/models/build-model.ts'
import { evaluate } from '../../../src-core/engine/training/evaluation/evaluate.ts'
import type { Batch } from '../../../src-core/engine/training/step.ts'

/** A network whose images already are the logits: [rows, 1, 1, classes]. */
function passThrough(classes: number): BuiltModel {
  const apply = (images: Tensor) => images.reshape([-1, classes])
  return { logits: { apply, outputShape: [null, classes] } } as unknown as BuiltModel
}

function batchOf(rows: number[][], labels: number[], crops = 1): Batch {
  return {
    images: tf.tensor4d(rows.flat(), [rows.length, 1, 1, rows[0]!.length]),
    labels: tf.tensor1d(labels, 'int32') as Tensor1D,
    indices: Uint32Array.from(labels.keys()),
    crops,
  }
}

const never = async (): Promise<boolean> => false
const logs = (probabilities: number[]): number[] => probabilities.map(Math.log)

test('loss, accuracy, top-5 error and confusion over batches of different sizes', async () => {
  const falling = [6, 5, 4, 3, 2, 1, 0]
  const batches = [batchOf([falling, falling], [0, 5]), batchOf([falling], [4])]
  const result = (await evaluate(passThrough(7), batches, never))!
  const logSum = Math.log(falling.reduce((sum, value) => sum + Math.exp(value), 0))
  expect(result.loss).toBeCloseTo((3 * logSum - 6 - 1 - 2) / 3, 5)
  expect(result.accuracy).toBeCloseTo(1 / 3)
  // Class 5 is the sixth most probable, class 4 the fifth.
  expect(result.top5Error).toBeCloseTo(1 / 3)
  const { classes, counts } = result.confusion!
  expect([classes, counts.length]).toEqual([7, 49])
  expect(counts.flatMap((count, cell) => (count > 0 ? [[cell, count]] : []))).toEqual([
    [0, 1],
    [28, 1],
    [35, 1],
  ])
})

test('with five classes or fewer the top-5 error is 0', async () => {
  const result = await evaluate(passThrough(5), [batchOf([[5, 4, 3, 2, 1]], [4])], never)
  expect(result!.top5Error).toBe(0)
})

test('probabilities, not logits, are averaged over the crops', async () => {
  // Averages: 0.5, 0.35, 0.15 although two of three crops favour class 1.
  const crops = [
    [0.9, 0.05, 0.05],
    [0.3, 0.5, 0.2],
    [0.3, 0.5, 0.2],
  ]
  // A constant added to the logits of one crop changes nothing.
  const rows = crops.map((row, i) => logs(row).map((value) => value + 7 * i))
  const second = [logs([0.2, 0.2, 0.6]), logs([0.4, 0.2, 0.4]), logs([0.3, 0.2, 0.5])]
  const result = (await evaluate(passThrough(3), [batchOf([...rows, ...second], [0, 1], 3)], never))!
  expect(result.loss).toBeCloseTo(-(Math.log(0.5) + Math.log(0.2)) / 2, 5)
  expect(result.confusion!.counts).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0])
})

test('a probability that every crop finds tiny has a finite loss', async () => {
  const rows = [
    [0, 300],
    [0, 300],
  ]
  expect((await evaluate(passThrough(2), [batchOf(rows, [0], 2)], never))!.loss).toBeCloseTo(300, 3)
})

test('logits that are no numbers count as errors', async () => {
  const rows = [[NaN, 1, 2, 3, 4, 5]]
  for (const label of [0, 3]) {
    const result = (await evaluate(passThrough(6), [batchOf(rows, [label])], never))!
    expect([result.loss, result.accuracy, result.top5Error]).toEqual([NaN, 0, 1])
  }
})

test('no confusion matrix is kept of more than 200 classes, and no tensor is left over', async () => {
  const row = Array.from({ length: 201 }, (_, i) => i / 100)
  const before = tf.memory().numTensors
  const result = await evaluate(passThrough(201), [batchOf([row], [200])], never)
  expect([result!.confusion, result!.accuracy]).toEqual([null, 1])
  expect(tf.memory().numTensors).toBe(before)
})
