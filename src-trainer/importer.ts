import { toImporterSchema, type FromImporter } from '../src-core/contract/importer-protocol.ts'
import type { ImportProgress } from '../src-core/domain/datasets/import-request.ts'
import type { Port } from './port.ts'
import { serve } from './serve.ts'

const progressMilliseconds = 200

function firstMessage(port: Port<FromImporter>): Promise<unknown> {
  return new Promise((resolve) => port.onMessage(resolve))
}

/** Passes on what is new a few times a second, and the last of it. */
function progressTo(port: Port<FromImporter>): (progress: ImportProgress) => void {
  let toldAt = 0
  return (progress) => {
    const now = performance.now()
    if (now - toldAt < progressMilliseconds && progress.done < progress.total) return
    toldAt = now
    port.send({ type: 'progress', progress })
  }
}

/** Entry of the importer process: reads one folder of untrusted pictures, without TensorFlow. */
void serve<FromImporter>(async (port) => {
  // Loaded late so that a missing decoder is an answer to the owner and not a crash.
  const { importFolder } = await import('../src-core/engine/data/import/import-folder.ts')
  const message = firstMessage(port)
  port.send({ type: 'ready' })
  const { request, id, directory, stagingDirectory } = toImporterSchema.parse(await message)
  const onProgress = progressTo(port)
  const dataset = await importFolder({ request, id, directory, stagingDirectory, onProgress })
  port.send({ type: 'imported', dataset })
  return 0
})
