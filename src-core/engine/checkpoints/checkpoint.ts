import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointInfo } from '../../domain/checkpoint.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import type { Tensor } from '../backend.ts'
import { jsonBytes, publishDirectory, writeDurably, type FileFacts } from '../files/durable-files.ts'
import { layOut, tensorBytes, tensorFromBytes, type NamedTensor, type TensorEntry } from '../files/tensor-file.ts'
import {
  checkpointFiles,
  checkpointManifestSchema,
  checkpointStateSchema,
  checkpointVersion,
  type CheckpointManifest,
  type CheckpointState,
  type TrainingProgress,
} from './checkpoint-format.ts'

export interface CheckpointContent {
  readonly spec: RunSpec
  readonly progress: TrainingProgress
  readonly weights: readonly NamedTensor[]
  /** What the optimizer keeps between two steps. */
  readonly slots: readonly NamedTensor[]
}

/** The folder name of a checkpoint. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(9, '0')}`
}

async function writeFiles(directory: string, content: CheckpointContent): Promise<FileFacts[]> {
  const { spec, progress, weights, slots } = content
  const state: CheckpointState = {
    version: checkpointVersion,
    spec,
    progress,
    weights: layOut(weights),
    slots: layOut(slots),
  }
  return [
    await writeDurably(join(directory, checkpointFiles.weights), tensorBytes(weights)),
    await writeDurably(join(directory, checkpointFiles.optimizer), tensorBytes(slots)),
    await writeDurably(join(directory, checkpointFiles.state), [jsonBytes(state)]),
  ]
}

/**
 * Writes a checkpoint below `parent`. It appears under its name in one rename, when every byte is on the disk:
 * a crash at any moment leaves either nothing but a `.tmp` folder or the whole checkpoint.
 * @throws WorkbenchError `disk-full`; the file system's own errors. Nothing is left behind then.
 */
export async function writeCheckpoint(
  parent: string,
  content: CheckpointContent,
  reason: CheckpointInfo['reason'],
): Promise<CheckpointInfo> {
  const { step, epoch, best, activeTime } = content.progress
  const directory = checkpointName(step)
  const temporary = join(parent, `${directory}.tmp`)
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  try {
    const files = await writeFiles(temporary, content)
    const manifest: CheckpointManifest = { format: 'ablate-checkpoint', version: checkpointVersion, files }
    const manifestFile = await writeDurably(join(temporary, checkpointFiles.manifest), [jsonBytes(manifest)])
    // A crash before this checkpoint was recorded can have left one of the same step.
    await rm(join(parent, directory), { recursive: true, force: true })
    await publishDirectory(temporary, join(parent, directory))
    const bytes = [...files, manifestFile].reduce((total, file) => total + file.bytes, 0)
    return { directory, step, epoch, bytes, manifestSha256: manifestFile.sha256, reason, best, activeTime }
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}

/** A checkpoint whose every byte has been verified. */
export interface Checkpoint {
  readonly state: CheckpointState
  /** Makes the tensors of the file anew on each call; the caller disposes of them. */
  readWeights(): Map<string, Tensor>
  readSlots(): Map<string, Tensor>
}

function damaged(directory: string, problem: string): WorkbenchError {
  return new WorkbenchError('checkpoint-damaged', `The checkpoint ${directory} is damaged: ${problem}.`, { directory })
}

async function readManifest(directory: string): Promise<CheckpointManifest> {
  const text = await readFile(join(directory, checkpointFiles.manifest), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw damaged(directory, 'it has no manifest')
      throw error
    },
  )
  return parseJson(directory, checkpointFiles.manifest, text, checkpointManifestSchema)
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false }
}

function parseJson<T>(directory: string, file: string, text: string, schema: Schema<T>): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged(directory, `${file} is not JSON`)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw damaged(directory, `${file} does not have the form of this version`)
  return parsed.data
}

async function readVerified(directory: string, manifest: CheckpointManifest, name: string): Promise<Buffer> {
  const listed = manifest.files.find((file) => file.name === name)
  if (!listed) throw damaged(directory, `its manifest does not list ${name}`)
  const content = await readFile(join(directory, name)).catch((error: NodeJS.ErrnoException) => {
    throw damaged(directory, `${name} cannot be read (${error.code})`)
  })
  if (content.length !== listed.bytes) {
    throw damaged(directory, `${name} has ${content.length} bytes instead of ${listed.bytes}`)
  }
  const sha256 = createHash('sha256').update(content).digest('hex')
  if (sha256 !== listed.sha256) throw damaged(directory, `the contents of ${name} have changed`)
  return content
}

function tensors(bytes: Buffer, entries: readonly TensorEntry[]): Map<string, Tensor> {
  return new Map(entries.map((entry) => [entry.name, tensorFromBytes(bytes, entry)]))
}

/**
 * Reads a checkpoint of any run and verifies sizes and SHA-256 of all its files. One of version 1 comes as one of
 * the present version.
 * @throws WorkbenchError `checkpoint-missing`, or `checkpoint-damaged` saying which file and how.
 */
export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  if (!existsSync(directory)) {
    throw new WorkbenchError('checkpoint-missing', `There is no checkpoint at ${directory}.`, { directory })
  }
  const manifest = await readManifest(directory)
  const stateText = (await readVerified(directory, manifest, checkpointFiles.state)).toString('utf8')
  const state = parseJson(directory, checkpointFiles.state, stateText, checkpointStateSchema)
  const weights = await readVerified(directory, manifest, checkpointFiles.weights)
  const slots = await readVerified(directory, manifest, checkpointFiles.optimizer)
  return {
    state,
    readWeights: () => tensors(weights, state.weights),
    readSlots: () => tensors(slots, state.slots),
  }
}
