import { formatInteger, formatPercent } from '../format.ts'
import { cell, code, figure, paragraph, table, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'

/** Models of these runs that were exported, and how well they agree with the original. */
export function exportsSection({ exports, runs }: ReportContent): Part[] {
  if (exports.length === 0) return []
  const nameOf = (runId: string): string => runs.find((run) => run.id === runId)?.name ?? runId
  const rows = exports.map(({ runId, directory, check }) => [
    cell(nameOf(runId)),
    code(directory),
    figure(formatInteger(check.images)),
    figure(check.maxAbsDiff === 0 ? '0' : check.maxAbsDiff.toExponential(1)),
    figure(formatPercent(check.top1Agreement)),
  ])
  const head = [
    cell('Run'),
    cell('Folder'),
    figure('Images compared'),
    figure('Largest difference'),
    figure('Same class, %'),
  ]
  const note =
    "Each export was loaded back with TensorFlow.js's own layers; the difference is that of any class probability."
  return [table('Exported models', head, rows), paragraph(note)]
}
