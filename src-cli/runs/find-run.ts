import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { didYouMean } from '../../src-core/domain/nearest.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { singleLine } from '../terminal/output.ts'

const mostListed = 8

function listed(runs: readonly Run[]): string {
  const lines = runs.slice(0, mostListed).map(({ id, name }) => `\n  ${id}  ${singleLine(name)}`)
  const rest = runs.length > mostListed ? `\n  and ${runs.length - mostListed} more` : ''
  return lines.join('') + rest
}

/**
 * The run that was meant: by its id, by its exact name, or by the beginning of its id where no other begins so. Runs in
 * the trash are found by their whole id alone.
 * @throws WorkbenchError `run-not-found`, or `usage` with the candidates when several fit.
 */
export function findRun(workspace: Pick<ReadableWorkspace, 'directory' | 'runs'>, text: string): Run {
  const exact = workspace.runs.find(text)
  if (exact) return exact
  const runs = workspace.runs.list({ deleted: false })
  const named = runs.filter(({ name }) => name === text)
  const fitting = named.length > 0 || text === '' ? named : runs.filter(({ id }) => id.startsWith(text))
  if (fitting.length === 1) return fitting[0]!
  if (fitting.length > 1) {
    const what = named.length > 0 ? 'are called' : 'have ids that begin with'
    throw new WorkbenchError(
      'usage',
      `${fitting.length} runs ${what} "${text}". Give more of the id of one of them:${listed(fitting)}`,
      { run: text },
    )
  }
  const hint = didYouMean(
    text,
    runs.map(({ name }) => name),
  )
  const where = `There is no run "${text}" in ${workspace.directory}.`
  throw new WorkbenchError('run-not-found', `${where}${hint || ' ablate runs lists those that are there.'}`, {
    run: text,
  })
}

/** Several runs in the order given, each once. */
export function findRuns(workspace: Pick<ReadableWorkspace, 'directory' | 'runs'>, texts: readonly string[]): Run[] {
  return [...new Map(texts.map((text) => findRun(workspace, text)).map((run) => [run.id, run])).values()]
}
