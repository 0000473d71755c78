import type { AugmentationPreview, Pictures } from '../../../domain/evaluation/artifact.ts'
import { noAugmentation } from '../../../domain/spec/data-spec.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../../backend.ts'
import { resize } from '../crops.ts'
import { openDataset } from '../open-dataset.ts'
import { splitDataset } from '../split.ts'
import { makeTrainingPreprocess, type TrainingImages } from './training-preprocess.ts'

const imageCount = 6
const variantCount = 6

/** Side of a preview picture in pixels at most; larger ones are made smaller. */
const largestSide = 96

/** The images as bytes, values beyond 0..1 clipped: for looking at only. Disposes of them. */
function toPictures(images: Tensor4D): Pictures {
  const size = Math.min(images.shape[1], largestSide)
  const bytes = tf.tidy(() => tf.clipByValue(resize(images, size), 0, 1).mul(255).round().dataSync())
  images.dispose()
  return {
    count: images.shape[0],
    size,
    channels: images.shape[3] as Pictures['channels'],
    pixels: Buffer.from(Uint8Array.from(bytes)).toString('base64'),
  }
}

/** The first training images, and what the first steps of a run make of them in the first places of a batch. */
export function previewAugmentation(images: TrainingImages): AugmentationPreview {
  const { spec, dataset, training } = images
  const read = (): Uint8Array => dataset.readImages('train', training.subarray(0, imageCount))
  // Not normalised: pictures to look at.
  const shown: RunSpec = { ...spec, data: { ...spec.data, pixels: 'unit' } }
  const plain: RunSpec = { ...shown, data: { ...shown.data, augmentation: noAugmentation } }
  const augment = makeTrainingPreprocess({ ...images, spec: shown })
  const augmented = tf.tidy(() => {
    const variants = Array.from({ length: variantCount }, (_, step) => augment(read(), step))
    const [count, side, , channels] = variants[0]!.shape
    return tf.stack(variants, 1).reshape<Tensor4D>([count * variantCount, side, side, channels])
  })
  return {
    originals: toPictures(makeTrainingPreprocess({ ...images, spec: plain })(read(), 0)),
    variants: variantCount,
    augmented: toPictures(augmented),
  }
}

/**
 * Draws what augmentation makes of six training images of the run.
 * @param datasetDirectory folder of an imported data set; null for one that comes with Ablate.
 * @throws WorkbenchError `unknown-dataset`; `dataset-missing`; `dataset-damaged`; `batch-too-large`.
 */
export async function makeAugmentationPreview(
  spec: RunSpec,
  datasetDirectory: string | null = null,
): Promise<AugmentationPreview> {
  const dataset = await openDataset(spec.data.dataset, datasetDirectory)
  try {
    const { training } = splitDataset(spec, dataset.info)
    return previewAugmentation({ spec, dataset, training })
  } finally {
    dataset.close()
  }
}
