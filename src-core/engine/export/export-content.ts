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

function readme(spec: RunSpec): string {
  const lrn = usesLocalResponseNormalization(spec)
  const register = lrn
    ? `  import { registerLocalResponseNormalization } from './${exportFiles.layer}'\n  registerLocalResponseNormalization(tf)\n`
    : ''
  return `A network trained with Ablate, for TensorFlow.js (LayersModel).

  import * as tf from '@tensorflow/tfjs'
${register}  const model = await tf.loadLayersModel('${exportFiles.model}')
  const probabilities = model.predict(images)

Input: float images as ${exportFiles.preprocessing} describes. Output: one probability per line of ${exportFiles.labels}.
${exportFiles.manifest} says how the network was trained and holds the SHA-256 of every file.
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
    [exportFiles.readme, textBytes(readme(spec))],
  ])
  if (usesLocalResponseNormalization(spec)) content.set(exportFiles.layer, textBytes(localResponseNormalizationSource))
  return content
}
