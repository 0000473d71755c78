import type { SeriesColumns } from './columns.ts'

export interface ValueRow {
  /** NaN where a line does not know its steps or its epochs. */
  readonly step: number
  readonly epoch: number
  /** One for each line; null where it has no point at that step. */
  readonly values: readonly (number | null)[]
}

/** The points of several lines as rows by step, or by epoch where there is no step, evenly thinned to at most `most` rows with the last one kept. */
export function valueRows(lines: readonly SeriesColumns[], most: number): ValueRow[] {
  const rows = new Map<string, { step: number; epoch: number; values: (number | null)[] }>()
  lines.forEach(({ step, epoch, last }, line) => {
    for (let i = 0; i < step.length; i++) {
      const key = Number.isNaN(step[i]) ? `epoch ${epoch[i]}` : `${step[i]}`
      const row = rows.get(key) ?? { step: step[i]!, epoch: NaN, values: lines.map(() => null) }
      if (Number.isNaN(row.epoch)) row.epoch = epoch[i]!
      row.values[line] = last[i]!
      rows.set(key, row)
    }
  })
  const all = [...rows.values()]
  const byEpoch = all.some(({ step }) => Number.isNaN(step))
  all.sort((a, b) => (byEpoch ? a.epoch - b.epoch : a.step - b.step))
  const stride = Math.ceil(all.length / most)
  return stride <= 1 ? all : all.filter((_, index) => (all.length - 1 - index) % stride === 0)
}
