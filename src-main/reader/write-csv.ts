import { csvLine } from '../../src-core/domain/files/csv.ts'
import { findReferences, referenceLabel } from '../../src-core/domain/references/drawn-references.ts'
import { writeAsideSync } from '../../src-core/storage/files/write-aside.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import type { Readings } from './requests.ts'

const linesPerWrite = 5000
const head = ['run', 'name', 'metric', 'step', 'epoch', 'wall_time_ms', 'active_time_ms', 'value']

type Query = Parameters<Readings['writeCsv']>[0]
type Rows = Generator<Parameters<typeof csvLine>[0]>

/** Writes every logged value of some metrics; nothing is left of the file when that fails. */
export function writeCsv(workspace: ReadableWorkspace, { file, ...query }: Query): void {
  writeAsideSync(file, (add) => {
    let lines = [csvLine(head)]
    for (const rows of [loggedRows(workspace, query), referenceRows(workspace, query)]) {
      for (const row of rows) {
        lines.push(csvLine(row))
        if (lines.length < linesPerWrite) continue
        add(lines.join(''))
        lines = []
      }
    }
    add(lines.join(''))
  })
}

function* loggedRows({ metrics, runs }: ReadableWorkspace, query: Omit<Query, 'file'>): Rows {
  for (const runId of query.runIds) {
    const name = runs.find(runId)?.name ?? ''
    for (const metric of query.metrics) {
      for (const { step, epoch, wallTime, activeTime, value } of metrics.export(runId, metric)) {
        yield [runId, name, metric, step, epoch, wallTime, activeTime, value]
      }
    }
  }
}

/** Reference curves are of no run and have no times; a place that their file does not know stays empty. */
function* referenceRows(workspace: ReadableWorkspace, query: Omit<Query, 'file'>): Rows {
  if (query.references.length === 0) return
  for (const found of findReferences(workspace.references.list(), query.references)) {
    const name = referenceLabel(found, query.references)
    const { step, epoch } = found.file
    for (const [index, value] of found.values.entries()) {
      yield ['', name, found.metric, step?.[index] ?? '', epoch?.[index] ?? '', '', '', value]
    }
  }
}
