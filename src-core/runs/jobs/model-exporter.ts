import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { StartTrainer, TrainerProcess } from '../../contract/trainer-process.ts'
import type { ToTrainer } from '../../contract/trainer-protocol.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { ExportFormat, ExportRecord, ExportResult } from '../../domain/model-export.ts'
import { slug } from '../../domain/ids.ts'
import type { Run } from '../../domain/run.ts'
import type { RecordedCheckpoint } from '../../storage/records/checkpoints.ts'
import { isPresent } from '../checkpoints/checkpoint-files.ts'
import { temporaryName } from './unfinished-folders.ts'
import type { RunServiceListeners } from '../listeners.ts'
import type { RunRecorder } from '../run-recorder.ts'
import { doJob, startProcess, trainerJob } from './one-job.ts'

type ExportJob = Extract<ToTrainer, { type: 'export' }>

/** How long an exporting process may live on after its last message, in milliseconds. */
const exitTime = 10_000

/** Exports checkpoints, one at a time, each in a process of its own. */
export class ModelExporter {
  readonly #recorder: RunRecorder
  readonly #startTrainer: StartTrainer
  readonly #listeners: RunServiceListeners
  readonly #inUse = new Map<string, number>()
  #previous: Promise<unknown> = Promise.resolve()
  #trainer: TrainerProcess | null = null
  #closed = false

  constructor(recorder: RunRecorder, startTrainer: StartTrainer, listeners: RunServiceListeners) {
    this.#recorder = recorder
    this.#startTrainer = startTrainer
    this.#listeners = listeners
  }

  /** Whether this checkpoint, or any of the run's when none is named, waits to be exported or just is. */
  isInUse(runId: string, directory?: string): boolean {
    const keys = [...this.#inUse.keys()]
    return keys.some((key) => (directory ? key === `${runId}/${directory}` : key.startsWith(`${runId}/`)))
  }

  /**
   * Exports the newest checkpoint of a run; resolves when the files were loaded back, compared and recorded.
   * @throws WorkbenchError `checkpoint-missing`, `export-exists`, `export-mismatch`, `trainer-died`, …
   */
  async export(run: Run, format: ExportFormat, outDirectory?: string): Promise<ExportRecord> {
    const checkpoint = this.#newestCheckpoint(run)
    const directory = resolve(outDirectory ?? this.#defaultDirectory(run, checkpoint.step))
    const key = `${run.id}/${checkpoint.directory}`
    this.#inUse.set(key, (this.#inUse.get(key) ?? 0) + 1)
    const exported = this.#previous.then(() => this.#run(run, checkpoint, format, directory))
    this.#previous = exported.catch(() => {})
    try {
      return await exported
    } finally {
      const users = this.#inUse.get(key)! - 1
      if (users === 0) this.#inUse.delete(key)
      else this.#inUse.set(key, users)
    }
  }

  /** Ends a running export at once and refuses those that wait. */
  async close(): Promise<void> {
    this.#closed = true
    this.#trainer?.kill()
    await this.#previous
  }

  #newestCheckpoint(run: Run): RecordedCheckpoint {
    const { workspace } = this.#recorder
    const runDirectory = workspace.checkpointsDirectory(run.id)
    const found = workspace.checkpoints.list(run.id).find((checkpoint) => isPresent(runDirectory, checkpoint))
    if (found) return found
    const message = `"${run.name}" has no checkpoint to export yet. Train it, then pause it or let it finish.`
    throw new WorkbenchError('checkpoint-missing', message, { runId: run.id })
  }

  #defaultDirectory(run: Run, step: number): string {
    const name = [slug(run.name), run.id, 'step', step].filter((part) => part !== '').join('-')
    return join(this.#recorder.workspace.exportsDirectory, name)
  }

  async #run(
    run: Run,
    checkpoint: RecordedCheckpoint,
    format: ExportFormat,
    outDirectory: string,
  ): Promise<ExportRecord> {
    if (this.#closed) throw cancelled()
    requireFree(outDirectory)
    const checkpointDirectory = join(this.#recorder.workspace.checkpointsDirectory(run.id), checkpoint.directory)
    const folders = { outDirectory, temporaryDirectory: temporaryName(outDirectory, 'export') }
    const result = await this.#inProcess(run, {
      type: 'export',
      spec: run.spec,
      datasetDirectory: this.#recorder.workspace.datasets.directoryOf(run.spec.data.dataset),
      checkpointDirectory,
      format,
      ...folders,
    })
    try {
      return this.#recordExport(run, checkpoint, format, result)
    } catch (error) {
      // The trainer has just made this folder. Before its answer, whatever has the name is somebody else's.
      await rm(outDirectory, { recursive: true, force: true })
      throw error
    }
  }

  #recordExport(
    run: Run,
    { step }: RecordedCheckpoint,
    format: ExportFormat,
    { directory, files, check }: ExportResult,
  ): ExportRecord {
    const { workspace, now } = this.#recorder
    const bytes = files.reduce((total, file) => total + file.bytes, 0)
    const record = workspace.write(() => {
      this.#recorder.note(run.id, 'export', `Exported step ${step} as ${format} to ${directory}.`)
      return workspace.exports.add({ runId: run.id, format, step, directory, bytes, files, check, createdAt: now() })
    })
    this.#listeners.exportCreated?.(record)
    return record
  }

  /** One export in a process of its own; what it leaves half-written, however it ends, is removed. */
  async #inProcess(run: Run, job: ExportJob): Promise<ExportResult> {
    this.#listeners.exportProgress?.(run.id, 'Starting')
    const threads = this.#recorder.workspace.runs.requestedThreads(run.id)
    const trainer = startProcess(this.#startTrainer, threads)
    this.#trainer = trainer
    const onStage = (stage: string): void => this.#listeners.exportProgress?.(run.id, stage)
    try {
      const { result } = await doJob(trainer, { ...trainerJob(job, onStage), answer: 'exported', exitTime })
      return result
    } catch (error) {
      throw this.#closed ? cancelled() : error
    } finally {
      await rm(job.temporaryDirectory, { recursive: true, force: true })
    }
  }
}

/** @throws WorkbenchError `export-exists` when something is in the target folder. */
function requireFree(directory: string): void {
  if (!existsSync(directory) || readdirSync(directory).length === 0) return
  const message = `${directory} already holds files. Choose another folder, or move them away first.`
  throw new WorkbenchError('export-exists', message, { directory })
}

function cancelled(): WorkbenchError {
  return new WorkbenchError('trainer-died', 'The export was given up because Ablate was closed.')
}
