import { prepareRun } from '../../src-core/engine/training/prepare-run.ts'
import { servePeer } from '../peers/protocol.ts'
import type { PicturesTask } from './task.ts'

/**
 * Serves training steps of the same run from its pictures on the disk, or on one batch that stays in memory. The way is
 * the second argument.
 */
const { spec, datasetDirectory } = JSON.parse(process.argv[2]!) as PicturesTask
const prepared = await prepareRun({
  spec,
  datasetDirectory,
  resumeFrom: null,
  startFrom: null,
  reporter: { preparing() {} },
  now: () => performance.now(),
  profile: false,
})
const { run, batches } = prepared

if (process.argv[3] === 'memory') {
  const batch = await batches.trainingBatch(0)
  batches.trainingBatch = () => Promise.resolve(batch)
  batches.disposeTrainingBatch = () => {}
}

async function step(): Promise<void> {
  const { divergence } = await run.nextStep()
  if (divergence) throw new Error(`The run diverged: ${divergence.what}.`)
}

await step()
await servePeer(step)
