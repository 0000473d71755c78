import type { Run } from '../../src-core/domain/run.ts'
import { rowsOf, type Evaluation } from '../evaluation.ts'
import { formatInteger, formatPercent } from '../terminal/format.ts'
import { escapeHtml } from '../../src-core/report/escape.ts'
import { figure, swatch, table, text, type Cell } from './html-table.ts'

/** With more classes a matrix cannot be read any more: then the classes alone are listed. */
const mostMatrixClasses = 30

/** Row i, column j: how many images of class i were taken for class j, shaded by the share of the row. */
function matrix(evaluation: Evaluation): string {
  const { classes, counts } = evaluation.confusion
  const rows = rowsOf(evaluation)
  const head = [text('Class'), ...rows.map(({ label }) => figure(escapeHtml(label))), figure('Recognised, %')]
  const body = rows.map(({ label, images, accuracy }, row): Cell[] => [
    text(escapeHtml(label)),
    ...counts.slice(row * classes, (row + 1) * classes).map((count) => ({
      ...figure(count === 0 ? '' : formatInteger(count)),
      shade: images === 0 ? 0 : count / images,
    })),
    figure(formatPercent(accuracy)),
  ])
  return table(head, body)
}

function classList(evaluation: Evaluation): string {
  const head = [text('Class'), figure('Images'), figure('Recognised, %'), text('Most often taken for')]
  return table(
    head,
    rowsOf(evaluation).map(({ label, images, accuracy, takenFor }) => [
      text(escapeHtml(label)),
      figure(formatInteger(images)),
      figure(formatPercent(accuracy)),
      text(escapeHtml(takenFor ?? '')),
    ]),
  )
}

/** The confusion matrix of each run's last evaluation; empty when no run has one. */
export function evaluationSection(runs: readonly Run[], evaluations: ReadonlyMap<string, Evaluation>): string {
  const parts = runs.flatMap((run, index) => {
    const evaluation = evaluations.get(run.id)
    if (!evaluation) return []
    const { part, step, confusion } = evaluation
    const heading = `<h3>${swatch(index, run.name)}: ${part} images, step ${formatInteger(step)}</h3>`
    return [heading + (confusion.classes <= mostMatrixClasses ? matrix(evaluation) : classList(evaluation))]
  })
  if (parts.length === 0) return ''
  return `<h2>Classes</h2>${parts.join('')}
<p>A row holds the images of one class, a column those that were taken for a class; the diagonal is right.</p>`
}
