import { expect, test } from 'vitest'
import { fromTrainerSchema, type FromTrainer, type ToTrainer } from '../../../src-core/contract/trainer-protocol.ts'
import type { Port } from '../../../src-trainer/port.ts'
import { Session } from '../../../src-trainer/session.ts'
import { testDirectory, tinySpec } from './small-runs.ts'

/** Gives a trainer one job, answers its checkpoints as an owner would, and keeps what it says. */
async function messagesOf(job: ToTrainer): Promise<FromTrainer[]> {
  const said: FromTrainer[] = []
  let deliver: (message: unknown) => void = () => {}
  const port: Port<FromTrainer> = {
    send(message) {
      said.push(fromTrainerSchema.parse(message))
      if (message.type !== 'checkpoint') return
      setImmediate(() => deliver({ type: 'recorded', directory: message.checkpoint.directory }))
    },
    onMessage: (listener) => void (deliver = listener),
    flush: async () => {},
  }
  const status = new Session(port).run()
  deliver(job)
  expect(await status).toBe(0)
  return said
}

test('a preview job answers with pictures and ends', async () => {
  const spec = tinySpec()
  spec.data.augmentation = { ...spec.data.augmentation, translation: 4, rotation: 10 }
  const said = await messagesOf({ type: 'preview', spec, datasetDirectory: null })
  expect(said.map(({ type }) => type)).toEqual(['ready', 'previewed'])
  const { preview } = said[1] as Extract<FromTrainer, { type: 'previewed' }>
  expect(preview.augmented.count).toBe(preview.originals.count * preview.variants)
})

test('a probe job answers with what it measured and ends', async () => {
  const said = await messagesOf({ type: 'probe', spec: tinySpec(), datasetDirectory: null, startFrom: null })
  expect(new Set(said.map(({ type }) => type))).toEqual(new Set(['ready', 'preparing', 'probed']))
  const { probe } = said.at(-1) as Extract<FromTrainer, { type: 'probed' }>
  expect([probe.stepTimes.length, probe.stepTimes[0]! > 0]).toEqual([1, true])
})

test('a train job sends artifacts after the records of their step and says why it ended early', async () => {
  const spec = tinySpec()
  spec.training.epochs = 4
  spec.training.earlyStopping = { patience: 1, metric: 'validation/loss', minimumChange: 100 }
  const checkpointsDirectory = testDirectory()
  const places = { datasetDirectory: null, checkpointsDirectory, resumeFrom: null, startFrom: null }
  const said = await messagesOf({ type: 'train', spec, ...places })
  const [ended] = said.filter((message) => message.type === 'ended')
  expect(ended).toMatchObject({ outcome: 'finished', step: 14, note: expect.stringContaining('Stopped early') })
  let recorded = 0
  const artifacts = said.flatMap((message) => {
    if (message.type === 'records') recorded = message.records.at(-1)!.step
    if (message.type !== 'artifact') return []
    // The kernels of a run as short as this one are kept after every step.
    const { kind, step } = message.artifact
    return kind !== 'filters' || step === 0 || step === 14 ? [[kind, step, recorded]] : []
  })
  expect(artifacts).toEqual([
    ['filters', 0, 0],
    ['confusion', 7, 7],
    ['profile', 7, 7],
    ['confusion', 14, 14],
    ['confusion', 14, 14],
    ['filters', 14, 14],
    ['profile', 14, 14],
  ])
})

test('a job that cannot be done is answered with its error', async () => {
  const spec = tinySpec()
  spec.data.dataset = 'nowhere'
  const said = await messagesOf({ type: 'preview', spec, datasetDirectory: null })
  expect(said.at(-1)).toMatchObject({ type: 'failed', error: { code: 'unknown-dataset' } })
})
