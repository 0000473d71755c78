import type { DatasetInfo } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type LayersModel } from '../backend.ts'
import { jsonBytes, textBytes } from '../files/durable-files.ts'
import { customLayersOf } from './custom-layers/custom-layers.ts'
import { exportFiles } from './export-files.ts'
import { preprocessing } from './export-preprocessing.ts'
import { readme } from './export-readme.ts'

type ModelArtifacts = Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0]

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
  for (const { file, source } of customLayersOf(spec.model)) content.set(file, textBytes(source))
  return content
}
