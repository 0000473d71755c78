import { describe, expect, test } from 'vitest'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf, type Scalar, type Tensor } from '../../../src-core/engine/backend.ts'
import { weightsSha256 } from '../../../src-core/engine/checkpoints/digest.ts'
import { buildModel, type BuiltModel } from '../../../src-core/engine/models/build-model.ts'
import { images, narrow, withModel } from './narrow-models.ts'

function weightValues({ weights }: BuiltModel, name: string): Float32Array {
  return weights.find((weight) => weight.name === name)!.variable.dataSync<'float32'>()
}

describe('the weights', () => {
  test('are the same for the same seed, under the same names, each time in a process', () => {
    const [first, second, other] = [buildModel(narrow(), 3), buildModel(narrow(), 3), buildModel(narrow(), 4)]
    expect(second.weights.map(({ name }) => name)).toEqual(first.weights.map(({ name }) => name))
    expect(first.weights.map(({ name }) => name)).toContain('bn1/moving_variance')
    expect(weightsSha256(second.weights)).toBe(weightsSha256(first.weights))
    expect(weightsSha256(other.weights)).not.toBe(weightsSha256(first.weights))
    for (const model of [first, second, other]) model.dispose()
  })

  test('say what they are and to which learned layer they belong', () => {
    withModel(narrow({ removed: [2] }), ({ weights, learned }) => {
      expect(learned).toEqual(['conv1', 'conv3', 'conv4', 'conv5', 'fc6', 'fc7', 'fc8'])
      const facts = Object.fromEntries(
        weights.map(({ name, layer, role, trainable }) => [name, [layer, role, trainable]]),
      )
      expect(facts['conv1/kernel']).toEqual(['conv1', 'kernel', true])
      expect(facts['fc8/bias']).toEqual(['fc8', 'bias', true])
      expect(facts['bn1/gamma']).toEqual(['conv1', 'normalization', true])
      expect(facts['bn6/moving_mean']).toEqual(['fc6', 'normalization', false])
      expect(Object.keys(facts).some((name) => /^(conv|bn)2\//.test(name))).toBe(false)
    })
  })

  test.each([
    ['he-normal', (fanIn: number) => Math.sqrt(2 / fanIn)],
    ['he-uniform', (fanIn: number) => Math.sqrt(2 / fanIn)],
    ['glorot-normal', (fanIn: number, fanOut: number) => Math.sqrt(2 / (fanIn + fanOut))],
    ['glorot-uniform', (fanIn: number, fanOut: number) => Math.sqrt(2 / (fanIn + fanOut))],
    ['normal-0.01', () => 0.01],
  ] as const)('%s: deviation and limit of its definition, also in two groups', (initializer, deviation) => {
    const { convolutions } = recipeSpec('alexnet-small').model
    const grouped = convolutions.map((layer, index) => (index === 3 ? { ...layer, groups: 2 } : layer))
    withModel(narrow({ initializer, convolutions: grouped, widthMultiplier: 0.25 }), (model) => {
      for (const [name, channels] of [
        ['conv3/kernel', 64],
        ['conv4/kernel', 48],
      ] as const) {
        const values = weightValues(model, name)
        const expected = deviation(9 * channels, 9 * 96)
        const measured = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
        // 41,472 draws and more: the deviation is known to half a percent.
        expect(Math.abs(measured / expected - 1), name).toBeLessThan(0.02)
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / expected
        if (initializer.endsWith('uniform')) expect(largest).toBeLessThanOrEqual(Math.sqrt(3) * 1.00001)
        else if (initializer === 'normal-0.01') expect(largest).toBeGreaterThan(3)
        else expect(largest).toBeLessThanOrEqual((2 / 0.87962566103423978) * 1.00001)
      }
    })
  })

  test('begin with biases of one in the layers that are named, of zero in all others', () => {
    withModel(narrow({ onesBiases: ['conv2', 'fc6'] }), (model) => {
      for (const { name, role, variable } of model.weights) {
        if (role !== 'bias') continue
        const expected = ['conv2/bias', 'fc6/bias'].includes(name) ? 1 : 0
        expect(
          variable.dataSync().every((value) => value === expected),
          name,
        ).toBe(true)
      }
    })
  })
})

describe('what the model computes', () => {
  test('is the softmax of the logits', () => {
    withModel(narrow(), ({ model, logits }) =>
      tf.tidy(() => {
        const expected = tf.softmax(logits.predict(images) as Tensor)
        expect((model.predict(images) as Tensor).sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-6)
      }),
    )
  })

  test('is the logits themselves where the output says so', () => {
    withModel(narrow({ output: 'logits' }), ({ model, logits }) =>
      tf.tidy(() => {
        expect((model.predict(images) as Tensor).dataSync()).toEqual((logits.predict(images) as Tensor).dataSync())
        const sums = (model.predict(images) as Tensor).sum(-1).dataSync()
        expect(Math.abs(sums[0]! - 1)).toBeGreaterThan(1e-3)
      }),
    )
  })

  test('does not change outside training', () => {
    withModel(narrow(), ({ model }) =>
      tf.tidy(() => {
        const once = (model.predict(images) as Tensor).dataSync()
        expect((model.predict(images) as Tensor).dataSync()).toEqual(once)
      }),
    )
  })
})

describe('inputOf', () => {
  test('gives the tensor that enters a layer, through the same weights', () => {
    withModel(narrow(), (model) =>
      tf.tidy(() => {
        const entering = model.inputOf('conv2').predict(images) as Tensor
        expect(entering.shape).toEqual([2, 15, 15, 6])
        const block = ['conv1', 'relu1', 'pool1', 'bn1'].reduce<Tensor>(
          (tensor, layer) => model.model.getLayer(layer).apply(tensor, { training: false }) as Tensor,
          images,
        )
        expect(entering.dataSync()).toEqual(block.dataSync())
        expect((model.inputOf('conv1').predict(images) as Tensor).dataSync()).toEqual(images.dataSync())
      }),
    )
  })

  test('names the layers when it does not know one', () => {
    withModel(narrow({ removed: [2] }), (model) =>
      expect(() => model.inputOf('conv2')).toThrow('There is no layer "conv2". The layers are: conv1, relu1, pool1'),
    )
  })
})

describe('a frozen layer', () => {
  const statistics = ['bn1/moving_mean', 'bn1/moving_variance']

  function trainOnce(model: BuiltModel): Tensor {
    return model.logits.apply(images, { training: true }) as Tensor
  }

  test('keeps the moving statistics of its batch normalisation and computes with them', () => {
    withModel(narrow({ dropout: { rate: 0, position: 'before-dense' } }), (model) =>
      tf.tidy(() => {
        model.clock.frozen = new Set(model.learned)
        const before = statistics.map((name) => weightValues(model, name))
        const frozen = trainOnce(model).dataSync()
        expect(statistics.map((name) => weightValues(model, name))).toEqual(before)
        expect(frozen).toEqual((model.logits.predict(images) as Tensor).dataSync())
        model.clock.frozen = new Set()
        trainOnce(model)
        expect(statistics.map((name) => weightValues(model, name))).not.toEqual(before)
      }),
    )
  })

  test('leaves the batch normalisation of the others to learn, and passes their gradient on', () => {
    withModel(narrow(), (model) =>
      tf.tidy(() => {
        model.clock.frozen = new Set(['conv2'])
        const second = weightValues(model, 'bn2/moving_mean')
        const first = weightValues(model, 'bn1/moving_mean')
        const kernel = model.weights.find(({ name }) => name === 'conv1/kernel')!.variable
        const loss = (): Scalar => trainOnce(model).square().mean()
        const { grads } = tf.variableGrads(loss, [kernel])
        expect(grads[kernel.name]!.abs().max().dataSync()[0]).toBeGreaterThan(0)
        expect(weightValues(model, 'bn2/moving_mean')).toEqual(second)
        expect(weightValues(model, 'bn1/moving_mean')).not.toEqual(first)
      }),
    )
  })
})
