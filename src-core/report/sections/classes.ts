import type { Evaluation } from '../evaluation.ts'
import { rowsOf } from '../evaluation.ts'
import { formatInteger, formatPercent } from '../format.ts'
import { cell, figure, paragraph, table, type Cell, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'
import { runCell } from './summary.ts'

/** With more classes a matrix cannot be read any more: then the classes alone are listed. */
const mostMatrixClasses = 20
const runsPerTable = 6
/** More matrices than this would bury what follows: they can be opened. */
const mostOpen = 2

/** Row i, column j: how many images of class i were taken for class j, shaded by the share of the row. */
function matrix(evaluation: Evaluation): Part {
  const { classes, counts } = evaluation.confusion
  const rows = rowsOf(evaluation)
  const head = [cell('Class'), ...rows.map(({ label }) => figure(label)), figure('Recognised, %')]
  const body = rows.map(({ label, images, accuracy }, row): Cell[] => [
    cell(label),
    ...counts.slice(row * classes, (row + 1) * classes).map((count) => ({
      ...figure(count === 0 ? '' : formatInteger(count)),
      shade: images === 0 ? 0 : count / images,
    })),
    figure(formatPercent(accuracy)),
  ])
  return table('Confusion matrix', head, body)
}

function classList(evaluation: Evaluation): Part {
  const head = [cell('Class'), figure('Images'), figure('Recognised, %'), cell('Most often taken for')]
  const rows = rowsOf(evaluation).map(({ label, images, accuracy, takenFor }) => [
    cell(label),
    figure(formatInteger(images)),
    figure(formatPercent(accuracy)),
    cell(takenFor ?? ''),
  ])
  return table('Classes', head, rows)
}

interface Evaluated {
  readonly index: number
  readonly evaluation: Evaluation
}

/** The runs that can be compared class by class with the first one that was evaluated. */
function comparable(evaluated: readonly Evaluated[]): Evaluated[] {
  const first = evaluated[0]?.evaluation
  if (!first) return []
  const key = ({ part, labels }: Evaluation): string => JSON.stringify([part, labels])
  return evaluated.filter(({ evaluation }) => key(evaluation) === key(first))
}

function deltaCell(value: number | null, base: number | null): Cell {
  if (value === null || base === null) return figure('-')
  const points = (value - base) * 100
  const sign = points > 0 ? '+' : points < 0 ? '−' : '±'
  return { ...figure(`${sign}${Math.abs(points).toFixed(2)}`), shade: Math.max(-1, Math.min(1, points / 20)) }
}

/** Per class: what the first run recognises, and by how many points the others recognise more or less. */
function deltas(content: ReportContent, evaluated: readonly Evaluated[]): Part[] {
  const [first, ...others] = comparable(evaluated)
  if (!first || others.length === 0) return []
  const base = rowsOf(first.evaluation)
  const tables = Array.from({ length: Math.ceil(others.length / runsPerTable) }, (_, part) => {
    const shown = others.slice(part * runsPerTable, (part + 1) * runsPerTable)
    const columns = shown.map(({ evaluation }) => rowsOf(evaluation))
    const head = [
      cell('Class'),
      ...[first, ...shown].map(({ index }) => ({ ...runCell(content, index), number: true as const })),
    ]
    const rows = base.map(({ label, accuracy }, row) => [
      cell(label),
      figure(formatPercent(accuracy)),
      ...columns.map((column) => deltaCell(column[row]!.accuracy, accuracy)),
    ])
    return table('Recognised by class', head, rows)
  })
  const note = `The first column holds the share of each class that was recognised, in percent; the others by how many points more or less.`
  return [{ kind: 'heading', text: 'Difference by class' }, paragraph(note), ...tables]
}

/** What each run's last evaluation took for what, and the difference to the first run. */
export function classesSection(content: ReportContent): Part[] {
  const evaluated = content.runs.flatMap((run, index): Evaluated[] => {
    const evaluation = content.evaluations.get(run.id)
    return evaluation ? [{ index, evaluation }] : []
  })
  if (evaluated.length === 0) return []
  const each = evaluated.flatMap(({ index, evaluation }): Part[] => {
    const { part, step, confusion } = evaluation
    const run = content.looks[index]!
    const heading = `${content.runs[index]!.name}: ${part} images, step ${formatInteger(step)}`
    return [
      { kind: 'heading', text: heading, run },
      confusion.classes <= mostMatrixClasses ? matrix(evaluation) : classList(evaluation),
    ]
  })
  const note = 'A row holds the images of one class, a column those that were taken for a class; the diagonal is right.'
  const several: Part = {
    kind: 'details',
    summary: `Confusion matrices of ${evaluated.length} runs`,
    parts: [paragraph(note), ...each],
  }
  return evaluated.length > mostOpen
    ? [...deltas(content, evaluated), several]
    : [...deltas(content, evaluated), ...each, paragraph(note)]
}
