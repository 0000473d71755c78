import { environmentSchema } from '../../domain/environment.ts'
import { wireErrorSchema } from '../../domain/errors.ts'
import { bestMetricSchema, type MetricSummary } from '../../domain/metrics.ts'
import { runSchema, type Run } from '../../domain/run.ts'
import { specVersion, storedRunSpecSchema } from '../../domain/spec/run-spec.ts'
import { parseJson, parseOptionalColumn, parseStored, toColumn } from './json-columns.ts'
import { specHash } from './spec-hash.ts'

/** A row of the table `runs`. */
export interface RunRow {
  id: string
  name: string
  state: string
  spec: string
  spec_hash: string
  color: number
  parameters: number
  step: number
  total_steps: number | null
  steps_per_epoch: number | null
  epoch: number
  active_time: number
  images_per_second: number | null
  best: string | null
  error: string | null
  queue_position: number | null
  environment: string | null
  weights_sha256: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
  deleted_at: number | null
  notes: string
}

/** What can change in a run after it was made; `last` and `checkpointStep` follow from other tables. */
export type RunPatch = Partial<
  Omit<Run, 'id' | 'spec' | 'specHash' | 'createdAt' | 'last' | 'metrics' | 'tags' | 'checkpointStep'>
>

/** The columns that an update writes, in the order of the statement. */
export const changeableColumns = [
  'name',
  'state',
  'color',
  'parameters',
  'step',
  'total_steps',
  'steps_per_epoch',
  'epoch',
  'active_time',
  'images_per_second',
  'best',
  'error',
  'queue_position',
  'environment',
  'weights_sha256',
  'started_at',
  'ended_at',
  'deleted_at',
  'notes',
] as const satisfies readonly (keyof RunRow)[]

/** What other tables know of a run. */
export interface RunContext {
  readonly metrics: Record<string, MetricSummary>
  readonly tags: readonly string[]
  readonly checkpointStep: number | null
}

/** Puts a run together from its row and what other tables know of it, checked against the domain's schema. */
export function toRun(row: RunRow, { metrics, tags, checkpointStep }: RunContext): Run {
  const what = `run ${row.id}`
  const run = {
    id: row.id,
    name: row.name,
    state: row.state,
    ...readSpec(row, what),
    color: row.color,
    parameters: row.parameters,
    step: row.step,
    totalSteps: row.total_steps,
    stepsPerEpoch: row.steps_per_epoch,
    epoch: row.epoch,
    activeTime: row.active_time,
    imagesPerSecond: row.images_per_second,
    best: parseOptionalColumn(bestMetricSchema, row.best, what),
    last: Object.fromEntries(Object.entries(metrics).map(([name, { last }]) => [name, last])),
    metrics,
    tags,
    notes: row.notes,
    error: parseOptionalColumn(wireErrorSchema, row.error, what),
    queuePosition: row.queue_position,
    checkpointStep,
    environment: parseOptionalColumn(environmentSchema, row.environment, what),
    weightsSha256: row.weights_sha256,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    deletedAt: row.deleted_at,
  }
  return parseStored(runSchema, run, what)
}

/**
 * A run's spec, translated when an earlier version wrote it, and its hash. The columns stay as they were written; a
 * translated spec gets the hash of what it is now, so that it equals that of a new run with the same spec.
 */
function readSpec(row: RunRow, what: string): Pick<Run, 'spec' | 'specHash'> {
  const stored = parseJson(row.spec, what)
  const spec = parseStored(storedRunSpecSchema, stored, what)
  const isPresentVersion = (stored as { version?: unknown }).version === specVersion
  return { spec, specHash: isPresentVersion ? row.spec_hash : specHash(spec) }
}

/** The columns that a patch changes. */
export function patchColumns(patch: RunPatch): Partial<RunRow> {
  const columns: Partial<Record<keyof RunRow, unknown>> = {
    name: patch.name,
    state: patch.state,
    color: patch.color,
    parameters: patch.parameters,
    step: patch.step,
    total_steps: patch.totalSteps,
    steps_per_epoch: patch.stepsPerEpoch,
    epoch: patch.epoch,
    active_time: patch.activeTime,
    images_per_second: patch.imagesPerSecond,
    best: patch.best === undefined ? undefined : toColumn(patch.best),
    error: patch.error === undefined ? undefined : toColumn(patch.error),
    queue_position: patch.queuePosition,
    environment: patch.environment === undefined ? undefined : toColumn(patch.environment),
    weights_sha256: patch.weightsSha256,
    started_at: wholeMilliseconds(patch.startedAt),
    ended_at: wholeMilliseconds(patch.endedAt),
    deleted_at: wholeMilliseconds(patch.deletedAt),
    notes: patch.notes,
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Partial<RunRow>
}

function wholeMilliseconds(time: number | null | undefined): number | null | undefined {
  return typeof time === 'number' ? Math.round(time) : time
}
