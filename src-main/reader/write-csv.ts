import { csvLine } from '../../src-core/domain/files/csv.ts'
import { writeAsideSync } from '../../src-core/storage/files/write-aside.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import type { Readings } from './requests.ts'

const linesPerWrite = 5000
const head = ['run', 'name', 'metric', 'step', 'epoch', 'wall_time_ms', 'active_time_ms', 'value']

/** Writes every logged value of some metrics; nothing is left of the file when that fails. */
export function writeCsv(
  { metrics, runs }: ReadableWorkspace,
  { runIds, metrics: names, file }: Parameters<Readings['writeCsv']>[0],
): void {
  writeAsideSync(file, (add) => {
    let lines = [csvLine(head)]
    for (const runId of runIds) {
      const name = runs.find(runId)?.name ?? ''
      for (const metric of names) {
        for (const { step, epoch, wallTime, activeTime, value } of metrics.export(runId, metric)) {
          lines.push(csvLine([runId, name, metric, step, epoch, wallTime, activeTime, value]))
          if (lines.length < linesPerWrite) continue
          add(lines.join(''))
          lines = []
        }
      }
    }
    add(lines.join(''))
  })
}
