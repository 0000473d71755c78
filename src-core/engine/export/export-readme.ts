import type { DatasetInfo } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { customLayersOf } from './custom-layers/custom-layers.ts'
import { exportFiles } from './export-files.ts'
import { preprocessingCode } from './export-preprocessing.ts'

function registerCode({ model }: RunSpec): string {
  return customLayersOf(model)
    .map(({ register, file }) => `  import { ${register} } from './${file}'\n  ${register}(tf)\n`)
    .join('')
}

/** README.txt of an exported model. Its indented lines are code that runs as it stands. */
export function readme(spec: RunSpec, info: DatasetInfo): string {
  const tenCrop = spec.data.tenCrop
    ? '\nThe run was evaluated on ten crops of each picture with the probabilities averaged; this reads the centre only.\n'
    : ''
  return `A network trained with Ablate, for TensorFlow.js (LayersModel).

In a browser (serve this folder over HTTP) or in Node with @tensorflow/tfjs-node:

  import * as tf from '@tensorflow/tfjs'
${registerCode(spec)}  const model = await tf.loadLayersModel('${exportFiles.model}')

In Node with plain @tensorflow/tfjs, which cannot read files by itself, the loading line becomes:

  import { readFileSync } from 'node:fs'
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync('${exportFiles.model}', 'utf8'))
  const weights = readFileSync('${exportFiles.weights}')
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength)
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  )

From the ${info.size} x ${info.size} x ${info.channels} bytes (0 to 255) of one picture to the probabilities of the classes in ${exportFiles.labels}:

${preprocessingCode(spec, info)}
${tenCrop}
${exportFiles.preprocessing} holds the same as data, ${exportFiles.manifest} says how the network was trained and the SHA-256 of every file.
`
}
