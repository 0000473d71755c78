import { describe, expect, test } from 'vitest'
import { tf, type LayersModel, type SymbolicTensor, type Tensor } from '../../../src-core/engine/backend.ts'
import { FusedBatchNormalization } from '../../../src-core/engine/layers/batch-normalization.ts'
import '../../../src-core/engine/layers/custom-layers.ts'
import { FusedActivation, FusedLeakyReLU } from '../../../src-core/engine/layers/fused-activations.ts'
import { GroupedConv2D } from '../../../src-core/engine/layers/grouped-conv2d.ts'
import { GroupNormalization } from '../../../src-core/engine/layers/group-normalization.ts'
import { LocalResponseNormalization } from '../../../src-core/engine/layers/local-response-normalization.ts'
import { StatelessDropout } from '../../../src-core/engine/layers/stateless-dropout.ts'
import { fixedValues } from './gradient-check.ts'

type Layer = InstanceType<typeof tf.layers.Layer>

function modelOf(layer: Layer, shape: number[]): LayersModel {
  const input = tf.input({ shape })
  return tf.model({ inputs: input, outputs: layer.apply(input) as SymbolicTensor })
}

async function savedAndLoaded(model: LayersModel): Promise<LayersModel> {
  let loaded: LayersModel | undefined
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts))
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
    }),
  )
  return loaded!
}

const images = fixedValues([2, 5, 5, 6])

describe('layers that TensorFlow.js does not have', () => {
  const lrn = { n: 3, k: 1.5, alpha: 0.2, beta: 0.6 }
  const conv = { filters: 4, kernelSize: 3, strides: 2, padding: 'valid' as const, groups: 2 }
  const gn = { groups: 3, epsilon: 1e-4 }
  const kernelInitializer = tf.initializers.randomNormal({ seed: 1 })

  test.each([
    ['LocalResponseNormalization', lrn, () => new LocalResponseNormalization({ name: 'layer-1', ...lrn })],
    ['GroupedConv2D', conv, () => new GroupedConv2D({ name: 'layer-1', ...conv, kernelInitializer })],
    ['GroupNormalization', gn, () => new GroupNormalization({ name: 'layer-1', ...gn })],
  ] as [string, object, () => Layer][])(
    '%s: saved and loaded it is the same layer',
    async (className, config, make) => {
      const model = modelOf(make(), [5, 5, 6])
      const loaded = await savedAndLoaded(model)
      const layer = loaded.getLayer('layer-1')
      expect(layer.getClassName()).toBe(className)
      expect(layer.getConfig()).toMatchObject({ name: 'layer-1', ...config })
      const [before, after] = [model, loaded].map((each) => each.predict(images) as Tensor)
      expect(after!.shape).toEqual([2, ...(loaded.outputs[0]!.shape.slice(1) as number[])])
      expect(after!.dataSync()).toEqual(before!.dataSync())
      expect(after!.abs().max().dataSync()[0]).toBeGreaterThan(0)
    },
  )

  test.each([
    [{ ...conv, padding: 'same' as const }, [null, 3, 3, 4]],
    [conv, [null, 2, 2, 4]],
    [{ ...conv, strides: 1 }, [null, 3, 3, 4]],
  ])('GroupedConv2D foretells its output shape', (options, shape) => {
    const model = modelOf(new GroupedConv2D({ ...options, kernelInitializer }), [5, 5, 6])
    expect(model.outputs[0]!.shape).toEqual(shape)
    expect((model.predict(images) as Tensor).shape.slice(1)).toEqual(shape.slice(1))
  })
})

describe('stock layers with our kernels', () => {
  test.each([
    ['tanh', new FusedActivation('tanh1', 'tanh'), { activation: 'tanh' }, 'Activation'],
    ['gelu', new FusedActivation('gelu1', 'gelu'), { activation: 'gelu' }, 'Activation'],
    ['leaky ReLU', new FusedLeakyReLU({ name: 'leaky-relu1', alpha: 0.15 }), { alpha: 0.15 }, 'LeakyReLU'],
  ] as [string, Layer, object, string][])('%s is saved as the stock layer', async (_, layer, config, className) => {
    const model = modelOf(layer, [5, 5, 6])
    const loaded = await savedAndLoaded(model)
    const stock = loaded.layers[1]!
    expect([stock.name, stock.getClassName()]).toEqual([layer.name, className])
    expect(stock.getConfig()).toMatchObject(config)
    expect(stock).not.toBeInstanceOf(FusedActivation)
    const difference = tf.tidy(() =>
      (model.predict(images) as Tensor)
        .sub(loaded.predict(images) as Tensor)
        .abs()
        .max()
        .dataSync(),
    )
    expect(difference[0]).toBeLessThan(1e-6)
  })
})

describe('FusedBatchNormalization', () => {
  const movingMean = (layer: Layer): number[] => [...layer.getWeights()[2]!.dataSync()]

  test('moves its statistics by the momentum, except while frozen and outside training', () => {
    let frozen = false
    const layer = new FusedBatchNormalization({ momentum: 0.75, epsilon: 1e-3 }, () => frozen)
    const batch = tf.tensor2d([[1], [3]])
    layer.apply(batch, { training: true })
    expect(movingMean(layer)).toEqual([0.5])
    frozen = true
    layer.apply(batch, { training: true })
    layer.apply(batch, { training: false })
    expect(movingMean(layer)).toEqual([0.5])
    frozen = false
    layer.apply(batch, { training: true })
    expect(movingMean(layer)).toEqual([0.875])
  })

  test('computes with the moving statistics while frozen', () => {
    const layer = new FusedBatchNormalization({ epsilon: 1e-3 }, () => true)
    const output = layer.apply(tf.tensor2d([[1], [3]]), { training: true }) as Tensor
    const expected = [1, 3].map((value) => value / Math.sqrt(1.001))
    output.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5))
  })
})

test('every dropout layer has its own rate and masks, which follow the step', () => {
  const clock = { step: 1 }
  const ones = tf.ones([1, 4000])
  const masks = (name: string, rate: number): Float32Array => {
    const layer = new StatelessDropout({ name, rate, runSeed: 3, clock })
    return (layer.apply(ones, { training: true }) as Tensor).dataSync<'float32'>()
  }
  const kept = (values: Float32Array): number => values.filter((value) => value > 0).length / values.length
  expect(kept(masks('drop1', 0.1))).toBeCloseTo(0.9, 1)
  expect(kept(masks('drop6', 0.6))).toBeCloseTo(0.4, 1)
  expect(masks('drop6', 0.5)).toEqual(masks('drop6', 0.5))
  expect(masks('drop6', 0.5)).not.toEqual(masks('drop7', 0.5))
  const first = masks('drop6', 0.5)
  clock.step = 2
  expect(masks('drop6', 0.5)).not.toEqual(first)
})
