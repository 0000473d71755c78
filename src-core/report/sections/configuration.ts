import { differences, type SpecDifference } from '../../domain/spec/paths.ts'
import { cell, code, paragraph, table, type Cell, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'
import { runCell } from './summary.ts'

/** Up to so many runs stand beside each other; more stand below each other. */
const mostBeside = 4
const fieldsPerTable = 4

const valueCell = (value: unknown): Cell => code(JSON.stringify(value) ?? 'absent')

function fieldsDown(content: ReportContent, found: readonly SpecDifference[]): Part {
  const head = [cell('Field'), ...content.runs.map((_, index) => runCell(content, index))]
  const rows = found.map(({ path, values }) => [code(path), ...values.map(valueCell)])
  return table('Fields that differ', head, rows)
}

function runsDown(content: ReportContent, found: readonly SpecDifference[]): Part {
  const head = [cell('Run'), ...found.map(({ path }) => code(path))]
  const rows = content.runs.map((_, index) => [
    runCell(content, index),
    ...found.map(({ values }) => valueCell(values[index])),
  ])
  return table('Fields that differ', head, rows)
}

/** The fields in which the configurations are not all the same. */
export function configurationSection(content: ReportContent): Part[] {
  const found = differences(content.runs.map(({ spec }) => spec))
  if (content.runs.length === 1) return []
  if (found.length === 0) return [paragraph('The configurations are the same.')]
  if (content.runs.length <= mostBeside) return [fieldsDown(content, found)]
  return Array.from({ length: Math.ceil(found.length / fieldsPerTable) }, (_, part) =>
    runsDown(content, found.slice(part * fieldsPerTable, (part + 1) * fieldsPerTable)),
  )
}
