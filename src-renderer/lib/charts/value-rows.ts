import type { SeriesColumns } from './columns.ts'

export interface ValueRow {
  readonly step: number
  readonly epoch: number
  /** One for each line; null where it has no point at that step. */
  readonly values: readonly (number | null)[]
}

/** The points of several lines as rows by step, evenly thinned to at most `most` rows with the last one kept. */
export function valueRows(lines: readonly SeriesColumns[], most: number): ValueRow[] {
  const rows = new Map<number, { epoch: number; values: (number | null)[] }>()
  lines.forEach(({ step, epoch, last }, line) => {
    for (let i = 0; i < step.length; i++) {
      const row = rows.get(step[i]!) ?? { epoch: epoch[i]!, values: lines.map(() => null) }
      row.values[line] = last[i]!
      rows.set(step[i]!, row)
    }
  })
  const all = [...rows].sort(([a], [b]) => a - b).map(([step, row]) => ({ step, ...row }))
  const stride = Math.ceil(all.length / most)
  return stride <= 1 ? all : all.filter((_, index) => (all.length - 1 - index) % stride === 0)
}
