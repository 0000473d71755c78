import { UMAP } from 'umap-js'
import { learnedLayers, planArchitecture } from '../../domain/network/architecture.ts'
import type { AnswerTo } from '../../domain/inspection/answers.ts'
import type { InspectedPart } from '../../domain/inspection/questions.ts'
import { uniformGenerator } from '../../domain/random.ts'
import { tf, type Tensor } from '../backend.ts'
import { consecutiveBatches } from '../data/batches.ts'
import type { InspectedModel } from './inspected-model.ts'
import { imagesOf } from './predictions.ts'
import { principalComponents } from './principal-components.ts'

const batchSize = 128
/** UMAP works on this many principal components: distances in thousands of dimensions cost minutes. */
const umapComponents = 30
const umapNeighbours = 15

interface Wanted {
  readonly part: InspectedPart
  readonly images: number
  readonly method: 'pca' | 'umap'
}

/**
 * Places the images of a part on a plane by what enters the last layer with weights: by principal components, or by
 * UMAP (McInnes et al. 2018) from a fixed seed. With fewer images than the part has, they are taken evenly.
 */
export function embed(inspected: InspectedModel, { part, images, method }: Wanted): AnswerTo<'embedding'> {
  const { dataset } = inspected
  const { stored, places } = imagesOf(inspected, part)
  const count = Math.min(images, places.length)
  const indices = Uint32Array.from({ length: count }, (_, i) => places[Math.floor((i * places.length) / count)]!)
  const { activations, predicted } = activationsOf(inspected, stored, indices)
  const { coordinates, explained } = method === 'pca' ? principal(activations) : neighbours(activations)
  return {
    kind: 'embedding',
    classes: [...dataset.info.labels],
    indices,
    labels: Uint16Array.from(dataset.readLabels(stored, indices)),
    predicted,
    places: Float32Array.from(coordinates.flat()),
    explained,
  }
}

function activationsOf(
  { spec, dataset, model, preprocess }: InspectedModel,
  stored: 'train' | 'test',
  indices: Uint32Array,
): { activations: number[][]; predicted: Uint16Array<ArrayBuffer> } {
  const last = learnedLayers(planArchitecture(spec.model)).at(-1)!
  const before = model.inputOf(last)
  const activations: number[][] = []
  const predicted: number[] = []
  for (const batch of consecutiveBatches(indices, batchSize)) {
    tf.tidy(() => {
      const images = preprocess(dataset.readImages(stored, batch))
      const options = { batchSize: images.shape[0] }
      const entering = before.predict(images, options) as Tensor
      activations.push(...(entering.reshape([images.shape[0], -1]).arraySync() as number[][]))
      predicted.push(...(model.logits.predict(images, options) as Tensor).argMax(-1).dataSync())
    })
  }
  return { activations, predicted: Uint16Array.from(predicted) }
}

interface Coordinates {
  readonly coordinates: number[][]
  readonly explained: number | null
}

function principal(rows: number[][]): Coordinates {
  const { coordinates, explained } = principalComponents(rows, 2)
  return { coordinates, explained }
}

function neighbours(rows: number[][]): Coordinates {
  const components = Math.min(umapComponents, rows[0]!.length, rows.length - 1)
  const { coordinates } = principalComponents(rows, components)
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(umapNeighbours, rows.length - 1),
    random: uniformGenerator(1),
  })
  return { coordinates: umap.fit(coordinates), explained: null }
}
