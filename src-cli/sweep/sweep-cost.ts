import { WorkbenchError } from '../../src-core/domain/errors.ts'
import {
  chooseProbes,
  gridCost,
  hoursText,
  probeGroups,
  type GridCost,
  type ProbeGroup,
} from '../../src-core/domain/grid/cost.ts'
import type { MeasuredTime } from '../../src-core/domain/preflight/run-time.ts'
import { misfitReason } from '../../src-core/domain/preflight/words.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { RunSetup } from '../../src-core/runs/jobs/run-setup.ts'
import { interruptible } from '../interruption.ts'
import { startNodeTrainer } from '../node-trainer.ts'
import { formatInteger } from '../terminal/format.ts'
import { datasetsOf, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

export interface SweepCost extends GridCost {
  /** Why networks could not be measured or will not fit, each in a sentence. */
  readonly problems: readonly string[]
  readonly besideTraining: boolean
}

/**
 * What all runs cost, from a few steps of each network and batch size in a process of its own; records nothing.
 * @throws WorkbenchError `cancelled` when the command is asked to end meanwhile.
 */
export async function sweepCost(specs: readonly RunSpec[], options: WorkspaceOptions): Promise<SweepCost> {
  const groups = probeGroups(specs)
  const times = new Map<number, MeasuredTime>()
  const problems: string[] = []
  let besideTraining = false
  await readWorkspace(options, async (workspace) => {
    const threads = (): number | null => options.threads ?? workspace.settings.get().threads
    const setup = new RunSetup({ workspace, startTrainer: startNodeTrainer, threads })
    await interruptible(
      () => void setup.cancelPreflight(),
      async () => {
        for (const index of chooseProbes(groups)) {
          const found = await probe(setup, groups[index]!)
          if (found.time) times.set(index, found.time)
          if (found.problem !== null) problems.push(found.problem)
          besideTraining ||= found.besideTraining
        }
      },
    )
  })
  return { ...gridCost(specs, groups, times, datasetsOf(options)), problems, besideTraining }
}

interface Found {
  readonly time: MeasuredTime | null
  readonly problem: string | null
  readonly besideTraining: boolean
}

async function probe(setup: RunSetup, { spec }: ProbeGroup): Promise<Found> {
  const what = `${spec.recipe} with ${spec.training.batchSize} images per step`
  try {
    const found = await setup.preflight(spec)
    const problem = found.fits ? null : `${what} does not fit: it ${misfitReason(found)}.`
    return { time: found.time, problem, besideTraining: found.besideTraining }
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code === 'cancelled') throw error
    return { time: null, problem: `${what} could not be measured: ${error.message}`, besideTraining: false }
  }
}

export function costJson({ time, measured, estimated, steps, problems, besideTraining }: SweepCost) {
  const hours = time === null ? null : time / 3_600_000
  return { hours, steps, networksMeasured: measured, networksEstimated: estimated, problems, besideTraining }
}

/** "About 4 h 10 min for 12,000 steps, one run after the other." and on what that rests. */
export function costLines({ time, measured, estimated, steps, problems, besideTraining }: SweepCost): string[] {
  const total = `${formatInteger(steps)} steps, one run after the other.`
  const basis = `Measured with three steps of ${measured} ${measured === 1 ? 'network' : 'networks'}`
  const others = estimated > 0 ? `, ${estimated} more estimated by their multiply-accumulates` : ''
  return [
    time === null ? total : `About ${hoursText(time)} for ${total} ${basis}${others}.`,
    ...(besideTraining ? ['Measured while another run trains: alone it will be faster.'] : []),
    ...problems,
  ]
}
