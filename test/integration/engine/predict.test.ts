import { describe, expect, test } from 'vitest'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { tf, type Tensor2D, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { averageProbabilities } from '../../../src-core/engine/export/predict.ts'
import { buildModel } from '../../../src-core/engine/models/build-model.ts'

function tinyModel(output: ModelSpec['output']): ModelSpec {
  return { ...recipeSpec('alexnet-small').model, widthMultiplier: 0.06, output }
}

function somePictures(count: number): Tensor4D {
  const values = Float32Array.from({ length: count * 32 * 32 * 3 }, (_, index) => Math.sin(index * 0.7) * 3)
  return tf.tensor4d(values, [count, 32, 32, 3])
}

describe('averageProbabilities', () => {
  test.each(['softmax', 'logits'] as const)('gives probabilities of a network that ends with %s', (output) => {
    const model = buildModel(tinyModel(output), 3)
    const images = somePictures(1)
    const probabilities = tf.tidy(() => averageProbabilities(model, images))
    expect(probabilities).toHaveLength(10)
    expect(Math.min(...probabilities)).toBeGreaterThan(0)
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    images.dispose()
    model.dispose()
  })

  test('averages the probabilities of the crops, not their logits', () => {
    const model = buildModel(tinyModel('logits'), 3)
    const images = somePictures(10)
    const rows = tf.tidy(() => (model.model.predict(images) as Tensor2D).arraySync())
    const softmax = (row: number[]): number[] => {
      const powers = row.map((value) => Math.exp(value))
      const sum = powers.reduce((total, value) => total + value, 0)
      return powers.map((value) => value / sum)
    }
    const probabilities = rows.map(softmax)
    const average = probabilities[0]!.map((_, label) =>
      probabilities.reduce((sum, row) => sum + row[label]! / probabilities.length, 0),
    )
    const got = tf.tidy(() => averageProbabilities(model, images))
    got.forEach((value, index) => expect(value).toBeCloseTo(average[index]!, 6))
    images.dispose()
    model.dispose()
  })
})
