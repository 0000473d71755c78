import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { toWireError } from '../../src-core/domain/errors.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { readings } from './readings.ts'
import type { ReaderData, ReaderReply, ReaderRequest, ReadingName, Readings } from './requests.ts'

/** What the thread keeps is copied into the answer. */
const kept: ReadonlySet<ReadingName> = new Set(['runs'])

/** The buffers of typed arrays in an answer: they are handed over, not copied. */
function buffersIn(value: unknown): ArrayBuffer[] {
  if (value instanceof Float64Array || value instanceof Int32Array) return [value.buffer as ArrayBuffer]
  if (typeof value !== 'object' || value === null) return []
  // A list of texts holds none, and may be long.
  if (Array.isArray(value) && typeof value[0] !== 'object') return []
  return Object.values(value).flatMap(buffersIn)
}

function answer(port: MessagePort, answers: Readings, { id, name, input }: ReaderRequest): void {
  try {
    const value = (answers[name] as (input: unknown) => unknown)(input)
    port.postMessage({ id, value } satisfies ReaderReply, kept.has(name) ? [] : buffersIn(value))
  } catch (error) {
    port.postMessage({ id, error: toWireError(error) } satisfies ReaderReply)
  }
}

/** Reads the record on a connection of its own, so that main never waits for it. */
function serve(port: MessagePort, { directory, nativeBinding }: ReaderData): void {
  const connection = nativeBinding ? { nativeBinding } : {}
  const workspace = openWorkspace(directory, { ...connection, readOnly: true, application: 'the reading thread' })
  const answers = readings(workspace, connection)
  port.on('message', (request: ReaderRequest) => answer(port, answers, request))
}

const data = workerData as Partial<ReaderData> | null
// Only as the thread that it is meant for: the bundler may load this file elsewhere.
if (parentPort && data?.purpose === 'ablate-reader') serve(parentPort, data as ReaderData)
