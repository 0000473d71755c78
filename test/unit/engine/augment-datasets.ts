import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { noAugmentation, type Augmentation } from '../../../src-core/domain/spec/data-spec.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { DataSpec, RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import type { Dataset } from '../../../src-core/engine/data/dataset.ts'

/** A data set of made-up pictures: every byte is a pure function of part, image and place. */
export function madeUpDataset(size: number, channels: 1 | 3): Dataset {
  const length = size * size * channels
  const info = {
    ...mnistInfo,
    size,
    channels,
    trainImages: 48,
    testImages: 12,
    mean: new Array<number>(channels).fill(0.5),
    standardDeviation: new Array<number>(channels).fill(0.3),
  }
  const byte = (image: number, place: number): number => Math.imul(image * 7919 + place + 1, 0x9e3779b1) >>> 24
  return {
    info,
    readImages(part, indices) {
      const first = part === 'train' ? 0 : 1000
      const pixels = new Uint8Array(indices.length * length)
      for (let i = 0; i < pixels.length; i++) {
        pixels[i] = byte(first + indices[Math.floor(i / length)]!, i % length)
      }
      return pixels
    },
    readLabels: (_, indices) => Int32Array.from(indices, (index) => index % 10),
    close() {},
  }
}

export const everyChange: Augmentation = {
  translation: 3,
  randomCrop: true,
  flip: true,
  rotation: 15,
  scaling: 0.1,
  brightness: 0.2,
  contrast: 0.3,
  noise: 0.05,
  colorShift: 0.1,
}

/** A small spec with these changes: batches of 8, input 32 pixels cut out of 36. */
export function augmentedSpec(
  augmentation: Partial<Augmentation>,
  { channels = 3, ...data }: Partial<DataSpec> & { channels?: 1 | 3 } = {},
): RunSpec {
  const spec = recipeSpec('alexnet-small')
  return {
    ...spec,
    model: { ...spec.model, input: { size: 32, channels } },
    data: {
      ...spec.data,
      pixels: 'unit',
      resize: 36,
      validationFraction: 0.25,
      augmentation: { ...noAugmentation, ...augmentation },
      ...data,
    },
    training: { ...spec.training, batchSize: 8, seed: 5 },
  }
}
