import type { SeriesColumns } from '../columns.ts'

/** A line as rows of a CSV file. */
export interface CsvLine {
  readonly label: string
  readonly columns: SeriesColumns
}

/** A field of a CSV file by RFC 4180; text that a spreadsheet would take for a formula gets a quote before it. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** An imported curve does not know all of its places. */
function placeText(place: number | undefined): string {
  return Number.isNaN(place) ? '' : String(place)
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
  const rows = [head.join(',')]
  for (const { label, columns } of lines) {
    const { step, epoch, wallTime, activeTime, last, min, max, runs } = columns
    for (let i = 0; i < step.length; i++) {
      const band = withBand ? [min[i], max[i], runs?.[i] ?? 1] : []
      const places = [step[i], epoch[i], wallTime[i], activeTime[i]].map(placeText)
      rows.push([field(label), ...places, ...[last[i], ...band].map(String)].join(','))
    }
  }
  return `${rows.join('\r\n')}\r\n`
}
