import type { Command } from 'commander'
import { join, resolve } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { loadQuietly } from '../quiet-loading.ts'
import type { Prediction } from '../../src-core/engine/export/predict.ts'
import { findRun } from '../runs/find-run.ts'
import { formatPercent } from '../terminal/format.ts'
import { printJson, printLine, printNotice, singleLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict <run> <image...>')
    .description(
      'Names the five most probable classes of each picture (PNG, JPEG, WebP). MNIST wants white digits on black.',
    )
  addJsonOption(addWorkspaceOption(command)).action(predictImages)
}

async function predictImages(runId: string, images: string[], options: WorkspaceOptions): Promise<void> {
  const trained = await readWorkspace(options, (workspace) => {
    const run = findRun(workspace, runId)
    const newest = workspace.checkpoints.newest(run.id)
    if (newest) {
      const checkpointDirectory = join(workspace.checkpointsDirectory(run.id), newest.directory)
      return {
        spec: run.spec,
        datasetDirectory: workspace.datasets.directoryOf(run.spec.data.dataset),
        checkpointDirectory,
      }
    }
    throw new WorkbenchError('checkpoint-missing', `The run "${run.name}" has no checkpoint yet: train it first.`)
  })
  const { predict } = await loadQuietly(() => import('../../src-core/engine/export/predict.ts'))
  const predictions = await predict({ ...trained, images: images.map((image) => resolve(image)) })
  for (const { image } of predictions.filter(({ unlikeDataset }) => unlikeDataset)) {
    printNotice(`${singleLine(image)}: bright background. The network learned white figures on black: invert it.`)
  }
  if (options.json) return printJson(predictions.map(({ image, top }) => ({ image, top })))
  predictions.forEach(printPrediction)
}

/** Prints a picture's path and its most probable classes, both of which may be called anything. */
export function printPrediction({ image, top }: Pick<Prediction, 'image' | 'top'>): void {
  printLine(singleLine(image))
  for (const { label, probability } of top) {
    printLine(`  ${formatPercent(probability).padStart(6)} %  ${singleLine(label)}`)
  }
}
