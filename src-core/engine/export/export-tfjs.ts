import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { WorkbenchError } from '../../domain/errors.ts'
import type { ExportCheck, ExportResult } from '../../domain/model-export.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import type { LayersModel, Tensor4D } from '../backend.ts'
import { consecutiveBatches } from '../data/batches.ts'
import type { Dataset } from '../data/dataset.ts'
import { openDataset } from '../data/open-dataset.ts'
import { makePreprocess } from '../data/preprocess.ts'
import { jsonBytes, publishDirectory, writeDurably, type FileFacts } from '../files/durable-files.ts'
import { loadTrainedModel } from '../checkpoints/restore.ts'
import { exportContent, exportFiles, usesLocalResponseNormalization } from './export-content.ts'
import { loadExported } from './load-exported.ts'
import { compareModels, requireAgreement } from './verify-export.ts'

export interface ExportOptions {
  readonly spec: RunSpec
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
  const { n, k, alpha, beta } = spec.model.normalization.lrn
  const lrn = {
    className: 'LocalResponseNormalization',
    file: exportFiles.layer,
    formula: 'a / (k + alpha * sum of a^2 over n neighbouring channels)^beta',
    config: { n, k, alpha, beta },
  }
  return {
    format: 'ablate-export-tfjs',
    version: 1,
    recipe: spec.recipe,
    step,
    spec,
    customLayers: usesLocalResponseNormalization(spec) ? [lrn] : [],
    check,
    files,
  }
}

async function verify(model: LayersModel, directory: string, images: Iterable<Tensor4D>, load: typeof loadExported) {
  const exported = await load(directory)
  try {
    const check = compareModels(model, exported, images)
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
  const { spec, checkpointDirectory, checkImages, load = loadExported } = options
  const outDirectory = resolve(options.outDirectory)
  requireEmpty(outDirectory)
  const dataset = await openDataset(spec.data.dataset)
  const { model: built, step } = await loadTrainedModel(spec, checkpointDirectory)
  const temporary = resolve(options.temporaryDirectory)
  try {
    await mkdir(temporary, { recursive: true })
    const files: FileFacts[] = []
    for (const [name, bytes] of await exportContent(built.model, spec, dataset.info)) {
      files.push(await writeDurably(join(temporary, name), [bytes]))
    }
    const check = await verify(built.model, temporary, checkBatches(spec, dataset, checkImages), load)
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
