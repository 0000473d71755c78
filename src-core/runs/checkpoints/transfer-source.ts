import { accessSync, constants, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ToTrainer } from '../../contract/trainer-protocol.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { RunId } from '../../domain/ids.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import type { RecordedCheckpoint } from '../../storage/records/checkpoints.ts'
import { runNotFound, type AwaitedSource } from '../../storage/records/runs.ts'
import type { ReadableWorkspace } from '../../storage/workspace.ts'
import { isPresent } from './checkpoint-files.ts'

type StartFrom = Extract<ToTrainer, { type: 'train' }>['startFrom']

/** The part of the record that knows from where weights can be taken. */
export type SourceRecords = Pick<ReadableWorkspace, 'runs' | 'checkpoints' | 'checkpointsDirectory'>

type Source =
  | { readonly kind: 'run'; readonly runId: RunId; readonly step: number | null }
  | { readonly kind: 'file'; readonly path: string }

/** Reads `training.transfer.from`, whose form the rules of a spec have checked. */
function parseSource(from: string): Source {
  if (from.startsWith('file:')) return { kind: 'file', path: from.slice('file:'.length) }
  const [runId, step] = from.slice('run:'.length).split('@') as [string, string?]
  return { kind: 'run', runId, step: step === undefined ? null : Number(step) }
}

/**
 * The spec with its source made definite, so that the record says what the run began with: `run:ID` becomes the
 * newest checkpoint of that run as `run:ID@STEP`, a relative path becomes an absolute one.
 * @throws WorkbenchError `run-not-found`, `checkpoint-missing`, `model-file-unreadable`.
 */
export function pinTransfer(workspace: SourceRecords, spec: RunSpec): RunSpec {
  const { training } = spec
  if (training.transfer.from === null) return spec
  const source = parseSource(training.transfer.from)
  const from =
    source.kind === 'file'
      ? `file:${requireReadable(resolve(source.path))}`
      : `run:${source.runId}@${requireCheckpoint(workspace, source.runId, source.step).step}`
  return { ...spec, training: { ...training, transfer: { ...training.transfer, from } } }
}

/**
 * Where a run's first weights come from, for its trainer; null when they are drawn.
 * @throws as `pinTransfer`
 */
export function startOf(workspace: SourceRecords, { training }: RunSpec): StartFrom {
  const { from } = training.transfer
  if (from === null) return null
  const source = parseSource(from)
  if (source.kind === 'file') return { kind: 'file', path: requireReadable(resolve(source.path)) }
  const { directory } = requireCheckpoint(workspace, source.runId, source.step)
  return { kind: 'checkpoint', directory: join(workspace.checkpointsDirectory(source.runId), directory) }
}

/**
 * A run that has yet to read its first weights from this run, or from its checkpoint at `step` when one is named; null
 * when there is none. What it waits for must not be deleted.
 */
export function awaiting(workspace: SourceRecords, runId: RunId, step?: number): AwaitedSource | null {
  const needs = ({ from }: AwaitedSource): boolean => {
    const source = parseSource(from)
    if (source.kind === 'file' || source.runId !== runId) return false
    return step === undefined || source.step === null || source.step === step
  }
  return workspace.runs.awaitedSources().find(needs) ?? null
}

function requireCheckpoint(workspace: SourceRecords, runId: RunId, step: number | null): RecordedCheckpoint {
  const run = workspace.runs.find(runId)
  if (!run) throw runNotFound(runId)
  const runDirectory = workspace.checkpointsDirectory(runId)
  const present = workspace.checkpoints.list(runId).filter((checkpoint) => isPresent(runDirectory, checkpoint))
  const found = step === null ? present[0] : present.find((checkpoint) => checkpoint.step === step)
  if (found) return found
  const steps = present.map((checkpoint) => checkpoint.step).toReversed()
  const others = steps.length > 0 ? `it has those at step ${steps.join(', ')}` : 'it has none'
  const wanted = step === null ? 'checkpoint' : `checkpoint at step ${step}`
  const message = `"${run.name}" has no ${wanted} to take weights from: ${others}.`
  throw new WorkbenchError('checkpoint-missing', message, { runId, step })
}

function requireReadable(path: string): string {
  try {
    accessSync(path, constants.R_OK)
    if (statSync(path).isFile()) return path
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read')
  }
  throw unreadable(path, 'is not a file')
}

function unreadable(path: string, why: string): WorkbenchError {
  const message = `${path} ${why}. The first weights come from a .safetensors file or a model.json.`
  return new WorkbenchError('model-file-unreadable', message, { path })
}
