import type { DatasetInfo } from '../../domain/dataset.ts'
import { toWireError, type WireError } from '../../domain/errors.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type Tensor2D, type Tensor4D } from '../backend.ts'
import { decodeImage } from '../data/decode-image.ts'
import { openDataset } from '../data/open-dataset.ts'
import { evaluationCrops, makePreprocess, type Preprocess } from '../data/preprocess.ts'
import type { BuiltModel } from '../models/build-model.ts'
import { loadTrainedModel } from '../checkpoints/restore.ts'

export interface Prediction {
  /** The path as it was given. */
  readonly image: string
  /** The most probable classes, best first, at most five. */
  readonly top: readonly { readonly label: string; readonly probability: number }[]
  /** Whether the picture's background is bright where the data set's is dark: the answer is then worth little. */
  readonly unlikeDataset: boolean
  /** Why the picture could not be read, `top` then being empty; null when it could. */
  readonly error: WireError | null
}

export interface PredictOptions {
  readonly spec: RunSpec
  /** Folder of an imported data set; null for one that comes with Ablate. */
  readonly datasetDirectory?: string | null
  readonly checkpointDirectory: string
  /** Paths of picture files. */
  readonly images: readonly string[]
}

const topCount = 5

/** Mean of the outermost pixels, 0 to 255. MNIST's are all black; ink on paper is the other way round. */
function borderBrightness(pixels: Uint8Array, { size, channels }: DatasetInfo): number {
  const border = pixels.filter((_, index) => {
    const pixel = Math.floor(index / channels)
    const [row, column] = [Math.floor(pixel / size), pixel % size]
    return row === 0 || column === 0 || row === size - 1 || column === size - 1
  })
  return border.reduce((sum, value) => sum + value, 0) / border.length
}

/** Probabilities of the classes of one picture, averaged over its crops, the rows of `images` [crops, size, size, channels]. */
export function averageProbabilities({ logits }: BuiltModel, images: Tensor4D): number[] {
  const rows = logits.predict(images, { batchSize: images.shape[0] }) as Tensor2D
  return Array.from(tf.mean(tf.softmax(rows), 0).dataSync())
}

/** Whether a picture's background is bright where the data set's is dark. @param pixels one stored image */
export function isUnlikeDataset(pixels: Uint8Array, info: DatasetInfo): boolean {
  return info.darkBackground && borderBrightness(pixels, info) > 127
}

/** The most probable classes, best first, at most five. */
export function topClasses(
  probabilities: readonly number[],
  info: DatasetInfo,
): { label: string; class: number; probability: number }[] {
  return probabilities
    .map((probability, index) => ({ label: info.labels[index] ?? String(index), class: index, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, topCount)
}

async function predictOne(
  image: string,
  model: BuiltModel,
  preprocess: Preprocess,
  info: DatasetInfo,
): Promise<Prediction> {
  let pixels: Uint8Array
  try {
    pixels = await decodeImage(image, info)
  } catch (error) {
    return { image, top: [], unlikeDataset: false, error: toWireError(error) }
  }
  const probabilities = tf.tidy(() => averageProbabilities(model, preprocess(pixels)))
  const top = topClasses(probabilities, info).map(({ label, probability }) => ({ label, probability }))
  return { image, top, unlikeDataset: isUnlikeDataset(pixels, info), error: null }
}

/**
 * Classifies picture files with a trained network, prepared as the images of an evaluation: with the ten crops if the
 * run evaluates on them. A picture that cannot be read is answered with the reason, and the others go on.
 * @throws WorkbenchError `checkpoint-missing`; `checkpoint-damaged`; as opening the data set.
 */
export async function predict(options: PredictOptions): Promise<Prediction[]> {
  const { spec, datasetDirectory = null, checkpointDirectory, images } = options
  const dataset = await openDataset(spec.data.dataset, datasetDirectory)
  const { model } = await loadTrainedModel(spec, checkpointDirectory)
  try {
    const preprocess = makePreprocess(spec, dataset.info, { crops: evaluationCrops(spec) })
    const predictions: Prediction[] = []
    for (const image of images) predictions.push(await predictOne(image, model, preprocess, dataset.info))
    return predictions
  } finally {
    model.dispose()
    dataset.close()
  }
}
