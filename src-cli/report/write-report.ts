import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { renderReport } from './html-report.ts'

const drawnPoints = 2000

/** Writes the report of these runs whole or not at all. */
export function writeReport(workspace: ReadableWorkspace, runs: readonly Run[], title: string, file: string): void {
  const { trainLoss, validationLoss, trainAccuracy, validationAccuracy } = metricNames
  const runIds = runs.map((run) => run.id)
  const series = workspace.metrics.history({
    runIds,
    metrics: [trainLoss, validationLoss, trainAccuracy, validationAccuracy],
    fromStep: null,
    toStep: null,
    maxPoints: drawnPoints,
  })
  const exports = workspace.exports.list().filter((record) => runIds.includes(record.runId))
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new WorkbenchError('usage', `--out must name a file, but ${file} is a folder.`)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.tmp`, renderReport({ title, runs, series, exports, writtenAt: Date.now() }))
  renameSync(`${file}.tmp`, file)
}
