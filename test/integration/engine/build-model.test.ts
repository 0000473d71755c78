import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { planArchitecture } from '../../../src-core/domain/architecture.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf, type LayersModel, type Tensor } from '../../../src-core/engine/backend.ts'
import { LocalResponseNormalization } from '../../../src-core/engine/layers/local-response-normalization.ts'
import { buildModel } from '../../../src-core/engine/models/build-model.ts'
import { weightsSha256 } from '../../../src-core/engine/checkpoints/digest.ts'
import { tinySpec } from './small-runs.ts'

interface ReferenceArchitecture {
  params: number
  trainable: number
  layers: { layer: string; output: number[]; params: number }[]
}

const file = new URL('../../fixtures/architectures.json', import.meta.url)
const reference = JSON.parse(readFileSync(file, 'utf8')) as Record<string, ReferenceArchitecture>

describe.each(['keras-bn', 'table-lrn'])('the built %s', (name) => {
  const model = buildModel(recipeSpec(name).model, 1)
  const layers = model.model.layers.slice(1)
  const built = layers.map((layer) => ({
    output: (layer.outputShape as number[]).slice(1),
    params: layer.countParams(),
  }))

  test('has the layers that Keras counted', () => {
    expect(built).toEqual(reference[name]!.layers.map(({ output, params }) => ({ output, params })))
    expect(model.model.countParams()).toBe(reference[name]!.params)
  })

  test('has the layers of the plan, under the same names', () => {
    const plan = planArchitecture(recipeSpec(name).model)
    expect(layers.map((layer, i) => ({ name: layer.name, ...built[i] }))).toEqual(
      plan.layers.map((layer) => ({ name: layer.name, output: layer.output, params: layer.params })),
    )
    const trainable = model.weights.filter((weight) => weight.trainable)
    expect(trainable.reduce((sum, { variable }) => sum + variable.size, 0)).toBe(plan.trainable)
  })

  test('gives all its memory back', () => {
    model.dispose()
    expect(model.weights.every(({ variable }) => variable.isDisposed)).toBe(true)
  })
})

describe('buildModel', () => {
  test('draws the same weights for the same seed, under the same names, each time in a process', () => {
    const first = buildModel(tinySpec().model, 3)
    const second = buildModel(tinySpec().model, 3)
    const other = buildModel(tinySpec().model, 4)
    expect(second.weights.map(({ name }) => name)).toEqual(first.weights.map(({ name }) => name))
    expect(first.weights.map(({ name }) => name)).toContain('bn1/moving_variance')
    expect(weightsSha256(second.weights)).toBe(weightsSha256(first.weights))
    expect(weightsSha256(other.weights)).not.toBe(weightsSha256(first.weights))
    for (const model of [first, second, other]) model.dispose()
  })

  test.each([
    ['he-normal', (fanIn: number) => Math.sqrt(2 / fanIn)],
    ['glorot-uniform', (fanIn: number, fanOut: number) => Math.sqrt(2 / (fanIn + fanOut))],
    ['normal-0.01', () => 0.01],
  ] as const)('%s has the deviation of its definition', (initializer, deviation) => {
    const spec = recipeSpec('alexnet-small').model
    const { weights, dispose } = buildModel({ ...spec, initializer }, 1)
    const { variable } = weights.find(({ name }) => name === 'conv3/kernel')!
    const [height, width, channels, filters] = variable.shape as [number, number, number, number]
    const field = height * width
    const measured = tf.tidy(() => Math.sqrt(tf.moments(variable).variance.dataSync()[0]!))
    expect(measured / deviation(field * channels, field * filters)).toBeCloseTo(1, 1)
    dispose()
  })

  test('gives the softmax of the logits', () => {
    const { model, logits, dispose } = buildModel(tinySpec().model, 1)
    tf.tidy(() => {
      const images = tf.randomUniform([2, 32, 32, 3], -1, 1, 'float32', 1)
      const expected = tf.softmax(logits.predict(images) as Tensor)
      expect((model.predict(images) as Tensor).sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-6)
    })
    dispose()
  })

  test('is not confused by dropout outside training', () => {
    const { model, dispose } = buildModel(tinySpec().model, 1)
    tf.tidy(() => {
      const images = tf.ones([1, 32, 32, 3])
      expect((model.predict(images) as Tensor).dataSync()).toEqual((model.predict(images) as Tensor).dataSync())
    })
    dispose()
  })
})

test('a saved local response normalisation loads as the same layer', async () => {
  const args = { n: 3, k: 1.5, alpha: 0.2, beta: 0.6, name: 'lrn1' }
  const input = tf.input({ shape: [4, 4, 6] })
  const model = tf.model({ inputs: input, outputs: new LocalResponseNormalization(args).apply(input) as typeof input })
  const images = tf.randomUniform([2, 4, 4, 6], -1, 1, 'float32', 1)
  let loaded: LayersModel | undefined
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts))
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
    }),
  )
  const { name, n, k, alpha, beta } = loaded!.getLayer('lrn1').getConfig()
  expect({ name, n, k, alpha, beta }).toEqual(args)
  expect((loaded!.predict(images) as Tensor).dataSync()).toEqual((model.predict(images) as Tensor).dataSync())
})
