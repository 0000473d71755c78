import type { ReportRequest } from '../../src-core/domain/report/report-request.ts'
import { buildDocument } from '../../src-core/report/build-document.ts'
import { gatherReport } from '../../src-core/report/gather-report.ts'
import { renderHtml } from '../../src-core/report/render-html.ts'
import { renderMarkdown } from '../../src-core/report/render-markdown.ts'
import type { ReportDocument } from '../../src-core/report/report-document.ts'
import { writeAsideSync } from '../../src-core/storage/files/write-aside.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import type { Readings } from './requests.ts'

/** The report that was asked for, as of now. */
export function documentOf(workspace: ReadableWorkspace, request: ReportRequest): ReportDocument {
  return buildDocument(gatherReport(workspace, request, Date.now()))
}

/** Writes a report whole or not at all. */
export function writeReport(
  workspace: ReadableWorkspace,
  { request, format, file }: Parameters<Readings['writeReport']>[0],
): void {
  const document = documentOf(workspace, request)
  const content = format === 'html' ? renderHtml(document) : renderMarkdown(document)
  writeAsideSync(file, (add) => add(content))
}
