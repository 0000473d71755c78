import type { ConnectionOptions } from '../../src-core/storage/database.ts'
import { renderBody } from '../../src-core/report/render-html.ts'
import { renderMarkdown } from '../../src-core/report/render-markdown.ts'
import { reportStyle } from '../../src-core/report/style.ts'
import { keepUp, type ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { keptRunList } from './kept-run-list.ts'
import { readCurves } from './read-curves.ts'
import { documentOf, writeReport } from './write-report.ts'
import type { Readings } from './requests.ts'
import { writeCsv } from './write-csv.ts'

/** What the reading thread answers from an open record. */
export function readings(workspace: ReadableWorkspace, connection: ConnectionOptions): Readings {
  const { metrics } = workspace
  const runs = keptRunList(workspace)
  return {
    prepare: () => void runs(),
    runs,
    usage: () => workspace.usage(),
    keepUp: (due) => keepUp(workspace.directory, due, connection),
    drawn: (query) => metrics.drawn(query),
    at: ({ runIds, step }) => runIds.map((runId) => metrics.at(runId, step)),
    filters: ({ runId, after }) => workspace.artifacts.filters(runId, after),
    writeCsv: (query) => writeCsv(workspace, query),
    references: () => workspace.references.list(),
    parseCurves: readCurves,
    previewReport: (request) => ({ style: reportStyle, body: renderBody(documentOf(workspace, request)) }),
    reportMarkdown: (request) => renderMarkdown(documentOf(workspace, request)),
    writeReport: (query) => writeReport(workspace, query),
  }
}
