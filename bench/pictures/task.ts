import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { withAssignments } from '../../src-core/domain/spec/templates.ts'

/** Side of the stored pictures, and how many there are. */
export const pictures = { size: 256, classes: 10, perClass: 200 } as const

/** Images per step. */
export const batchSize = 32

/** What a peer of this comparison is told. */
export interface PicturesTask {
  readonly spec: RunSpec
  readonly datasetDirectory: string
}

/** The full network on random crops of 227 pixels, half of them mirrored. */
export function picturesSpec(dataset: string): RunSpec {
  return withAssignments(recipeSpec('keras-bn'), {
    'data.dataset': dataset,
    'data.resize': pictures.size,
    'data.augmentation.randomCrop': true,
    'data.augmentation.flip': true,
    'training.batchSize': batchSize,
    'training.epochs': 100,
  })
}
