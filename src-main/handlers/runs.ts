import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { RecordReader } from '../reader/record-reader.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'

type RunHandlers = Pick<
  Handlers,
  Extract<keyof Handlers, `${'runs' | 'checkpoints' | 'artifacts' | 'grids'}.${string}`>
>

export function runHandlers(runs: RunService, reader: RecordReader): RunHandlers {
  return {
    'runs.columns': () => reader.ask('runs', undefined),
    'runs.setTags': ({ runIds, ...change }) => {
      runs.changeTags(runIds, change)
    },
    'runs.setNotes': ({ runIds, notes }) => {
      runs.setNotes(runIds, notes)
    },
    'runs.list': (filter) => runs.list(filter),
    'runs.get': ({ runId }) => runs.get(runId),
    'runs.create': (run) => runs.create(run),
    'runs.createAll': ({ runs: created, start, grid }) => runs.createAll(created, start, grid),
    'runs.pause': ({ runId }) => runs.pause(runId),
    'runs.resume': ({ runId }) => runs.resume(runId),
    'runs.stop': ({ runId }) => runs.stop(runId),
    'runs.rename': ({ runId, name }) => runs.rename(runId, name),
    'runs.recolor': ({ runId, color }) => runs.recolor(runId, color),
    'runs.delete': ({ runId }) => runs.delete(runId),
    'runs.restore': ({ runId }) => runs.restore(runId),
    'runs.purge': ({ runId }) => runs.purge(runId),
    'runs.reorder': ({ runId, position }) => runs.reorder(runId, position),
    'runs.events': ({ runId }) => runs.events(runId),
    'checkpoints.list': ({ runId }) => runs.checkpoints(runId),
    'artifacts.list': ({ runId }) => runs.artifacts(runId),
    'grids.list': () => runs.grids(),
    'artifacts.get': ({ artifactId }) => runs.artifact(artifactId),
    'artifacts.filters': (query) => reader.ask('filters', query),
  }
}
