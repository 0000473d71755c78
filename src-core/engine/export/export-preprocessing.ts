import type { DatasetInfo } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { luminance, pixelTransform } from '../data/pixels/pixel-transform.ts'
import { centreOffset, sizesOf } from '../data/pixels/sizes.ts'

/**
 * How a picture becomes the network's input, as data: the evaluation's way, with its centre crop. Every step is
 * linear, so its order may differ from that in which this engine computes it.
 */
export function preprocessing(spec: RunSpec, info: DatasetInfo): object {
  const { scale, mean, standardDeviation } = pixelTransform(spec, info, 'evaluation')
  const { resized, input } = sizesOf(spec, info.size)
  const { channels } = spec.model.input
  const offset = centreOffset(resized, input)
  return {
    storedImages: { size: info.size, channels: info.channels, values: 'bytes, 0 to 255' },
    steps: [
      { step: 'scale', formula: 'value * scale', scale },
      { step: 'channels', channels, greyToColour: 'repeat', colourToGrey: luminance },
      { step: 'resize', method: 'bilinear, half-pixel centres', size: resized },
      { step: 'crop', row: offset, column: offset, size: input },
      { step: 'standardize', formula: '(value - mean) / standardDeviation', mean, standardDeviation },
    ],
    tenCrop: spec.data.tenCrop,
    input: [input, input, channels],
    output: spec.model.output === 'softmax' ? 'probabilities' : 'logits: their softmax gives the probabilities',
  }
}

function channelsCode(stored: number, channels: number): string {
  if (stored === channels) return ''
  return channels === 3 ? '.tile([1, 1, 1, 3])' : `.mul(tf.tensor1d(${JSON.stringify(luminance)})).sum(3, true)`
}

/** The same as JavaScript from the bytes of one picture, for the README. */
export function preprocessingCode(spec: RunSpec, info: DatasetInfo): string {
  const { scale, mean, standardDeviation } = pixelTransform(spec, info, 'evaluation')
  const { resized, input } = sizesOf(spec, info.size)
  const { channels } = spec.model.input
  const offset = centreOffset(resized, input)
  const crop = resized === input ? '' : `.slice([0, ${offset}, ${offset}, 0], [1, ${input}, ${input}, ${channels}])`
  const softmax = spec.model.output === 'softmax' ? '' : '.softmax()'
  return [
    `const picture = tf.tensor4d(Float32Array.from(bytes), [1, ${info.size}, ${info.size}, ${info.channels}])`,
    `const scaled = picture.mul(${scale})${channelsCode(info.channels, channels)}`,
    `const resized = tf.image.resizeBilinear(scaled, [${resized}, ${resized}], false, true)${crop}`,
    `const input = resized.sub(tf.tensor1d(${JSON.stringify(mean)})).div(tf.tensor1d(${JSON.stringify(standardDeviation)}))`,
    `const probabilities = model.predict(input)${softmax}.dataSync()`,
  ]
    .map((line) => `  ${line}`)
    .join('\n')
}
