import { reportSectionTitles, type ReportSection } from '../domain/report/report-request.ts'
import type { ReportContent } from './report-content.ts'
import type { DocumentBlock, Part, ReportDocument } from './report-document.ts'
import { architectureSection } from './sections/architecture.ts'
import { classesSection } from './sections/classes.ts'
import { configurationSection } from './sections/configuration.ts'
import { curvesSection } from './sections/curves.ts'
import { environmentSection } from './sections/environment.ts'
import { exportsSection } from './sections/exports.ts'
import { groupsSection } from './sections/groups.ts'
import { profileSection } from './sections/profile.ts'
import { reproduceSection } from './sections/reproduce.ts'
import { summarySection } from './sections/summary.ts'

const builders: Readonly<Record<ReportSection, (content: ReportContent) => Part[]>> = {
  summary: summarySection,
  curves: curvesSection,
  groups: groupsSection,
  configuration: configurationSection,
  architecture: architectureSection,
  classes: classesSection,
  profile: profileSection,
  environment: environmentSection,
  reproduce: reproduceSection,
  exports: exportsSection,
}

function leadOf({ runs, writtenAt }: ReportContent): string {
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`
  return `${count}, written by Ablate on ${new Date(writtenAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`
}

/** The report as plain data, in the order of its blocks. A part that has nothing to say is left out. */
export function buildDocument(content: ReportContent): ReportDocument {
  const blocks = content.blocks.flatMap((block): DocumentBlock[] => {
    if (block.kind === 'note') return block.text.trim() === '' ? [] : [{ kind: 'note', markdown: block.text }]
    const parts = builders[block.section](content)
    return parts.length === 0
      ? []
      : [{ kind: 'section', id: block.section, title: reportSectionTitles[block.section], parts }]
  })
  return { title: content.title, lead: leadOf(content), blocks }
}
