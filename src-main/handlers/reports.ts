import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { ReportRequest } from '../../src-core/domain/report/report-request.ts'
import { writeAside } from '../../src-core/storage/files/write-aside.ts'
import type { RecordReader } from '../reader/record-reader.ts'
import type { PrintPdf } from '../window/print-pdf.ts'
import type { SaveFile } from '../window/save-file.ts'

type ReportHandlers = Pick<Handlers, Extract<keyof Handlers, `reports.${string}`>>

interface Needs {
  readonly reader: RecordReader
  readonly saveFile: SaveFile
  /** Shows a file in the system's file manager without opening it. */
  readonly reveal: (file: string) => void
  readonly printPdf: PrintPdf
}

/** The page is made by the reading thread and printed by a window of its own: main only waits. */
async function writePdf({ reader, printPdf }: Needs, request: ReportRequest, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ablate-report-'))
  try {
    const page = join(folder, 'report.html')
    await reader.ask('writeReport', { request, format: 'html', file: page })
    await writeAside(file, await printPdf(page))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function reportHandlers(needs: Needs): ReportHandlers {
  const { reader, saveFile, reveal } = needs
  let saved: string | null = null
  return {
    'reports.preview': (request) => reader.ask('previewReport', request),
    'reports.markdown': (request) => reader.ask('reportMarkdown', request),
    'reports.save': async ({ request, format }) => {
      const file = await saveFile({ suggestedName: request.title, kind: format }, (place) =>
        format === 'pdf'
          ? writePdf(needs, request, place)
          : reader.ask('writeReport', { request, format, file: place }),
      )
      saved = file ?? saved
      return file
    },
    'reports.reveal': () => {
      // The window names no path: only what was saved here can be shown.
      if (saved === null) throw new WorkbenchError('usage', 'No report was saved since Ablate was started.')
      reveal(saved)
    },
  }
}
