import type { DatasetInfo } from '../domain/dataset.ts'
import { WorkbenchError } from '../domain/errors.ts'
import { newRunId, type RunId } from '../domain/ids.ts'
import { runNameSchema } from '../domain/run.ts'
import type { RunSpec } from '../domain/spec/run-spec.ts'
import type { NewRun } from '../storage/records/runs.ts'
import { checkSpec } from './check-spec.ts'
import { pinTransfer } from './checkpoints/transfer-source.ts'
import type { RunRecorder } from './run-recorder.ts'

export interface NewRunRequest {
  readonly name: string
  readonly spec: RunSpec
}

/**
 * Records runs in one transaction, all or none; with `start` they go to the end of the queue in this order. Announces
 * them and answers their ids.
 * @throws WorkbenchError as `checkName`, `checkSpec` and `pinTransfer`; of several runs it names the one that is wrong.
 */
export function createRuns(recorder: RunRecorder, requests: readonly NewRunRequest[], start: boolean): RunId[] {
  const { workspace } = recorder
  const datasets = workspace.datasets.list()
  const runs = requests.map((request, index) => naming(requests, index, () => checkRun(recorder, request, datasets)))
  workspace.write(() => {
    for (const run of runs) {
      workspace.runs.insert(run)
      recorder.note(run.id, 'state', 'Created.')
      if (start) recorder.writeChange(run.id, { to: 'queued', message: 'Queued.' })
    }
  })
  const ids = runs.map(({ id }) => id)
  recorder.announce(ids)
  return ids
}

function checkRun({ workspace, now }: RunRecorder, request: NewRunRequest, datasets: readonly DatasetInfo[]): NewRun {
  const name = checkName(request.name)
  const { spec, parameters } = checkSpec(request.spec, datasets)
  return { id: newRunId(), name, spec: pinTransfer(workspace, spec), parameters, createdAt: now() }
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
