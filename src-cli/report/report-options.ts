import { readFileSync } from 'node:fs'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import {
  defaultBlocks,
  longestNote,
  reportRequestSchema,
  reportSections,
  type ReportBlock,
  type ReportRequest,
  type ReportSection,
} from '../../src-core/domain/report/report-request.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { didYouMean } from '../../src-core/domain/nearest.ts'

export interface ReportContentOptions {
  readonly title?: string
  readonly metric?: readonly string[]
  readonly sections?: string
  readonly notes?: readonly string[]
}

const isSection = (word: string): word is ReportSection => (reportSections as readonly string[]).includes(word)

/** "summary,note,curves": the parts in their order; `note` stands for the next notes file. */
function chosenBlocks(words: string, notes: readonly string[]): ReportBlock[] {
  const left = [...notes]
  const blocks = words.split(',').map((part): ReportBlock => {
    const word = part.trim()
    if (isSection(word)) return { kind: 'section', section: word }
    const note = word === 'note' ? left.shift() : undefined
    if (note !== undefined) return { kind: 'note', text: note }
    if (word === 'note') throw new WorkbenchError('usage', '--sections names more notes than there are --notes files.')
    const hint = didYouMean(word, [...reportSections, 'note'])
    throw new WorkbenchError(
      'usage',
      `A report has no part "${word}".${hint} Its parts: ${reportSections.join(', ')}, note.`,
    )
  })
  // Notes that no place was named for stand at the top, as they do without --sections.
  return [...left.map((text): ReportBlock => ({ kind: 'note', text })), ...blocks]
}

function readNotes(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new WorkbenchError('usage', `The notes in ${file} cannot be read: ${(error as Error).message}.`, { file })
  }
  if (text.length <= longestNote) return text
  const length = text.length.toLocaleString('en-US')
  throw new WorkbenchError('usage', `The notes in ${file} have ${length} characters; at most 50,000 are taken.`, {
    file,
  })
}

const longestTitle = 200

/** The names of the runs as a title, as far as they fit. */
export function titleOf(runs: readonly Pick<Run, 'name'>[]): string {
  const all = runs.map(({ name }) => name).join(' and ')
  return runs.length <= 2 && all.length <= longestTitle ? all : `Comparison of ${runs.length} runs`
}

/**
 * The report that the options ask for.
 * @throws WorkbenchError `usage` for an unknown part, notes that cannot be read, or a bad title or metric.
 */
export function reportRequest(runs: readonly Run[], options: ReportContentOptions): ReportRequest {
  const notes = (options.notes ?? []).map(readNotes)
  const parsed = reportRequestSchema.safeParse({
    title: options.title ?? titleOf(runs),
    runIds: runs.map(({ id }) => id),
    metrics: options.metric ?? null,
    blocks: options.sections === undefined ? defaultBlocks(notes) : chosenBlocks(options.sections, notes),
  })
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new WorkbenchError('usage', `The report cannot be made: ${path.join('.')}: ${message}.`)
}
