import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'

export interface SmallSpec {
  readonly images?: number
  readonly epochs?: number
  readonly normalization?: RunSpec['model']['normalization']['kind']
  readonly dropout?: number
  readonly seed?: number
}

/** AlexNet at a tenth of its width on some of MNIST: a step takes about a tenth of a second on two cores. */
export function smallSpec({
  images = 1024,
  epochs = 2,
  normalization = 'bn',
  dropout = 0.5,
  seed = 1,
}: SmallSpec = {}) {
  const spec = recipeSpec('alexnet-small')
  spec.model.widthMultiplier = 0.1
  spec.model.normalization.kind = normalization
  spec.model.dropout.rate = dropout
  spec.data.trainImages = images
  spec.data.testImages = 256
  Object.assign(spec.training, { epochs, seed })
  return spec
}

/** Long enough that it does not finish by itself while a test looks at it. */
export function longSpec(): RunSpec {
  return smallSpec({ images: 20_000, epochs: 50 })
}
