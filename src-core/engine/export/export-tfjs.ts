import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { WorkbenchError } from '../../domain/errors.ts'
import type { ExportCheck, ExportResult } from '../../domain/model-export.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type LayersModel, type Tensor, type Tensor4D } from '../backend.ts'
import { consecutiveBatches } from '../data/batches.ts'
import type { Dataset } from '../data/dataset.ts'
import { openDataset } from '../data/open-dataset.ts'
import { makePreprocess } from '../data/preprocess.ts'
import { jsonBytes, publishDirectory, writeDurably, type FileFacts } from '../files/durable-files.ts'
import { loadTrainedModel } from '../checkpoints/restore.ts'
import { customLayersOf } from './custom-layers/custom-layers.ts'
import { exportContent } from './export-content.ts'
import { exportFiles } from './export-files.ts'
import { loadExported } from './load-exported.ts'
import { compareModels, requireAgreement } from './verify-export.ts'

export interface ExportOptions {
  readonly spec: RunSpec
  /** Folder of an imported data set; null for one that comes with Ablate. */
  readonly datasetDirectory?: string | null
  readonly checkpointDirectory: string
  /** Made by the export; refused when it holds anything already. */
  readonly outDirectory: string
  /** Where the files are written first, on the same disk; must not exist. */
  readonly temporaryDirectory: string
  /** Test images on which the exported model must agree with the trained one. */
  readonly checkImages: number
  /** Loads the written model for the check. */
  readonly load?: (directory: string) => Promise<LayersModel>
}

const batchSize = 32

function requireEmpty(directory: string): void {
  if (!existsSync(directory) || readdirSync(directory).length === 0) return
  throw new WorkbenchError('export-exists', `${directory} is not empty: choose another folder for the export.`, {
    directory,
  })
}

function* checkBatches(spec: RunSpec, dataset: Dataset, count: number): Generator<Tensor4D> {
  const preprocess = makePreprocess(spec, dataset.info)
  const indices = Uint32Array.from({ length: Math.min(count, dataset.info.testImages) }, (_, index) => index)
  for (const batch of consecutiveBatches(indices, batchSize)) yield preprocess(dataset.readImages('test', batch))
}

function manifest(spec: RunSpec, step: number, files: readonly FileFacts[], check: ExportCheck): object {
  return {
    format: 'ablate-export-tfjs',
    version: 1,
    recipe: spec.recipe,
    step,
    spec,
    customLayers: customLayersOf(spec.model).map(({ className, file, formula, config }) => ({
      className,
      file,
      formula,
      config: config(spec.model),
    })),
    check,
    files,
  }
}

interface Verification {
  readonly spec: RunSpec
  readonly model: LayersModel
  readonly directory: string
  readonly images: Iterable<Tensor4D>
  readonly load: typeof loadExported
}

async function verify({ spec, model, directory, images, load }: Verification): Promise<ExportCheck> {
  const exported = await load(directory)
  const probabilities = (output: Tensor): Tensor => (spec.model.output === 'softmax' ? output : tf.softmax(output))
  try {
    const check = compareModels(model, exported, images, probabilities)
    requireAgreement(check)
    return check
  } finally {
    exported.dispose()
  }
}

/**
 * Writes a trained network as a TensorFlow.js LayersModel that loads anywhere, and proves it: the written files are
 * loaded back with the stock layers and compared on test images. The folder appears under its name only then.
 * @throws WorkbenchError `export-exists`; `export-mismatch`; `checkpoint-missing`; `checkpoint-damaged`; `disk-full`.
 * Nothing is left behind.
 */
export async function exportTfjs(options: ExportOptions): Promise<ExportResult> {
  const { spec, datasetDirectory = null, checkpointDirectory, checkImages, load = loadExported } = options
  const outDirectory = resolve(options.outDirectory)
  requireEmpty(outDirectory)
  const dataset = await openDataset(spec.data.dataset, datasetDirectory)
  const { model: built, step } = await loadTrainedModel(spec, checkpointDirectory)
  const temporary = resolve(options.temporaryDirectory)
  try {
    await mkdir(temporary, { recursive: true })
    const files: FileFacts[] = []
    for (const [name, bytes] of await exportContent(built.model, spec, dataset.info)) {
      files.push(await writeDurably(join(temporary, name), [bytes]))
    }
    const images = checkBatches(spec, dataset, checkImages)
    const check = await verify({ spec, model: built.model, directory: temporary, images, load })
    const manifestFile = join(temporary, exportFiles.manifest)
    files.push(await writeDurably(manifestFile, [jsonBytes(manifest(spec, step, files, check))]))
    requireEmpty(outDirectory)
    await publishDirectory(temporary, outDirectory)
    return { directory: outDirectory, files: files.map(({ name, ...facts }) => ({ path: name, ...facts })), check }
  } finally {
    await rm(temporary, { recursive: true, force: true })
    built.dispose()
    dataset.close()
  }
}
