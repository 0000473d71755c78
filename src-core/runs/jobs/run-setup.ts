import type { StartTrainer } from '../../contract/trainer-process.ts'
import type { ToTrainer } from '../../contract/trainer-protocol.ts'
import { findDataset } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { AugmentationPreview } from '../../domain/evaluation/artifact.ts'
import { metricNames } from '../../domain/metrics.ts'
import {
  exceedsMemory,
  judge,
  planPreflight,
  type MachineLimits,
  type Preflight,
  type PreflightPlan,
} from '../../domain/preflight/preflight.ts'
import type { Probe } from '../../domain/preflight/probe.ts'
import type { Run } from '../../domain/run.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import type { ReadableWorkspace } from '../../storage/workspace.ts'
import { checkSpec } from '../../domain/spec/check-spec.ts'
import { startOf, type SourceRecords } from '../checkpoints/transfer-source.ts'
import { readMachineLimits } from './machine-limits.ts'
import { NewestJob } from './newest-job.ts'

type ProbeJob = Extract<ToTrainer, { type: 'probe' }>

/** How long drawing a preview may take, in milliseconds. */
const defaultPreviewTime = 60_000
/** How long probing a run may take, in milliseconds: a step of a full AlexNet takes minutes on few cores. */
const defaultPreflightTime = 15 * 60_000

export interface RunSetupOptions {
  readonly workspace: SourceRecords & Pick<ReadableWorkspace, 'directory' | 'datasets'>
  readonly startTrainer: StartTrainer
  readonly threads: () => number | null
  /** Deadlines in milliseconds. */
  readonly times?: { readonly preview?: number | undefined; readonly preflight?: number | undefined }
  /** What the machine has left, for a workspace in this folder. */
  readonly readLimits?: ((directory: string) => MachineLimits) | undefined
}

/** What is asked of a run before it is recorded. It needs the record for reading only, and writes nothing. */
export class RunSetup {
  readonly #options: RunSetupOptions
  readonly #previews: NewestJob<'previewed'>
  readonly #probes: NewestJob<'probed'>

  constructor(options: RunSetupOptions) {
    const { startTrainer, threads, times = {} } = options
    const { preview = defaultPreviewTime, preflight = defaultPreflightTime } = times
    this.#options = options
    this.#previews = new NewestJob({ startTrainer, threads, answer: 'previewed', what: 'preview', time: preview })
    this.#probes = new NewestJob({ startTrainer, threads, answer: 'probed', what: 'preflight', time: preflight })
  }

  /**
   * Draws what augmentation makes of some training images, in a process of its own. One at a time: a newer request
   * takes the place of the older, which is refused as `run-busy`.
   * @throws WorkbenchError as `checkSpec`; `cancelled`; `trainer-died` also when it takes longer than a minute.
   */
  async previewAugmentation(spec: RunSpec): Promise<AugmentationPreview> {
    const job = { type: 'preview', ...this.#checked(spec) } as const
    const { preview } = await this.#previews.do(job)
    return preview
  }

  /** Ends the preview that is being drawn; resolves when its process is gone. */
  cancelPreview(): Promise<undefined> {
    return this.#previews.cancel()
  }

  /**
   * Measures what a run will cost, with some steps in a process of its own, and tells whether it fits. What the
   * network alone shows to be too large is refused without a step. One at a time, as previews.
   *
   * While another run trains, the steps are slower than they will be, and slow it down; the answer says so. Refusing
   * would be worse: runs are set up while others train.
   * @throws WorkbenchError as `checkSpec`; `run-not-found`, `checkpoint-missing`, `model-file-unreadable` where the
   * first weights shall come from; `run-busy` when the run that trains leaves too little memory to measure beside it;
   * `cancelled`; `trainer-died`; what the trainer reports.
   */
  async preflight(value: RunSpec): Promise<Preflight> {
    const { workspace } = this.#options
    const { spec, datasetDirectory } = this.#checked(value)
    const startFrom = startOf(workspace, spec)
    const { plan, limits: free } = this.#planned(spec)
    const trainingBefore = this.#training()
    // A run that trains will be over when this one begins: what it uses is to be had then.
    const used = trainingBefore.reduce((sum, { last }) => sum + (last[metricNames.memory] ?? 0) * 2 ** 20, 0)
    const limits = { ...free, memory: free.memory + used }
    if (exceedsMemory(plan, limits)) return judge({ plan, limits, found: 'estimated', besideTraining: false })
    if (exceedsMemory(plan, free)) throw noRoomBeside()
    const found = await this.#probe({ type: 'probe', spec, datasetDirectory, startFrom })
    const besideTraining = trainingBefore.length > 0 || this.#training().length > 0
    if (found === 'exhausted' && besideTraining) throw noRoomBeside()
    return judge({ plan, limits, found, besideTraining })
  }

  /**
   * The refusal of a run whose network alone shows that it cannot fit; null for one that may fit. Takes no step.
   * @throws WorkbenchError as `checkSpec`.
   */
  refusal(value: RunSpec): Preflight | null {
    const { plan, limits } = this.#planned(this.#checked(value).spec)
    return exceedsMemory(plan, limits) ? judge({ plan, limits, found: 'estimated', besideTraining: false }) : null
  }

  #planned(spec: RunSpec): { plan: PreflightPlan; limits: MachineLimits } {
    const { workspace, readLimits = readMachineLimits } = this.#options
    const plan = planPreflight(spec, findDataset(spec.data.dataset, workspace.datasets.list()))
    return { plan, limits: readLimits(workspace.directory) }
  }

  /** A spec that may be used, with the folder of its data set. */
  #checked(value: RunSpec): { spec: RunSpec; datasetDirectory: string | null } {
    const { datasets } = this.#options.workspace
    const { spec } = checkSpec(value, datasets.list())
    return { spec, datasetDirectory: datasets.directoryOf(spec.data.dataset) }
  }

  #training(): Run[] {
    const { runs } = this.#options.workspace
    return runs.active().flatMap((id) => runs.find(id) ?? [])
  }

  async #probe(job: ProbeJob): Promise<Probe | 'exhausted'> {
    try {
      return (await this.#probes.do(job)).probe
    } catch (error) {
      if (ranOutOfMemory(error)) return 'exhausted'
      throw error
    }
  }

  /** Ends the probe that is under way; resolves when its process is gone. */
  cancelPreflight(): Promise<undefined> {
    return this.#probes.cancel()
  }

  /** Ends what is under way at once and refuses what waits and what comes. */
  async close(): Promise<void> {
    await Promise.all([this.#previews.close(), this.#probes.close()])
  }
}

function noRoomBeside(): WorkbenchError {
  const message =
    'The run that trains now leaves too little memory to measure this one beside it. Measure it afterwards.'
  return new WorkbenchError('run-busy', message)
}

/** Whether a trainer said so, or ended as the system ends a process when memory is used up. */
function ranOutOfMemory(error: unknown): boolean {
  if (!(error instanceof WorkbenchError)) return false
  if (error.code === 'out-of-memory') return true
  const { signal, code, stderr } = error.details
  if (error.code !== 'trainer-died') return false
  return signal === 'SIGKILL' || code === 137 || /bad_alloc|out of memory/i.test(String(stderr ?? ''))
}
