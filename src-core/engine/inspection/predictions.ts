import type { Predictions } from '../../domain/inspection/answers.ts'
import type { InspectedPart } from '../../domain/inspection/questions.ts'
import { tf, type Tensor } from '../backend.ts'
import { consecutiveBatches } from '../data/batches.ts'
import { evaluationCrops, makePreprocess } from '../data/preprocess.ts'
import { splitDataset } from '../data/split.ts'
import { logProbabilities } from '../training/evaluation/evaluate.ts'
import type { InspectedModel } from './inspected-model.ts'

const batchSize = 128

/** The images of a part in order: the part of the data set that holds them, and their places in it. */
export function imagesOf({ spec, dataset }: InspectedModel, part: InspectedPart) {
  const split = splitDataset(spec, dataset.info)
  return part === 'test'
    ? ({ stored: 'test', places: split.test } as const)
    : ({ stored: 'train', places: split.validation } as const)
}

/**
 * Predicts every image of a part as the evaluation at the end of a run does, ten crops included.
 * @throws WorkbenchError as reading the data set.
 */
export function predictPart(inspected: InspectedModel, part: InspectedPart): Predictions {
  const { spec, dataset, model } = inspected
  const { stored, places } = imagesOf(inspected, part)
  const crops = evaluationCrops(spec)
  const purpose = part === 'test' ? 'evaluation' : 'training'
  const preprocess = makePreprocess(spec, dataset.info, { crops, purpose })
  const predictions: Predictions = {
    kind: 'predictions',
    classes: [...dataset.info.labels],
    indices: Uint32Array.from(places),
    labels: new Uint16Array(places.length),
    predicted: new Uint16Array(places.length),
    probability: new Float32Array(places.length),
    inTop5: new Uint8Array(places.length),
  }
  let at = 0
  for (const indices of consecutiveBatches(places, Math.ceil(batchSize / crops))) {
    const labels = dataset.readLabels(stored, indices)
    const logs = tf.tidy(() => {
      const images = preprocess(dataset.readImages(stored, indices))
      return logProbabilities(model.logits.predict(images, { batchSize: images.shape[0] }) as Tensor, crops).arraySync()
    }) as number[][]
    logs.forEach((row, i) => addPrediction(predictions, at + i, row, labels[i]!))
    at += indices.length
  }
  return predictions
}

function addPrediction(into: Predictions, at: number, logs: readonly number[], label: number): void {
  let best = 0
  for (let i = 1; i < logs.length; i++) if (logs[i]! > logs[best]!) best = i
  into.labels[at] = label
  into.predicted[at] = best
  into.probability[at] = Math.exp(logs[best]!)
  const before = logs.filter((log) => log > logs[label]!).length
  into.inTop5[at] = Number(Number.isFinite(logs[label]) && before < 5)
}
