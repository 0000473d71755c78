import { trainCommand } from '../../domain/report/train-command.ts'
import { formatInteger } from '../format.ts'
import { cell, code, figure, paragraph, table, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'
import { runCell } from './summary.ts'

/** What a reader must know at a glance, and the command of every run. */
export function reproduceSection(content: ReportContent): Part[] {
  const head = [
    ...[cell('Run'), cell('Data set'), figure('Training images'), figure('Budget'), figure('Batch size')],
    ...[figure('Learning rate'), figure('Seed'), cell('Weights, SHA-256')],
  ]
  const rows = content.runs.map(({ spec: { data, training }, weightsSha256 }, index) => [
    runCell(content, index),
    cell(data.dataset),
    figure(data.trainImages === null ? 'all' : formatInteger(data.trainImages)),
    figure(training.steps === null ? `${training.epochs} epochs` : `${formatInteger(training.steps)} steps`),
    ...[training.batchSize, training.learningRate, training.seed].map((value) => figure(String(value))),
    weightsSha256 === null ? cell('-') : code(weightsSha256.slice(0, 16)),
  ])
  const commands = content.runs.flatMap((run, index): Part[] => [
    { kind: 'heading', text: run.name, run: content.looks[index]! },
    { kind: 'code', text: trainCommand(run.spec, run.name, content.datasets) },
  ])
  return [
    table('Data and training', head, rows),
    paragraph('On the same processor with as many threads these commands give the same weights.'),
    ...commands,
  ]
}
