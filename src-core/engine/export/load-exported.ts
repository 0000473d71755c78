import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tf, type LayersModel } from '../backend.ts'
import { registerCustomLayers } from '../layers/custom-layers.ts'
import { customLayers } from './custom-layers/custom-layers.ts'
import { exportFiles } from './export-files.ts'

type ModelArtifacts = Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0]

interface ModelJson {
  readonly modelTopology: object
  readonly weightsManifest: readonly { readonly weights: ModelArtifacts['weightSpecs'] }[]
}

async function readArtifacts(directory: string): Promise<ModelArtifacts> {
  const { modelTopology, weightsManifest } = JSON.parse(
    await readFile(join(directory, exportFiles.model), 'utf8'),
  ) as ModelJson
  const weights = new Uint8Array(await readFile(join(directory, exportFiles.weights)))
  return { modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData: weights.buffer }
}

type Register = (library: typeof tf) => void

async function registerExportedLayers(directory: string): Promise<void> {
  for (const { file, register } of customLayers) {
    const path = join(directory, file)
    if (!existsSync(path)) continue
    const layer = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Record<string, Register>
    layer[register]!(tf)
  }
}

/**
 * Loads an exported model from its files as any user of TensorFlow.js would: with the stock layers, and with those
 * that TensorFlow.js does not have from the exported files. None of this engine's own layers take part, so agreement
 * with the trained model is evidence. The caller disposes of the model.
 */
export async function loadExported(directory: string): Promise<LayersModel> {
  try {
    await registerExportedLayers(directory)
    return await tf.loadLayersModel(tf.io.fromMemory(await readArtifacts(directory)))
  } finally {
    registerCustomLayers()
  }
}
