import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { jsonNumber } from '../../src-core/domain/metrics.ts'
import { findReferences, referenceLabel } from '../../src-core/domain/references/drawn-references.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import type { Readings } from './requests.ts'

const linesPerWrite = 5000

type Query = Parameters<Readings['writeCsv']>[0]

/** Writes every logged value of some metrics; nothing is left of the file when that fails. */
export function writeCsv(workspace: ReadableWorkspace, { file, ...query }: Query): void {
  const unfinished = `${file}.part`
  const descriptor = openSync(unfinished, 'w')
  try {
    let lines = ['run,name,metric,step,epoch,wall_time_ms,active_time_ms,value']
    const flush = (): void => {
      writeSync(descriptor, lines.join('\n') + '\n')
      lines = []
    }
    for (const rows of [loggedRows(workspace, query), referenceRows(workspace, query)]) {
      for (const row of rows) {
        lines.push(row)
        if (lines.length >= linesPerWrite) flush()
      }
    }
    if (lines.length > 0) flush()
    closeSync(descriptor)
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

function* loggedRows({ metrics, runs }: ReadableWorkspace, query: Omit<Query, 'file'>): Generator<string> {
  for (const runId of query.runIds) {
    const name = quoted(runs.find(runId)?.name ?? '')
    for (const metric of query.metrics) {
      for (const { step, epoch, wallTime, activeTime, value } of metrics.export(runId, metric)) {
        yield [runId, name, metric, step, epoch, wallTime, activeTime, jsonNumber(value)].join(',')
      }
    }
  }
}

/** Reference curves are of no run and have no times; a place that their file does not know stays empty. */
function* referenceRows(workspace: ReadableWorkspace, query: Omit<Query, 'file'>): Generator<string> {
  if (query.references.length === 0) return
  for (const found of findReferences(workspace.references.list(), query.references)) {
    const name = quoted(referenceLabel(found, query.references))
    const { step, epoch } = found.file
    for (const [index, value] of found.values.entries()) {
      yield ['', name, found.metric, step?.[index] ?? '', epoch?.[index] ?? '', '', '', jsonNumber(value)].join(',')
    }
  }
}

/** A text as a field of CSV; a spreadsheet must not take it for a formula. */
function quoted(text: string): string {
  return `"${text.replace(/^[=+\-@\t\r]/, "'$&").replace(/"/g, '""')}"`
}
