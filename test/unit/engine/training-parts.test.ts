import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { environmentSchema } from '../../../src-core/domain/environment.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf } from '../../../src-core/engine/backend.ts'
import { describeEnvironment } from '../../../src-core/engine/environment.ts'
import { writeDurably } from '../../../src-core/engine/files/durable-files.ts'
import { InPlaceVariable } from '../../../src-core/engine/training/optimizers/in-place-variable.ts'
import { explainTrainingError } from '../../../src-core/engine/training/explain-error.ts'
import { RateMeter } from '../../../src-core/engine/training/rate-meter.ts'

test('the rate is that of the recent steps', () => {
  const meter = new RateMeter(10, 2)
  expect(meter.add(100)).toBeCloseTo(100)
  expect(meter.add(300)).toBeCloseTo(50)
  expect(meter.add(300)).toBeCloseTo(1000 / 30)
})

test("TensorFlow's own words for no memory become an error that names the batch size", () => {
  const spec = recipeSpec('keras-bn')
  let thrown: unknown
  try {
    tf.fill([2 ** 20, 2 ** 20, 16], 1)
  } catch (error) {
    thrown = error
  }
  expect(explainTrainingError(thrown, spec)).toMatchObject({ code: 'out-of-memory', details: { batchSize: 32 } })
})

test('other errors pass unchanged', () => {
  const error = new Error('Invalid TF_Status: 3\nMessage: bad shape')
  expect(explainTrainingError(error, recipeSpec('keras-bn'))).toBe(error)
})

test('the environment has the form that runs record', () => {
  const environment = environmentSchema.parse(describeEnvironment())
  expect(environment.tensorflow).toMatch(/^\d+\.\d+/)
})

test('a file is written once and never over another', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ablate-files-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'a.bin')
  const facts = await writeDurably(path, [new Uint8Array([1, 2]), new Uint8Array([3])])
  expect(facts).toMatchObject({ name: 'a.bin', bytes: 3 })
  expect([...readFileSync(path)]).toEqual([1, 2, 3])
  await expect(writeDurably(path, [])).rejects.toMatchObject({ code: 'EEXIST' })
})

test('an in-place variable gives its values back and leaves no tensor', () => {
  const before = tf.memory().numTensors
  const values = new Float32Array(1024).fill(1)
  const initial = tf.tensor1d(values)
  const variable = new InPlaceVariable(initial)
  initial.dispose()
  const read = variable.read()
  expect(read.dataSync()[5]).toBe(1)
  read.dispose()
  variable.dispose()
  expect(tf.memory().numTensors).toBe(before)
})
