import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { toWireError, type WireError } from '../../../domain/errors.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import { openDataset } from '../open-dataset.ts'
import { floatBatches, type FloatBatch, type MakeFloatBatch } from './float-batches.ts'

/** What a thread is started with. */
export interface BatchWorkerData {
  readonly purpose: 'ablate-batches'
  readonly spec: RunSpec
  readonly datasetDirectory: string | null
}

/** Asks for the batch of the step after so many, or gives memory back that a batch was in. */
export type BatchRequest = { readonly step: number } | { readonly recycled: FloatBatch['floats'] }

/** The answer to one request. The memory of a batch is handed over, not copied. */
export type BatchReply = { readonly step: number } & ({ readonly batch: FloatBatch } | { readonly error: WireError })

/** Memory that was given back: filling it costs less than filling what the system must clear first. */
const spare: FloatBatch['floats'][] = []

async function open({ spec, datasetDirectory }: BatchWorkerData): Promise<MakeFloatBatch> {
  return floatBatches(spec, await openDataset(spec.data.dataset, datasetDirectory))
}

async function answer(port: MessagePort, batches: Promise<MakeFloatBatch>, step: number): Promise<void> {
  try {
    const make = await batches
    const batch = make(step, spare.pop())
    const { floats, labels, indices } = batch
    port.postMessage({ step, batch } satisfies BatchReply, [floats.buffer, labels.buffer, indices.buffer])
  } catch (error) {
    port.postMessage({ step, error: toWireError(error) } satisfies BatchReply)
  }
}

function serve(port: MessagePort, data: BatchWorkerData): void {
  const batches = open(data)
  // Every request is answered with the reason; without one nobody asks.
  batches.catch(() => {})
  port.on('message', (request: BatchRequest) => {
    if ('recycled' in request) spare.push(request.recycled)
    else void answer(port, batches, request.step)
  })
}

const data = workerData as BatchWorkerData | null
if (parentPort && data?.purpose === 'ablate-batches') serve(parentPort, data)
