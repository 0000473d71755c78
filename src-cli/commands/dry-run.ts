import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { planArchitecture } from '../../src-core/domain/network/architecture.ts'
import type { Preflight } from '../../src-core/domain/preflight/preflight.ts'
import { misfitAdvice, misfitReason, ofAvailable } from '../../src-core/domain/preflight/words.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { RunSetup } from '../../src-core/runs/jobs/run-setup.ts'
import { interruptible } from '../interruption.ts'
import { startNodeTrainer } from '../node-trainer.ts'
import { formatDuration, formatInteger } from '../terminal/format.ts'
import { printJson, printLine, printPairs } from '../terminal/output.ts'
import { readWorkspace, type WorkspaceOptions } from '../workspace.ts'

/**
 * Measures a run without recording it, also while the window owns the record, and prints what it would cost.
 * @throws WorkbenchError `does-not-fit` naming the option that makes it fit; as `RunSetup.preflight`.
 */
export async function dryRun(spec: RunSpec, options: WorkspaceOptions): Promise<void> {
  const preflight = await readWorkspace(options, async (workspace) => {
    const threads = (): number | null => options.threads ?? workspace.settings.get().threads
    const setup = new RunSetup({ workspace, startTrainer: startNodeTrainer, threads })
    return interruptible(
      () => void setup.cancelPreflight(),
      () => setup.preflight(spec),
    )
  })
  if (options.json) printJson(preflightJson(spec, preflight))
  else printPreflight(spec, preflight)
  if (!preflight.fits) throw doesNotFit(spec, preflight)
}

function preflightJson({ recipe }: RunSpec, preflight: Preflight) {
  const { fits, lacks, batchSize, proposedBatchSize, memory, disk, time, device, threads, besideTraining } = preflight
  return {
    recipe,
    fits,
    lacks,
    batchSize,
    proposedBatchSize,
    imagesPerSecond: time?.imagesPerSecond ?? null,
    epochSeconds: time && time.epoch / 1000,
    runSeconds: time && time.run / 1000,
    memory: { neededBytes: memory.needed, availableBytes: memory.available, basis: memory.basis },
    disk: { neededBytes: disk.needed, availableBytes: disk.available },
    device,
    threads,
    besideTraining,
  }
}

const bases: Readonly<Record<Preflight['memory']['basis'], string>> = {
  measured: '',
  estimated: ', estimated from the network; no step was taken',
  exhausted: ', all of which the first steps used up',
}

function printPreflight({ recipe, model }: RunSpec, preflight: Preflight): void {
  const { batchSize, time, memory, disk, device, threads, besideTraining } = preflight
  const onWhat = device === 'gpu' ? 'on the GPU' : `on ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  printPairs([
    ['Network', `${recipe}, ${formatInteger(planArchitecture(model).params)} parameters`],
    ['Batch', `${formatInteger(batchSize)} images`],
    ['Images per second', time ? `${formatInteger(Math.round(time.imagesPerSecond))} ${onWhat}` : '-'],
    ['Time per epoch', time ? `${formatDuration(time.epoch)}, validation included` : '-'],
    ['Time for the run', time ? formatDuration(time.run) : '-'],
    ['Peak memory', ofAvailable(memory) + bases[memory.basis]],
    ['Disk', `${ofAvailable(disk)}, for checkpoints`],
  ])
  if (besideTraining) printLine('Measured while another run trains: alone it will be faster.')
  if (preflight.fits) printLine('It fits.')
}

/** Says in words that a run does not fit, and with which batch it would. */
export function doesNotFit({ recipe }: RunSpec, preflight: Preflight): WorkbenchError {
  const { proposedBatchSize, batchSize } = preflight
  const advice =
    proposedBatchSize === null ? misfitAdvice(preflight) : `It fits with --set training.batchSize=${proposedBatchSize}.`
  const message = `${recipe} with ${batchSize} images per step ${misfitReason(preflight)}. ${advice}`
  return new WorkbenchError('does-not-fit', message, { batchSize, proposedBatchSize })
}
