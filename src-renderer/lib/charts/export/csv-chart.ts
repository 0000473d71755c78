import { csvLine } from '../../../../src-core/domain/files/csv.ts'
import type { SeriesColumns } from '../columns.ts'

/** A line as rows of a CSV file. */
export interface CsvLine {
  readonly label: string
  readonly columns: SeriesColumns
}

/** An imported curve does not know all of its places. */
function placeOrNull(place: number): number | null {
  return Number.isNaN(place) ? null : place
}

/** The points of lines that were worked out here, one row per point. What is not finite keeps its name. */
export function csvOfLines(lines: readonly CsvLine[]): string {
  const withBand = lines.some(({ columns }) => columns.runs)
  const head = [
    'line',
    'step',
    'epoch',
    'wall_time_ms',
    'active_time_ms',
    'value',
    ...(withBand ? ['low', 'high', 'n'] : []),
  ]
  const rows = [csvLine(head)]
  for (const { label, columns } of lines) {
    const { step, epoch, wallTime, activeTime, last, min, max, runs } = columns
    for (let i = 0; i < step.length; i++) {
      const band = withBand ? [min[i]!, max[i]!, runs?.[i] ?? 1] : []
      const places = [step[i]!, epoch[i]!, wallTime[i]!, activeTime[i]!].map(placeOrNull)
      rows.push(csvLine([label, ...places, last[i]!, ...band]))
    }
  }
  return rows.join('')
}
