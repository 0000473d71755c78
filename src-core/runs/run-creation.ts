import type { DatasetInfo } from '../domain/dataset.ts'
import { WorkbenchError } from '../domain/errors.ts'
import { cellCount, type NewGrid } from '../domain/grid/grid.ts'
import { newRunId, type RunId } from '../domain/ids.ts'
import { runNameSchema } from '../domain/run.ts'
import type { RunSpec } from '../domain/spec/run-spec.ts'
import type { NewRun } from '../storage/records/runs.ts'
import { checkSpec } from '../domain/spec/check-spec.ts'
import { pinTransfer } from './checkpoints/transfer-source.ts'
import type { RunRecorder } from './run-recorder.ts'

export interface NewRunRequest {
  readonly name: string
  readonly spec: RunSpec
}

/**
 * Records runs in one transaction, all or none; with `start` they go to the end of the queue in this order. They count as
 * created at the same time, so that lists show them in this order. Announces them and answers their ids.
 * @throws WorkbenchError as `checkName`, `checkSpec` and `pinTransfer`; of several runs it names the one that is wrong.
 */
export function createRuns(
  recorder: RunRecorder,
  requests: readonly NewRunRequest[],
  { start, grid }: { readonly start: boolean; readonly grid: NewGrid | null },
): RunId[] {
  requireCells(grid, requests.length)
  const { workspace } = recorder
  const datasets = workspace.datasets.list()
  const createdAt = recorder.now()
  const runs = requests.map((request, index) => ({
    ...naming(requests, index, () => checkRun(recorder, request, datasets)),
    createdAt,
  }))
  workspace.write(() => {
    for (const run of runs) {
      workspace.runs.insert(run)
      recorder.note(run.id, 'state', 'Created.')
      if (start) recorder.writeChange(run.id, { to: 'queued', message: 'Queued.' })
    }
    if (grid) workspace.grids.insert(grid, runs)
  })
  const ids = runs.map(({ id }) => id)
  recorder.announce(ids)
  return ids
}

/** @throws WorkbenchError `invalid-value` unless each run has a cell of the grid. */
function requireCells(grid: NewGrid | null, runs: number): void {
  if (!grid) return
  const cells = cellCount(grid.factors)
  if (grid.cells.length === runs && grid.cells.every((cell) => cell < cells)) return
  const message = `A grid of ${cells} cells needs a cell below ${cells} for each of its ${runs} runs.`
  throw new WorkbenchError('invalid-value', message, { path: 'grid.cells' })
}

function checkRun(
  { workspace }: RunRecorder,
  request: NewRunRequest,
  datasets: readonly DatasetInfo[],
): Omit<NewRun, 'createdAt'> {
  const name = checkName(request.name)
  const { spec, parameters } = checkSpec(request.spec, datasets)
  return { id: newRunId(), name, spec: pinTransfer(workspace, spec), parameters }
}

/** @throws WorkbenchError `invalid-value` for a name that is empty or too long. */
export function checkName(name: string): string {
  const parsed = runNameSchema.safeParse(name)
  if (parsed.success) return parsed.data
  throw new WorkbenchError('invalid-value', `name: ${parsed.error.issues[0]!.message}.`, { path: 'name' })
}

/** Among several runs, the error of one says which it is. */
function naming<T>(requests: readonly NewRunRequest[], index: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (requests.length === 1 || !(error instanceof WorkbenchError)) throw error
    const which = `Run ${index + 1} of ${requests.length} ("${requests[index]!.name}")`
    throw new WorkbenchError(error.code, `${which}: ${error.message}`, { ...error.details, index })
  }
}
