import type { DatasetInfo } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type LayersModel } from '../backend.ts'
import { luminance, pixelTransform } from '../data/preprocess.ts'
import { jsonBytes, textBytes } from '../files/durable-files.ts'
import { localResponseNormalizationSource } from './local-response-normalization-source.ts'

type ModelArtifacts = Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0]

/** The files of an exported model. */
export const exportFiles = {
  model: 'model.json',
  weights: 'weights.bin',
  labels: 'labels.json',
  preprocessing: 'preprocessing.json',
  layer: 'local-response-normalization.mjs',
  readme: 'README.txt',
  manifest: 'manifest.json',
} as const

async function artifactsOf(model: LayersModel): Promise<ModelArtifacts> {
  let saved: ModelArtifacts | undefined
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
  })
  await model.save(handler)
  return saved!
}

/** model.json as TensorFlow.js reads it: the layers and the list of weights in weights.bin. */
function modelJson({ modelTopology, weightSpecs, format, generatedBy, convertedBy }: ModelArtifacts): object {
  return {
    format,
    generatedBy,
    convertedBy: convertedBy ?? null,
    modelTopology,
    weightsManifest: [{ paths: [exportFiles.weights], weights: weightSpecs }],
  }
}

/** How an image becomes the network's input, step by step. */
function preprocessing(spec: RunSpec, info: DatasetInfo): object {
  return {
    storedImages: { size: info.size, channels: info.channels, values: 'bytes, 0 to 255' },
    steps: [
      {
        step: 'standardize',
        formula: '(value * scale - mean) / standardDeviation',
        ...pixelTransform(spec.data.pixels, info),
      },
      { step: 'resize', method: 'bilinear, half-pixel centres', size: spec.model.input.size },
      { step: 'channels', channels: spec.model.input.channels, greyToColour: 'repeat', colourToGrey: luminance },
    ],
    input: [spec.model.input.size, spec.model.input.size, spec.model.input.channels],
  }
}

export function usesLocalResponseNormalization({ model }: RunSpec): boolean {
  return model.normalization.kind === 'lrn' && model.normalization.blocks.length > 0
}

function readme(spec: RunSpec, info: DatasetInfo): string {
  const lrn = usesLocalResponseNormalization(spec)
  const register = lrn
    ? `  import { registerLocalResponseNormalization } from './${exportFiles.layer}'\n  registerLocalResponseNormalization(tf)\n`
    : ''
  const { scale, mean, standardDeviation } = pixelTransform(spec.data.pixels, info)
  const { size, channels } = spec.model.input
  const expand = info.channels === 1 && channels === 3 ? '.tile([1, 1, 1, 3])' : ''
  return `A network trained with Ablate, for TensorFlow.js (LayersModel).

In a browser (serve this folder over HTTP) or in Node with @tensorflow/tfjs-node:

  import * as tf from '@tensorflow/tfjs'
${register}  const model = await tf.loadLayersModel('${exportFiles.model}')

In Node with plain @tensorflow/tfjs, which cannot read files by itself, the loading line becomes:

  import { readFileSync } from 'node:fs'
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync('${exportFiles.model}', 'utf8'))
  const weights = readFileSync('${exportFiles.weights}')
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength)
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  )

From the ${info.size} x ${info.size} x ${info.channels} bytes (0 to 255) of one picture to the probabilities of the classes in ${exportFiles.labels}:

  const picture = tf.tensor4d(Float32Array.from(bytes), [1, ${info.size}, ${info.size}, ${info.channels}])
  const scaled = picture.mul(${scale}).sub(tf.tensor1d(${JSON.stringify(mean)})).div(tf.tensor1d(${JSON.stringify(standardDeviation)}))
  const input = tf.image.resizeBilinear(scaled, [${size}, ${size}], false, true)${expand}
  const probabilities = model.predict(input).dataSync()

${exportFiles.preprocessing} holds the same as data, ${exportFiles.manifest} says how the network was trained and the SHA-256 of every file.
`
}

/**
 * The contents of all files but the manifest, by name.
 * @param model a model whose weights are those to be exported
 */
export async function exportContent(
  model: LayersModel,
  spec: RunSpec,
  info: DatasetInfo,
): Promise<Map<string, Uint8Array>> {
  const artifacts = await artifactsOf(model)
  const weights = tf.io.concatenateArrayBuffers([artifacts.weightData ?? []].flat())
  const content = new Map<string, Uint8Array>([
    [exportFiles.model, jsonBytes(modelJson(artifacts))],
    [exportFiles.weights, new Uint8Array(weights)],
    [exportFiles.labels, jsonBytes(info.labels)],
    [exportFiles.preprocessing, jsonBytes(preprocessing(spec, info))],
    [exportFiles.readme, textBytes(readme(spec, info))],
  ])
  if (usesLocalResponseNormalization(spec)) content.set(exportFiles.layer, textBytes(localResponseNormalizationSource))
  return content
}
