import type { DatasetInfo } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type Tensor } from '../backend.ts'
import { decodeImage } from '../data/decode-image.ts'
import { openDataset } from '../data/open-dataset.ts'
import { makePreprocess, type Preprocess } from '../data/preprocess.ts'
import type { BuiltModel } from '../models/build-model.ts'
import { loadTrainedModel } from '../checkpoints/restore.ts'

export interface Prediction {
  /** The path as it was given. */
  readonly image: string
  /** The most probable classes, best first, at most five. */
  readonly top: readonly { readonly label: string; readonly probability: number }[]
}

export interface PredictOptions {
  readonly spec: RunSpec
  readonly checkpointDirectory: string
  /** Paths of picture files. */
  readonly images: readonly string[]
}

const topCount = 5

async function predictOne(
  image: string,
  { model }: BuiltModel,
  preprocess: Preprocess,
  info: DatasetInfo,
): Promise<Prediction> {
  const pixels = await decodeImage(image, info)
  const probabilities = tf.tidy(() => Array.from((model.predict(preprocess(pixels)) as Tensor).dataSync()))
  const top = Array.from(probabilities, (probability, index) => ({
    label: info.labels[index] ?? String(index),
    probability,
  }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, topCount)
  return { image, top }
}

/**
 * Classifies picture files with a trained network.
 * @throws WorkbenchError `image-unreadable`; `checkpoint-missing`; `checkpoint-damaged`.
 */
export async function predict({ spec, checkpointDirectory, images }: PredictOptions): Promise<Prediction[]> {
  const dataset = await openDataset(spec.data.dataset)
  const { model } = await loadTrainedModel(spec, checkpointDirectory)
  try {
    const preprocess = makePreprocess(spec, dataset.info)
    const predictions: Prediction[] = []
    for (const image of images) predictions.push(await predictOne(image, model, preprocess, dataset.info))
    return predictions
  } finally {
    model.dispose()
    dataset.close()
  }
}
