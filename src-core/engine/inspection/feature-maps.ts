import { planArchitecture } from '../../domain/network/architecture.ts'
import type { LayerMaps } from '../../domain/inspection/answers.ts'
import { shapeText } from '../../domain/network/layer-plan.ts'
import { tf, type Tensor4D } from '../backend.ts'
import type { InspectedModel } from './inspected-model.ts'
import { stretchedPictures } from './pictures.ts'

/** So many channels of a layer are shown, those with the largest mean first. */
const shownChannels = 16

/** Layers whose outputs say something new: what a convolution found, and what is left of it after its block. */
const shownTypes: readonly string[] = ['conv', 'pool', 'avg', 'lrn', 'bn', 'gn']

/**
 * What the convolutional layers make of one picture: the most active channels of each.
 * @param pixels one image of the data set's kind
 */
export function featureMaps({ spec, model, preprocess }: InspectedModel, pixels: Uint8Array): LayerMaps[] {
  const { layers } = planArchitecture(spec.model)
  return tf.tidy(() => {
    const image = preprocess(pixels)
    return layers.flatMap(({ name, type, output }, index) => {
      const next = layers[index + 1]
      if (!next || output.length !== 3 || !shownTypes.includes(type)) return []
      const values = model.inputOf(next.name).predict(image) as Tensor4D
      return [{ layer: name, shape: shapeText(output), ...strongest(values) }]
    })
  })
}

/** @param values [1, height, width, channels] */
function strongest(values: Tensor4D): Pick<LayerMaps, 'channels' | 'maps'> {
  const means = values.abs().mean([0, 1, 2]).dataSync()
  const channels = Array.from(means, (mean, channel) => ({ mean, channel }))
    .sort((a, b) => b.mean - a.mean || a.channel - b.channel)
    .slice(0, shownChannels)
    .map(({ channel }) => channel)
  const maps = tf.transpose(tf.gather(values, channels, 3), [3, 1, 2, 0]) as Tensor4D
  return { channels, maps: stretchedPictures(maps) }
}
