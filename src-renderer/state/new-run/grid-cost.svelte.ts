import type { Client } from '../../../src-core/contract/client.ts'
import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import { toWireError } from '../../../src-core/domain/errors.ts'
import { chooseProbes, gridCost, probeGroups, type GridCost } from '../../../src-core/domain/grid/cost.ts'
import type { Preflight } from '../../../src-core/domain/preflight/preflight.ts'
import type { MeasuredTime } from '../../../src-core/domain/preflight/run-time.ts'
import { misfitReason } from '../../../src-core/domain/preflight/words.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

type Status = 'idle' | 'measuring' | 'shown'

/** What all runs of a grid or an ablation cost: some steps of each network and batch size, one after another. */
export class GridCostCheck {
  status = $state<Status>('idle')
  /** Probes that are done, and how many there are. */
  done = $state(0)
  probes = $state(0)
  result = $state.raw<GridCost | null>(null)
  /** Networks that do not fit or could not be measured, each in a sentence. */
  problems = $state.raw<readonly string[]>([])
  besideTraining = $state(false)
  private measured = $state('')
  private readonly client: Client
  private readonly datasets: () => readonly DatasetInfo[]
  private question = 0

  constructor(client: Client, datasets: () => readonly DatasetInfo[]) {
    this.client = client
    this.datasets = datasets
  }

  /** Probes the runs; what is found so far shows while it goes on. */
  async measure(specs: readonly RunSpec[]): Promise<void> {
    const question = ++this.question
    const groups = probeGroups(specs)
    const chosen = chooseProbes(groups)
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
    const times = new Map<number, MeasuredTime>()
    Object.assign(this, { status: 'measuring', done: 0, probes: chosen.length, problems: [], besideTraining: false })
    for (const index of chosen) {
      const time = await this.probe(groups[index]!.spec, () => question === this.question)
      if (question !== this.question) return
      if (time) times.set(index, time)
      this.done += 1
      this.result = gridCost(specs, groups, times, this.datasets())
      this.measured = JSON.stringify(specs)
    }
    this.status = 'shown'
  }

  private async probe(spec: RunSpec, isWanted: () => boolean): Promise<MeasuredTime | null> {
    const what = `With ${spec.training.batchSize} images per step`
    try {
      const found: Preflight = await this.client.call('preflight.measure', { spec })
      if (!isWanted()) return null
      this.besideTraining ||= found.besideTraining
      if (!found.fits) this.problems = [...this.problems, `${what} it does not fit: ${misfitReason(found)}.`]
      return found.time
    } catch (error) {
      if (isWanted())
        this.problems = [...this.problems, `${what} it could not be measured: ${toWireError(error).message}`]
      return null
    }
  }

  /** Gives up what is being measured; what is known stays. */
  cancel(): void {
    if (this.status !== 'measuring') return
    this.question += 1
    this.status = this.result ? 'shown' : 'idle'
    // Whether it ended by this or by itself no longer matters to anybody.
    this.client.call('preflight.cancel').catch(() => {})
  }

  /** Whether the result is about other runs than these. */
  isStale(specs: readonly RunSpec[]): boolean {
    return this.result !== null && JSON.stringify(specs) !== this.measured
  }
}
