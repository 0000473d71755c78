import type { ExportCheck } from '../../domain/model-export.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import { tf, type LayersModel, type Tensor, type Tensor4D } from '../backend.ts'

/** Largest difference of a probability that two float32 implementations of one network may show. */
const probabilityTolerance = 1e-4

interface BatchAgreement {
  readonly maxAbsDiff: number
  readonly sameTop: number
}

type Predict = (model: LayersModel, images: Tensor4D) => Tensor

function compareBatch(trained: LayersModel, exported: LayersModel, images: Tensor4D, predict: Predict): BatchAgreement {
  let maxAbsDiff = 0
  let sameTop = 0
  tf.tidy(() => {
    const ours = predict(trained, images)
    const theirs = predict(exported, images)
    maxAbsDiff = ours.sub(theirs).abs().max().dataSync()[0]!
    sameTop = ours.argMax(-1).equal(theirs.argMax(-1)).sum().dataSync()[0]!
  })
  return { maxAbsDiff, sameTop }
}

/**
 * Compares the probabilities of two models on the same images; the batches are disposed of.
 * @param probabilities makes probabilities of what the models give.
 */
export function compareModels(
  trained: LayersModel,
  exported: LayersModel,
  batches: Iterable<Tensor4D>,
  probabilities: (output: Tensor) => Tensor,
): ExportCheck {
  const predict: Predict = (model, input) =>
    probabilities(model.predict(input, { batchSize: input.shape[0] }) as Tensor)
  let images = 0
  let maxAbsDiff = 0
  let same = 0
  for (const batch of batches) {
    const agreement = compareBatch(trained, exported, batch, predict)
    images += batch.shape[0]
    same += agreement.sameTop
    // NaN must not slip through: Math.max would keep it, a comparison would drop it.
    maxAbsDiff = Math.max(maxAbsDiff, agreement.maxAbsDiff)
    batch.dispose()
  }
  return { images, maxAbsDiff, top1Agreement: same / images }
}

/** @throws WorkbenchError `export-mismatch` when the exported model is not the trained one within the tolerance. */
export function requireAgreement({ images, maxAbsDiff, top1Agreement }: ExportCheck): void {
  if (maxAbsDiff <= probabilityTolerance && top1Agreement === 1) return
  throw new WorkbenchError(
    'export-mismatch',
    `The exported model does not agree with the trained one on ${images} test images: probabilities differ by up to ` +
      `${maxAbsDiff.toExponential(1)}, the first class agrees on ${(100 * top1Agreement).toFixed(1)} %. Nothing was kept.`,
    { images, maxAbsDiff, top1Agreement },
  )
}
