import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { jsonNumber } from '../../src-core/domain/metrics.ts'
import { parseCurves } from '../../src-core/domain/references/parse-curves.ts'
import { referenceLimits } from '../../src-core/domain/references/reference-curves.ts'
import type { ConnectionOptions } from '../../src-core/storage/database.ts'
import { referenceBody } from '../../src-core/storage/records/reference-curves.ts'
import { keepUp, type ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import type { CurvesSource, Readings } from './requests.ts'

/** What the reading thread answers from an open record. */
export function readings(workspace: ReadableWorkspace, connection: ConnectionOptions): Readings {
  const { metrics } = workspace
  return {
    runs: () => workspace.runs.columns(),
    usage: () => workspace.usage(),
    keepUp: (due) => keepUp(workspace.directory, due, connection),
    drawn: (query) => metrics.drawn(query),
    at: ({ runIds, step }) => runIds.map((runId) => metrics.at(runId, step)),
    writeCsv: (query) => writeCsv(workspace, query),
    references: () => workspace.references.list(),
    parseCurves: readCurves,
  }
}

function readCurves(source: CurvesSource): ReturnType<Readings['parseCurves']> {
  const { name, text } = 'file' in source ? readText(source.file) : source
  const columns = parseCurves(text, name)
  const title = name.slice(0, name.length - extname(name).length).trim() || name
  return { name: title.slice(0, 120), body: referenceBody(columns), columns }
}

/** @throws WorkbenchError `invalid-value` for a file that is too large or cannot be opened. */
function readText(file: string): { name: string; text: string } {
  const name = basename(file)
  try {
    // A character is at most four bytes; what is larger is not read at all.
    if (statSync(file).size <= 4 * referenceLimits.characters) return { name, text: readFileSync(file, 'utf8') }
  } catch (error) {
    throw new WorkbenchError('invalid-value', `${name} cannot be read: ${(error as Error).message}`)
  }
  throw new WorkbenchError('invalid-value', `${name} is too large to be drawn. Keep fewer rows.`)
}

const linesPerWrite = 5000

function writeCsv(
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
