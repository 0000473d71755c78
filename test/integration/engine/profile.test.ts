import { expect, test } from 'vitest'
import { artifactSchema } from '../../../src-core/domain/evaluation/artifact.ts'
import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import { profileRows } from '../../../src-core/domain/profile/layer-rows.ts'
import { stepMilliseconds } from '../../../src-core/domain/profile/step-profile.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { tf } from '../../../src-core/engine/backend.ts'
import { requestAfter, testDirectory, tinySpec, trainRecorded, type Recorded } from './small-runs.ts'

/** Layers that compute in training, in order: the softmax is part of the loss. */
function trainedLayers({ model }: RunSpec): [string, string][] {
  const { layers } = planArchitecture(model)
  return layers.filter(({ type }) => type !== 'softmax').map(({ name, type }) => [name, type])
}

test.each(['bn', 'lrn'] as const)(
  'a run with %s says where the time of its steps went, layer by layer',
  async (kind) => {
    const spec = tinySpec(kind)
    const counts = new Set<number>()
    const onRecord = () => counts.add(tf.memory().numTensors)
    const { profiles } = await trainRecorded(spec, { directory: testDirectory(), onRecord })
    expect(profiles.map(({ step, profile: { firstStep, steps } }) => [step, firstStep, steps])).toEqual([
      [7, 2, 6],
      [14, 8, 7],
    ])
    for (const artifact of profiles) {
      const { profile } = artifactSchema.parse(artifact) as typeof artifact
      expect(profile.layers.map(({ name, type }) => [name, type])).toEqual(trainedLayers(spec))
      for (const { name, type, forward, backward } of profile.layers) {
        expect([name, forward > 0]).toEqual([name, true])
        // Flatten only gives the values another shape: it has no kernel.
        expect([name, backward > 0]).toEqual([name, type !== 'flatten'])
      }
      for (const value of Object.values({ ...profile.parts, ...profile.loss })) expect(value).toBeGreaterThan(0)
      expect(Math.min(profile.evaluation, profile.checkpoint)).toBeGreaterThan(0)
      expect(profile.synchronised).toBe(false)
      const rows = profileRows(profile, planArchitecture(spec.model), spec.training.batchSize)
      for (const { type, forwardRate, backwardRate } of rows) {
        const learned = type === 'conv' || type === 'dense'
        expect([forwardRate !== null, backwardRate !== null]).toEqual([learned, learned])
      }
    }
    expect(counts.size).toBe(1)
  },
)

test('the parts of a step add up to the time that it took', async () => {
  let time = 0
  // Every look at the clock takes a millisecond: of the steps alone, that is what passes.
  const now = () => ++time
  const started: number[] = []
  const { profiles } = await trainRecorded(tinySpec(), {
    directory: testDirectory(),
    now,
    onRecord: () => started.push(time),
  })
  const { profile } = profiles[0]!
  const measured = profile.steps * stepMilliseconds(profile) + profile.evaluation
  const passed = started[6]! - started[0]!
  // Between two steps and around the evaluation the clock is looked at a few times more.
  expect(measured / passed).toBeGreaterThan(0.95)
  expect(measured).toBeLessThanOrEqual(passed)
})

test('profiling changes no bit of the training, nor of one that goes on beside it', async () => {
  const [plain, profiled] = await Promise.all(
    [false, true].map((profile) => trainRecorded(tinySpec(), { directory: testDirectory(), profile })),
  )
  expect(plain!.profiles).toEqual([])
  expect(profiled!.profiles).not.toEqual([])
  expect(profiled!.result).toEqual(plain!.result)
  const losses = ({ records }: Recorded) => records.map(({ metrics }) => metrics['train/loss'])
  expect(losses(profiled!)).toEqual(losses(plain!))
})

test('a run that is paused leaves the profile of what it did until then', async () => {
  const { profiles } = await trainRecorded(tinySpec(), { directory: testDirectory(), ...requestAfter(5) })
  expect(profiles.map(({ step, profile: { firstStep, steps } }) => [step, firstStep, steps])).toEqual([[5, 2, 4]])
})

test('a pre-trained run is profiled once it learns from labels', async () => {
  const spec = tinySpec('none')
  spec.model.removed = [2, 3, 4, 5]
  spec.training.pretraining = { ...spec.training.pretraining, kind: 'autoencoder', epochs: 1 }
  spec.training.epochs = 1
  const { profiles, result } = await trainRecorded(spec, { directory: testDirectory() })
  expect(result.step).toBe(14)
  expect(profiles.map(({ step, profile: { firstStep, steps } }) => [step, firstStep, steps])).toEqual([[14, 9, 6]])
})
