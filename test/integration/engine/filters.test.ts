import { join } from 'node:path'
import { expect, test } from 'vitest'
import { artifactSchema } from '../../../src-core/domain/evaluation/artifact.ts'
import { checkpointName } from '../../../src-core/engine/checkpoints/checkpoint.ts'
import { answerQuestion } from '../../../src-core/engine/inspection/answer.ts'
import { openInspected } from '../../../src-core/engine/inspection/inspected-model.ts'
import { requestAfter, testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

test('a run keeps its first kernels from before its first step on, those of a checkpoint as the checkpoint has them', async () => {
  const spec = tinySpec()
  const directory = testDirectory()
  const { filters } = await trainRecorded(spec, { directory })
  expect(filters.map(({ step }) => step)).toEqual(Array.from({ length: 15 }, (_, step) => step))
  for (const kept of filters) expect(artifactSchema.parse(kept)).toEqual(kept)
  const pictures = filters.map(({ kernels, lowest }) => `${kernels.pixels} ${lowest.join()}`)
  expect(new Set(pictures).size).toBe(15)
  const checkpointDirectory = join(directory, checkpointName(7))
  const inspected = await openInspected({ spec, datasetDirectory: null, checkpointDirectory })
  expect(await answerQuestion(inspected, { kind: 'kernels' })).toMatchObject({ kernels: filters[7]!.kernels })
  inspected.close()
})

test('a run that was paused goes on where it was, with the kernels of no step twice', async () => {
  const spec = tinySpec()
  const [straight, directory] = [await trainRecorded(spec, { directory: testDirectory() }), testDirectory()]
  const first = await trainRecorded(spec, { directory, ...requestAfter(5) })
  const second = await trainRecorded(spec, { directory, resumeFrom: join(directory, checkpointName(5)) })
  expect(first.filters.at(-1)!.step).toBe(5)
  expect([...first.filters, ...second.filters]).toEqual(straight.filters)
})

test('kernels are kept while the first layer is pre-trained, and the last ones of a run that stops early', async () => {
  const spec = tinySpec('none')
  spec.model.removed = [2, 3, 4, 5]
  spec.training.pretraining = { ...spec.training.pretraining, kind: 'autoencoder', epochs: 1 }
  spec.training.epochs = 40
  spec.training.earlyStopping = { patience: 1, metric: 'validation/loss', minimumChange: 100 }
  const { filters, result } = await trainRecorded(spec, { directory: testDirectory() })
  expect(result.step).toBe(21)
  expect(filters.map(({ step }) => step)).toEqual([0, 1, 2, 4, 7, 14, 21])
  expect(filters[4]!.kernels.pixels).not.toBe(filters[0]!.kernels.pixels)
})

test('steps that diverge leave no kernels', async () => {
  const spec = tinySpec('none')
  Object.assign(spec.training, { learningRate: 1e30 })
  const { filters, result } = await trainRecorded(spec, { directory: testDirectory() })
  expect(result.outcome).toBe('diverged')
  expect(filters.every(({ step }) => step < result.step)).toBe(true)
})
