import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { jsonNumber } from '../../src-core/domain/metrics.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import type { Readings } from './requests.ts'

const linesPerWrite = 5000

/** Writes every logged value of some metrics; nothing is left of the file when that fails. */
export function writeCsv(
  { metrics, runs }: ReadableWorkspace,
  { runIds, metrics: names, file }: Parameters<Readings['writeCsv']>[0],
): void {
  const unfinished = `${file}.part`
  const descriptor = openSync(unfinished, 'w')
  try {
    let lines = ['run,name,metric,step,epoch,wall_time_ms,active_time_ms,value']
    const flush = (): void => {
      writeSync(descriptor, lines.join('\n') + '\n')
      lines = []
    }
    for (const runId of runIds) {
      const name = quoted(runs.find(runId)?.name ?? '')
      for (const metric of names) {
        for (const { step, epoch, wallTime, activeTime, value } of metrics.export(runId, metric)) {
          lines.push([runId, name, metric, step, epoch, wallTime, activeTime, jsonNumber(value)].join(','))
          if (lines.length >= linesPerWrite) flush()
        }
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

/** A text as a field of CSV; a spreadsheet must not take it for a formula. */
function quoted(text: string): string {
  return `"${text.replace(/^[=+\-@\t\r]/, "'$&").replace(/"/g, '""')}"`
}
