import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { safeFileName } from '../../src-core/domain/report/file-name.ts'
import { reportFormats, type ReportFormat, type ReportRequest } from '../../src-core/domain/report/report-request.ts'
import { buildDocument } from '../../src-core/report/build-document.ts'
import { gatherReport, type ReportRecord } from '../../src-core/report/gather-report.ts'
import { renderHtml } from '../../src-core/report/render-html.ts'
import { renderMarkdown } from '../../src-core/report/render-markdown.ts'
import type { ReportDocument } from '../../src-core/report/report-document.ts'
import { writeAside } from '../../src-core/storage/files/write-aside.ts'
import { printPdf } from './print-pdf.ts'

/** Where a report goes, and what it is written as. */
export interface ReportPlace {
  readonly file: string
  readonly format: ReportFormat
}

const endings: Readonly<Record<string, ReportFormat>> = {
  html: 'html',
  htm: 'html',
  pdf: 'pdf',
  md: 'md',
  markdown: 'md',
}

function parseFormat(word: string): ReportFormat {
  const known = reportFormats.find((format) => format === word.toLowerCase())
  if (known) return known
  throw new WorkbenchError('usage', `--format must be ${reportFormats.join(', ')}, but is ${word}.`)
}

/**
 * The file that is asked for: by its name, whose ending tells the format, or by the format alone, as a file in the
 * working folder that is called like the report.
 * @throws WorkbenchError `usage` for an unknown ending or format, and for two that contradict each other.
 */
export function placeOf(
  { out, format: word }: { readonly out?: string; readonly format?: string },
  title: string,
): ReportPlace {
  const format = word === undefined ? null : parseFormat(word)
  if (out === undefined) {
    if (format !== null) return { file: resolve(`${safeFileName(title)}.${format}`), format }
    throw new WorkbenchError('usage', 'Name the file with --out FILE.html, or the format alone with --format html.')
  }
  const file = resolve(out)
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase()
  const own = ending === undefined ? undefined : endings[ending]
  if (format === null && own === undefined) {
    throw new WorkbenchError('usage', `--out must end with .html, .pdf or .md, but is ${out}.`, { file })
  }
  if (format !== null && own !== undefined && own !== format) {
    throw new WorkbenchError('usage', `--format ${format} contradicts --out ${out}: leave one of them out.`, { file })
  }
  return { file, format: format ?? own! }
}

/** @throws WorkbenchError `usage` when something is there that must not be lost, or no folder to write into. */
function requireFree(file: string, force: boolean): void {
  const folder = dirname(file)
  // A folder made for a mistyped path would hide the report and the mistake.
  if (!existsSync(folder)) {
    throw new WorkbenchError('usage', `--out: there is no folder ${folder}. Make it first, or correct the path.`, {
      file,
    })
  }
  if (!existsSync(file)) return
  if (!statSync(file).isFile()) {
    throw new WorkbenchError('usage', `--out must name a file, but ${file} is a folder.`, { file })
  }
  if (!force) throw new WorkbenchError('usage', `${file} is there already. Replace it with --force.`, { file })
}

async function pdfOf(document: ReportDocument): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'ablate-report-'))
  try {
    const page = join(folder, 'report.html')
    writeFileSync(page, renderHtml(document))
    return await printPdf(page)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const renderers: Readonly<
  Record<ReportFormat, (document: ReportDocument) => string | Uint8Array | Promise<Uint8Array>>
> = { html: renderHtml, md: renderMarkdown, pdf: pdfOf }

/**
 * Writes a report whole or not at all.
 * @throws WorkbenchError `usage`; `not-printed` and `cancelled` for a PDF; what gathering the report throws.
 */
export async function writeReport(
  record: ReportRecord,
  request: ReportRequest,
  { file, format }: ReportPlace,
  { force, writtenAt = Date.now() }: { readonly force: boolean; readonly writtenAt?: number },
): Promise<void> {
  requireFree(file, force)
  await writeAside(file, await renderers[format](buildDocument(gatherReport(record, request, writtenAt))))
}
