import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { ReportRequest } from '../../src-core/domain/report/report-request.ts'
import { buildDocument } from '../../src-core/report/build-document.ts'
import { gatherReport, type ReportRecord } from '../../src-core/report/gather-report.ts'
import { renderHtml } from '../../src-core/report/render-html.ts'
import { renderMarkdown } from '../../src-core/report/render-markdown.ts'
import { writeAsideSync } from '../../src-core/storage/files/write-aside.ts'

export type TextFormat = 'html' | 'md'

/**
 * What the name of the file asks for.
 * @throws WorkbenchError `usage` for another ending, and for a PDF, which takes the window's engine.
 */
export function formatOf(file: string): TextFormat {
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase()
  if (ending === 'html' || ending === 'htm') return 'html'
  if (ending === 'md' || ending === 'markdown') return 'md'
  if (ending === 'pdf') {
    const instead = 'save it as PDF in the window (Compare, Report), or write an .html file and print that'
    throw new WorkbenchError('usage', `The terminal cannot make a PDF: ${instead}.`, { file })
  }
  throw new WorkbenchError('usage', `--out must end with .html or .md, but is ${file}.`, { file })
}

/** @throws WorkbenchError `usage` when something is there that must not be lost. */
function requireFree(file: string, force: boolean): void {
  if (!existsSync(file)) return
  if (!statSync(file).isFile()) {
    throw new WorkbenchError('usage', `--out must name a file, but ${file} is a folder.`, { file })
  }
  if (!force) throw new WorkbenchError('usage', `${file} is there already. Replace it with --force.`, { file })
}

/** Writes a report whole or not at all. */
export function writeReport(
  record: ReportRecord,
  request: ReportRequest,
  file: string,
  { force, writtenAt = Date.now() }: { readonly force: boolean; readonly writtenAt?: number },
): void {
  const format = formatOf(file)
  requireFree(file, force)
  const document = buildDocument(gatherReport(record, request, writtenAt))
  const content = format === 'html' ? renderHtml(document) : renderMarkdown(document)
  mkdirSync(dirname(file), { recursive: true })
  writeAsideSync(file, (add) => add(content))
}
