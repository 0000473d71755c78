import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { lastEvaluation, type Evaluation } from '../evaluation.ts'
import { renderReport } from './html-report.ts'

const drawnPoints = 2000

/** Loss and accuracy, and the pre-training errors of those runs that have some. */
function metricsOf(workspace: ReadableWorkspace, runIds: readonly string[]): string[] {
  const { trainLoss, validationLoss, trainAccuracy, validationAccuracy } = metricNames
  const pretraining = runIds
    .flatMap((id) => workspace.metrics.names(id))
    .filter((name) => name.startsWith('pretraining/'))
  return [trainLoss, validationLoss, trainAccuracy, validationAccuracy, ...new Set(pretraining)]
}

/** Writes the report of these runs whole or not at all. */
export function writeReport(workspace: ReadableWorkspace, runs: readonly Run[], title: string, file: string): void {
  const runIds = runs.map((run) => run.id)
  const metrics = metricsOf(workspace, runIds)
  const series = workspace.metrics.history({ runIds, metrics, fromStep: null, toStep: null, maxPoints: drawnPoints })
  const evaluations = new Map(
    runs.flatMap((run): [string, Evaluation][] => {
      const evaluation = lastEvaluation(workspace, run)
      return evaluation ? [[run.id, evaluation]] : []
    }),
  )
  const exports = workspace.exports.list().filter((record) => runIds.includes(record.runId))
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new WorkbenchError('usage', `--out must name a file, but ${file} is a folder.`)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.tmp`, renderReport({ title, runs, series, evaluations, exports, writtenAt: Date.now() }))
  renameSync(`${file}.tmp`, file)
}
