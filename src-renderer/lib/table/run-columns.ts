import { remainingTime, type Run } from '../../../src-core/domain/run.ts'
import { markdownToLine } from '../../../src-core/domain/report/markdown.ts'
import { runStates } from '../../../src-core/domain/run-status.ts'
import {
  formatCompact,
  formatCount,
  formatDate,
  formatDuration,
  formatFixed,
  formatNumber,
  missing,
} from '../format.ts'
import { progressOf, progressText } from '../run/run-table.ts'
import { shortRecipeTitle } from '../run/run-name.ts'
import { stateWords } from '../run/run-states.ts'
import type { SortValue, TableColumn } from './columns.ts'

/** The learning rate that a run begins its schedule with, or its highest one. */
function statedRate({ spec: { training } }: Run): number {
  const { kind, table } = training.schedule
  return kind === 'table' ? table[0]!.learningRate : training.learningRate
}

function timeLeft(run: Run): number | null {
  return run.state === 'running' ? remainingTime(run) : null
}

type Rest = Pick<TableColumn, 'value' | 'text'> & Partial<TableColumn>

function words(id: string, title: string, width: number, rest: Rest): TableColumn {
  return { id, title, width, numeric: false, live: false, ...rest }
}

function numbers(id: string, title: string, width: number, rest: Rest): TableColumn {
  return { id, title, width, numeric: true, live: false, ...rest }
}

function date(id: string, title: string, time: (run: Run) => number | null): TableColumn {
  const text = (run: Run): string => (time(run) === null ? missing : formatDate(time(run)!))
  return numbers(id, title, 100, { value: time, text })
}

function duration(id: string, title: string, width: number, value: (run: Run) => number | null): TableColumn {
  const format = (time: number): string => formatDuration(time)
  return numbers(id, title, width, { value, text: (run) => formatDuration(value(run)), format, live: true })
}

const byState = (run: Run): SortValue => runStates.indexOf(run.state) + (run.queuePosition ?? 0) / 10_000

/** The columns of what is known of a run beside its spec and its metrics. */
export const runColumns: readonly TableColumn[] = [
  words('name', 'Name', 184, { value: (run) => run.name.toLowerCase(), text: (run) => run.name }),
  words('state', 'State', 96, { value: byState, text: (run) => stateWords[run.state].word }),
  words('progress', 'Progress', 108, { value: progressOf, text: progressText, live: true }),
  numbers('bestEpoch', 'At epoch', 76, {
    value: (run) => run.best?.epoch ?? null,
    text: (run) => formatFixed(run.best?.epoch, 0),
    format: (value) => formatFixed(value, 1),
    live: true,
  }),
  words('sparkline', 'Trend', 84, { value: () => null, text: () => '' }),
  words('tags', 'Tags', 120, { value: ({ tags }) => tags.join(' ') || null, text: ({ tags }) => tags.join(', ') }),
  words('notes', 'Notes', 140, { value: ({ notes }) => notes || null, text: ({ notes }) => plainNotes(notes) }),
  numbers('rate', 'Learning rate', 92, {
    value: statedRate,
    text: (run) => formatNumber(statedRate(run)),
    format: formatNumber,
  }),
  duration('left', 'Time left', 84, timeLeft),
  { ...duration('active', 'Active time', 92, (run) => run.activeTime), direction: 'lower' },
  date('created', 'Created', (run) => run.createdAt),
  date('started', 'Started', (run) => run.startedAt),
  date('ended', 'Ended', (run) => run.endedAt),
  numbers('parameters', 'Parameters', 92, {
    value: (run) => run.parameters,
    text: (run) => formatCompact(run.parameters),
    format: formatCompact,
    direction: 'none',
  }),
  numbers('step', 'Step', 76, {
    value: (run) => run.step,
    text: (run) => formatCount(run.step),
    format: (value) => formatCount(Math.round(value)),
    live: true,
  }),
  numbers('epoch', 'Epoch', 68, {
    value: (run) => run.epoch,
    text: (run) => formatFixed(run.epoch, 1),
    format: (value) => formatFixed(value, 1),
    live: true,
  }),
  numbers('checkpoint', 'Checkpoint', 92, {
    value: (run) => run.checkpointStep,
    text: (run) => formatCount(run.checkpointStep),
  }),
  words('recipe', 'Recipe', 140, { value: (run) => run.spec.recipe, text: (run) => shortRecipeTitle(run.spec.recipe) }),
  words('id', 'Id', 104, { value: (run) => run.id, text: (run) => run.id }),
]

/** Their ids, and that of the best value, which is made for the runs at hand. */
export const runColumnIds: readonly string[] = [...runColumns.map(({ id }) => id), 'best']

/** Longer notes than this are cut before they are read: a cell shows a few words of them. */
const shownNotes = 1000

/** What a cell or a tool tip shows of notes: their beginning, without the marks of Markdown. */
export function plainNotes(notes: string): string {
  return markdownToLine(notes.slice(0, shownNotes)).slice(0, 300)
}
