import type { AnswerTo, Heat } from '../../domain/inspection/answers.ts'
import { tf, type Tensor, type Tensor2D, type Tensor4D } from '../backend.ts'
import type { InspectedModel } from './inspected-model.ts'
import { storedPicture } from './pictures.ts'

/** The covered square's side is the input's over this; its steps are half of that. */
const squaresPerSide = 8
const batchSize = 64

/**
 * Which pixels of a picture matter for a class: the gradient of its logit (Simonyan et al. 2013) and the fall of its
 * probability while a grey square covers a place (Zeiler and Fergus 2014).
 * @param pixels one image of the data set's kind
 * @param chosen null takes the most probable class
 */
export function saliency(inspected: InspectedModel, pixels: Uint8Array, chosen: number | null): AnswerTo<'saliency'> {
  const { model, dataset, preprocess } = inspected
  const image = preprocess(pixels)
  try {
    const probabilities = probabilitiesOf(inspected, image)[0]!
    const most = probabilities.indexOf(Math.max(...probabilities))
    const target = chosen !== null && chosen < probabilities.length ? chosen : most
    return {
      kind: 'saliency',
      seen: storedPicture(pixels, dataset.info),
      class: target,
      label: dataset.info.labels[target] ?? String(target),
      probability: probabilities[target]!,
      gradient: inputGradient((input) => model.logits.apply(input, { training: false }) as Tensor2D, image, target),
      occlusion: occlusion(inspected, image, target, probabilities[target]!),
    }
  } finally {
    image.dispose()
  }
}

function probabilitiesOf({ model }: InspectedModel, images: Tensor4D): number[][] {
  return tf.tidy(() =>
    tf.softmax(model.logits.predict(images, { batchSize: images.shape[0] }) as Tensor2D).arraySync(),
  ) as number[][]
}

/** Absolute gradient of one logit by the pixels, the largest of the channels. @param image [1, size, size, channels] */
export function inputGradient(logits: (image: Tensor4D) => Tensor2D, image: Tensor4D, target: number): Heat {
  return tf.tidy(() => {
    const ofImage = tf.grad((input: Tensor) =>
      logits(input as Tensor4D)
        .slice([0, target], [1, 1])
        .sum(),
    )
    const values = ofImage(image).abs().max(3).dataSync<'float32'>()
    return { size: image.shape[1], values: Float32Array.from(values) }
  })
}

interface Place {
  readonly top: number
  readonly left: number
}

/** Mean fall of the probability over the squares that cover a pixel. */
function occlusion(inspected: InspectedModel, image: Tensor4D, target: number, probability: number): Heat {
  const size = image.shape[1]
  const side = Math.max(2, Math.round(size / squaresPerSide))
  const places = squarePlaces(size, side)
  const falls: number[] = []
  for (let from = 0; from < places.length; from += batchSize) {
    const covered = coveredImages(image, places.slice(from, from + batchSize), side)
    for (const row of probabilitiesOf(inspected, covered)) falls.push(probability - row[target]!)
    covered.dispose()
  }
  return { size, values: spread(places, falls, size, side) }
}

function squarePlaces(size: number, side: number): Place[] {
  const step = Math.max(1, Math.floor(side / 2))
  const starts: number[] = []
  for (let at = 0; at < size - side; at += step) starts.push(at)
  starts.push(size - side)
  return starts.flatMap((top) => starts.map((left) => ({ top, left })))
}

/** Copies of the image, each with a square of the image's mean. */
function coveredImages(image: Tensor4D, places: readonly Place[], side: number): Tensor4D {
  return tf.tidy(() => {
    const [, size, , channels] = image.shape
    const values = image.dataSync<'float32'>()
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const copies = new Float32Array(values.length * places.length)
    places.forEach(({ top, left }, copy) => {
      const offset = copy * values.length
      copies.set(values, offset)
      for (let row = top; row < top + side; row++) {
        const start = offset + (row * size + left) * channels
        copies.fill(mean, start, start + side * channels)
      }
    })
    return tf.tensor4d(copies, [places.length, size, size, channels])
  })
}

function spread(
  places: readonly Place[],
  falls: readonly number[],
  size: number,
  side: number,
): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(size * size)
  const counts = new Float32Array(size * size)
  places.forEach(({ top, left }, place) => {
    for (let row = top; row < top + side; row++) {
      for (let column = left; column < left + side; column++) {
        sums[row * size + column]! += falls[place]!
        counts[row * size + column]! += 1
      }
    }
  })
  return sums.map((sum, pixel) => sum / counts[pixel]!)
}
