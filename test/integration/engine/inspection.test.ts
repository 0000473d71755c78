import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, AnswerTo } from '../../../src-core/domain/inspection/answers.ts'
import type { PictureSource, Question } from '../../../src-core/domain/inspection/questions.ts'
import { fromTrainerSchema, type FromTrainer, type InspectJob } from '../../../src-core/contract/trainer-protocol.ts'
import { tf, type Tensor2D, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { answerQuestion } from '../../../src-core/engine/inspection/answer.ts'
import { openInspected, type InspectedModel } from '../../../src-core/engine/inspection/inspected-model.ts'
import { principalComponents } from '../../../src-core/engine/inspection/principal-components.ts'
import { inputGradient } from '../../../src-core/engine/inspection/saliency.ts'
import { Session } from '../../../src-trainer/session.ts'
import { tinySpec, trainRecorded } from './small-runs.ts'

let source: Pick<InspectJob, 'spec' | 'datasetDirectory' | 'checkpointDirectory'>
let testAccuracy: number

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ablate-inspection-'))
  const { checkpoints, records } = await trainRecorded(tinySpec(), { directory })
  const checkpointDirectory = join(directory, checkpoints.at(-1)!.directory)
  source = { spec: tinySpec(), datasetDirectory: null, checkpointDirectory }
  testAccuracy = records.at(-1)!.metrics['test/accuracy']!
  return () => rmSync(directory, { recursive: true, force: true })
}, 60_000)

/** Asks, and makes sure that no tensor is left behind. */
async function ask<Asked extends Question>(question: Asked): Promise<AnswerTo<Asked['kind']>> {
  return withModel(async (inspected) => {
    await answerQuestion(inspected, question)
    const { numTensors } = tf.memory()
    const answer = (await answerQuestion(inspected, question)) as AnswerTo<Asked['kind']>
    expect(tf.memory().numTensors).toBe(numTensors)
    return answer
  })
}

async function withModel<T>(work: (inspected: InspectedModel) => Promise<T>): Promise<T> {
  const inspected = await openInspected(source)
  try {
    return await work(inspected)
  } finally {
    inspected.close()
  }
}

const digit: PictureSource = { kind: 'dataset', part: 'test', index: 3 }

async function picture(format: 'png' | 'jpeg' | 'webp'): Promise<PictureSource> {
  const image = sharp({ create: { width: 40, height: 30, channels: 3, background: '#ffffff' } })
  return { kind: 'file', name: `white.${format}`, bytes: new Uint8Array(await image.toFormat(format).toBuffer()) }
}

describe('a trained network', () => {
  test('predicts the test images as the evaluation at its end did', async () => {
    const { labels, predicted, probability, inTop5, indices } = await ask({ kind: 'predictions', part: 'test' })
    const right = labels.filter((label, image) => label === predicted[image]).length
    expect(right / labels.length).toBeCloseTo(testAccuracy, 6)
    expect([labels.length, indices.length]).toEqual([16, 16])
    labels.forEach((label, image) => label === predicted[image] && expect(inTop5[image]).toBe(1))
    for (const value of probability) expect(value).toBeGreaterThan(0.1)
    expect((await ask({ kind: 'predictions', part: 'validation' })).labels).toHaveLength(8)
  })

  test('classifies pictures of every format, and goes on after one that is none', async () => {
    const broken: PictureSource = { kind: 'file', name: 'broken.png', bytes: Uint8Array.of(1, 2, 3) }
    const pictures = [await picture('png'), broken, await picture('jpeg'), await picture('webp'), digit]
    const { pictures: answers } = await ask({ kind: 'classify', pictures })
    expect(answers.map(({ top }) => top.length)).toEqual([5, 0, 5, 5, 5])
    expect(answers[1]!.problem).toContain('broken.png')
    expect(answers.map(({ unlikeDataset }) => unlikeDataset)).toEqual([true, false, true, true, false])
    const sums = answers[0]!.top.map(({ probability }) => probability)
    expect(sums).toEqual([...sums].sort((a, b) => b - a))
    expect(answers[0]!.seen).toMatchObject({ count: 1, size: 28, channels: 1 })
  })

  test('shows its first kernels and what its layers make of a picture', async () => {
    const { kernels, layer, total } = await ask({ kind: 'kernels' })
    expect([layer, kernels.count]).toEqual(['conv1', total])
    const { layers } = await ask({ kind: 'features', picture: digit })
    expect(layers.map((one) => one.layer)).toContain('conv2')
    for (const { maps, channels, shape } of layers) {
      expect(maps.count).toBe(channels.length)
      expect(shape.startsWith(`${maps.size}x${maps.size}x`)).toBe(true)
    }
  })

  test('says which pixels matter', async () => {
    const {
      gradient,
      occlusion,
      class: target,
      probability,
    } = await ask({ kind: 'saliency', picture: digit, class: null })
    const { size } = gradient
    expect([gradient.values.length, occlusion.values.length, occlusion.size]).toEqual([size ** 2, size ** 2, size])
    for (const value of occlusion.values) expect(value).toBeLessThanOrEqual(probability + 1e-6)
    const other = await ask({ kind: 'saliency', picture: digit, class: (target + 1) % 10 })
    expect(other.class).toBe((target + 1) % 10)
    expect(other.gradient.values).not.toEqual(gradient.values)
  })

  test('places images on a plane, the same way each time', async () => {
    for (const method of ['pca', 'umap'] as const) {
      const wanted = { kind: 'embedding', part: 'test', images: 12, method } as const
      const answer = await ask(wanted)
      expect([answer.places.length, answer.labels.length, answer.explained === null]).toEqual([
        24,
        12,
        method === 'umap',
      ])
      for (const value of answer.places) expect(value).toSatisfy(Number.isFinite)
      expect(await ask(wanted)).toEqual(answer)
    }
  })

  test('refuses an image that the data set does not have', async () => {
    const nowhere = { kind: 'dataset', part: 'test', index: 10_000 } as const
    await expect(ask({ kind: 'features', picture: nowhere })).rejects.toThrow('there is no image 10000')
  })
})

test('the gradient of a logit is what finite differences give', () => {
  const kernel = tf.tensor2d(
    Float32Array.from({ length: 12 * 3 }, (_, i) => Math.sin(i)),
    [12, 3],
  )
  const logits = (image: Tensor4D): Tensor2D => tf.matMul(image.reshape([1, 12]).square() as Tensor2D, kernel)
  const values = Float32Array.from({ length: 12 }, (_, i) => Math.cos(i))
  const at = (changed: Float32Array): number => logits(tf.tensor4d(changed, [1, 2, 2, 3])).dataSync()[1]!
  const { values: heat } = inputGradient(logits, tf.tensor4d(values, [1, 2, 2, 3]), 1)
  const slopes = Array.from(values, (value, i) => {
    const [up, down] = [values.slice(), values.slice()]
    up[i] = value + 1e-2
    down[i] = value - 1e-2
    return Math.abs((at(up) - at(down)) / 2e-2)
  })
  heat.forEach((value, pixel) => {
    expect(value).toBeCloseTo(Math.max(...slopes.slice(3 * pixel, 3 * pixel + 3)), 2)
  })
})

test('principal components are those of data that was made of known ones', () => {
  const axes = [
    Array.from({ length: 50 }, (_, i) => Math.sin(i)),
    Array.from({ length: 50 }, (_, i) => Math.cos(3 * i)),
  ]
  const rows = Array.from({ length: 40 }, (_, row) =>
    axes[0]!.map((value, i) => 5 * Math.sin(row) * value + 2 * Math.cos(row * 2) * axes[1]![i]! + 7),
  )
  const { coordinates, explained } = principalComponents(rows, 2)
  expect(explained).toBeCloseTo(1, 4)
  // Distances on the plane are those of the rows.
  for (const [a, b] of [
    [0, 1],
    [3, 30],
    [12, 39],
  ] as const) {
    const far = Math.hypot(...rows[a]!.map((value, i) => value - rows[b]![i]!))
    expect(Math.hypot(...coordinates[a]!.map((value, i) => value - coordinates[b]![i]!))).toBeCloseTo(far, 2)
  }
  expect(
    principalComponents(
      [
        [1, 1],
        [1, 1],
      ],
      2,
    ).coordinates,
  ).toEqual([
    [0, 0],
    [0, 0],
  ])
})

test('the process answers one question after the other, failures too, until it is told to stop', async () => {
  const said: FromTrainer[] = []
  let deliver: (message: unknown) => void = () => {}
  const status = new Session({
    send: (message) => void said.push(fromTrainerSchema.parse(message)),
    onMessage: (listener) => void (deliver = listener),
    flush: async () => {},
  }).run()
  const job = (id: number, changes: Partial<InspectJob> = {}) =>
    ({ type: 'inspect', id, ...source, question: { kind: 'kernels' }, ...changes }) as const
  deliver(job(1))
  deliver(job(2, { checkpointDirectory: '/no/such' }))
  deliver({ type: 'read-images', id: 3, dataset: 'mnist', datasetDirectory: null, part: 'test', indices: [0, 9999] })
  deliver(job(4))
  deliver({ type: 'stop' })
  expect(await status).toBe(0)
  expect(said.map(({ type }) => type)).toEqual(['ready', 'inspected', 'not-inspected', 'inspected', 'inspected'])
  const answers = said.flatMap((message) =>
    message.type === 'inspected' ? [message.answer as Answer | { kind: 'images' }] : [],
  )
  expect(answers.map(({ kind }) => kind)).toEqual(['kernels', 'images', 'kernels'])
})
