import type { Pictures } from '../../src-core/domain/evaluation/artifact.ts'
import { mnistInfo } from '../../src-core/domain/dataset.ts'
import type { Answer, AnswerTo, Heat, Predictions } from '../../src-core/domain/inspection/answers.ts'
import type { Question } from '../../src-core/domain/inspection/questions.ts'
import { uniformGenerator } from '../../src-core/domain/random.ts'

const classes = [...mnistInfo.labels]

/** Soft blobs, each at another place. */
export function samplePictures(count: number, size: number, channels: 1 | 3): Pictures {
  const bytes = new Uint8Array(count * size * size * channels)
  for (let at = 0; at < bytes.length; at++) {
    const [pixel, channel] = [Math.floor(at / channels), at % channels]
    const [picture, row, column] = [Math.floor(pixel / size ** 2), Math.floor(pixel / size) % size, pixel % size]
    const angle = picture * 1.7 + channel
    const distance = Math.hypot(row / size - 0.5 - 0.25 * Math.sin(angle), column / size - 0.5 - 0.25 * Math.cos(angle))
    bytes[at] = Math.round(255 * Math.exp(-((distance * 5) ** 2)))
  }
  return { count, size, channels, pixels: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) }
}

/** Predictions of a thousand images; another run errs elsewhere. */
export function samplePredictions(runId = 'r', count = 1000): Predictions {
  const random = uniformGenerator([...runId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0))
  const labels = Uint16Array.from({ length: count }, (_, image) => image % classes.length)
  const predicted = labels.map((label) => (random() < 0.08 ? (label + 1 + Math.floor(random() * 8)) % 10 : label))
  return {
    kind: 'predictions',
    classes,
    indices: Uint32Array.from({ length: count }, (_, image) => image),
    labels,
    predicted,
    probability: Float32Array.from({ length: count }, () => 0.6 + 0.4 * random()),
    inTop5: Uint8Array.from({ length: count }, () => 1),
  }
}

export function sampleClassified(pictures = 1): AnswerTo<'classify'> {
  const top = [0.91, 0.05, 0.02, 0.01, 0.005].map((probability, place) => ({
    label: classes[(3 + place) % 10]!,
    class: (3 + place) % 10,
    probability,
  }))
  const probabilities = new Float32Array(classes.length)
  for (const { class: place, probability } of top) probabilities[place] = probability
  const seen = samplePictures(1, 28, 1)
  const one = { name: 'three.png', top, probabilities, problem: null, unlikeDataset: false, seen }
  return { kind: 'classify', pictures: Array.from({ length: pictures }, () => one) }
}

function sampleHeat(size: number): Heat {
  const values = Float32Array.from({ length: size * size }, (_, at) =>
    Math.exp(-(((Math.floor(at / size) - size / 2) ** 2 + ((at % size) - size / 3) ** 2) / 30)),
  )
  return { size, values }
}

/** A plausible answer to a question. */
export function sampleAnswer(question: Question): Answer {
  const seen = samplePictures(1, 28, 1)
  switch (question.kind) {
    case 'predictions':
      return samplePredictions()
    case 'classify':
      return sampleClassified(question.pictures.length)
    case 'kernels':
      return { kind: 'kernels', layer: 'conv1', total: 32, kernels: samplePictures(32, 5, 1) }
    case 'features': {
      const layer = (name: string, side: number) => ({
        layer: name,
        shape: `${side}x${side}x32`,
        channels: Array.from({ length: 16 }, (_, channel) => channel),
        maps: samplePictures(16, side, 1),
      })
      return {
        kind: 'features',
        seen,
        layers: [layer('conv1', 28), layer('pool1', 14), layer('conv2', 14), layer('pool2', 7)],
      }
    }
    case 'saliency':
      return {
        kind: 'saliency',
        seen,
        class: question.class ?? 3,
        label: classes[question.class ?? 3]!,
        probability: 0.91,
        gradient: sampleHeat(28),
        occlusion: sampleHeat(28),
      }
    case 'embedding': {
      const random = uniformGenerator(3)
      const { labels, predicted, indices } = samplePredictions('r', question.images)
      const places = Float32Array.from({ length: 2 * question.images }, (_, at) => {
        const angle = (labels[Math.floor(at / 2)]! / 10) * 2 * Math.PI
        return 5 * (at % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) + random() * 2
      })
      return { kind: 'embedding', classes, indices, labels, predicted, places, explained: 0.42 }
    }
  }
}
