import type { Command } from 'commander'
import { join, resolve } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { loadQuietly } from '../quiet-loading.ts'
import type { Prediction } from '../../src-core/engine/export/predict.ts'
import { isPresent } from '../../src-core/runs/checkpoints/checkpoint-files.ts'
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
    .option('--checkpoints', 'what every kept checkpoint says, the oldest first')
  addJsonOption(addWorkspaceOption(command)).action(predictImages)
}

interface PredictCommandOptions extends WorkspaceOptions {
  readonly json?: boolean
  readonly checkpoints?: boolean
}

/** What one checkpoint says of the pictures, in the order of the pictures. */
interface Answers {
  readonly step: number
  readonly predictions: readonly Prediction[]
}

async function predictImages(runId: string, images: string[], options: PredictCommandOptions): Promise<void> {
  const { checkpoints, ...trained } = await trainedNetwork(runId, options)
  const { predict } = await loadQuietly(() => import('../../src-core/engine/export/predict.ts'))
  const paths = images.map((image) => resolve(image))
  const answers: Answers[] = []
  for (const { step, checkpointDirectory } of options.checkpoints ? checkpoints.toReversed() : checkpoints.slice(0, 1))
    answers.push({ step, predictions: await predict({ ...trained, checkpointDirectory, images: paths }) })
  const newest = answers.at(-1)!.predictions
  newest.forEach(notePicture)
  if (newest.some(({ error }) => error)) process.exitCode = 1
  if (options.json) return printJson(newest.map((_, picture) => asJson(answers, picture, options)))
  newest.forEach((prediction, picture) => {
    if (prediction.error) return
    if (options.checkpoints) printCheckpoints(answers, picture)
    else printPrediction(prediction)
  })
}

/** The run with its kept checkpoints, newest first. */
async function trainedNetwork(runId: string, options: WorkspaceOptions) {
  return readWorkspace(options, (workspace) => {
    const run = findRun(workspace, runId)
    const directory = workspace.checkpointsDirectory(run.id)
    const kept = workspace.checkpoints.list(run.id).filter((checkpoint) => isPresent(directory, checkpoint))
    if (kept.length === 0)
      throw new WorkbenchError('checkpoint-missing', `The run "${run.name}" has no checkpoint yet: train it first.`)
    return {
      spec: run.spec,
      datasetDirectory: workspace.datasets.directoryOf(run.spec.data.dataset),
      checkpoints: kept.map((one) => ({ step: one.step, checkpointDirectory: join(directory, one.directory) })),
    }
  })
}

function notePicture({ image, error, unlikeDataset }: Prediction): void {
  if (error) printNotice(`${singleLine(error.message)} [${error.code}]`)
  if (unlikeDataset)
    printNotice(`${singleLine(image)}: bright background. The network learned white figures on black: invert it.`)
}

function asJson(answers: readonly Answers[], picture: number, options: PredictCommandOptions): unknown {
  const { image, top, error } = answers.at(-1)!.predictions[picture]!
  if (error) return { image, error }
  if (!options.checkpoints) return { image, top }
  return { image, checkpoints: answers.map(({ step, predictions }) => ({ step, top: predictions[picture]!.top })) }
}

/** Prints a picture's path and, for each checkpoint from the oldest on, its most probable classes in a line. */
function printCheckpoints(answers: readonly Answers[], picture: number): void {
  printLine(singleLine(answers.at(-1)!.predictions[picture]!.image))
  const width = String(answers.at(-1)!.step).length
  for (const { step, predictions } of answers) {
    const classes = predictions[picture]!.top.map(
      ({ label, probability }) => `${singleLine(label)} ${formatPercent(probability)} %`,
    )
    printLine(`  step ${String(step).padStart(width)}  ${classes.join(', ')}`)
  }
}

/** Prints a picture's path and its most probable classes, both of which may be called anything. */
export function printPrediction({ image, top }: Pick<Prediction, 'image' | 'top'>): void {
  printLine(singleLine(image))
  for (const { label, probability } of top) {
    printLine(`  ${formatPercent(probability).padStart(6)} %  ${singleLine(label)}`)
  }
}
