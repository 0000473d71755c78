import { coveredText, stepMilliseconds, stepParts, stepPartTitles } from '../../domain/profile/step-profile.ts'
import { formatNumber, formatPercent } from '../format.ts'
import { cell, figure, paragraph, table, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'
import { runCell } from './summary.ts'

/** Milliseconds of a step by what it does, as last measured. */
export function profileSection(content: ReportContent): Part[] {
  const measured = content.runs.flatMap((run, index) => {
    const found = content.profiles.get(run.id)
    return found ? [{ index, ...found }] : []
  })
  if (measured.length === 0) return []
  const titles = Object.values(stepPartTitles)
  const head = [cell('Run'), figure('Step, ms'), ...titles.map((title) => figure(`${title}, %`)), cell('Mean of')]
  const rows = measured.map(({ index, step, profile }) => {
    const whole = stepMilliseconds(profile)
    return [
      runCell(content, index),
      figure(formatNumber(whole, 1)),
      ...stepParts(profile).map(({ milliseconds }) => figure(formatPercent(whole === 0 ? 0 : milliseconds / whole))),
      cell(coveredText(profile, step)),
    ]
  })
  const waited = measured.some(({ profile }) => profile.synchronised)
  const note = waited ? [paragraph('On a GPU the steps that were measured waited for it after every part.')] : []
  return [table('Parts of a step', head, rows), ...note]
}
