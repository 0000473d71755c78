import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf } from '../../../src-core/engine/backend.ts'
import { buildModel, type BuiltModel } from '../../../src-core/engine/models/build-model.ts'

/** A narrow AlexNet with batch normalisation, also in its fully connected layers. */
export function narrow(changes: Partial<ModelSpec> = {}): ModelSpec {
  const { model } = recipeSpec('alexnet-small')
  const normalization = { ...model.normalization, kind: 'bn', dense: 'same' } as const
  return { ...model, widthMultiplier: 0.0625, normalization, ...changes }
}

/** Builds, looks, and gives the memory back. */
export function withModel<T>(spec: ModelSpec, look: (model: BuiltModel) => T): T {
  const model = buildModel(spec, 1)
  try {
    return look(model)
  } finally {
    model.dispose()
  }
}

/** Two images that fit the input of `narrow`. */
export const images = tf.randomUniform([2, 32, 32, 3], -1, 1, 'float32', 1)
