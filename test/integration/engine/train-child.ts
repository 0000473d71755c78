import { train } from '../../../src-core/engine/training/train.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

/** A process that trains one run as its argument says and prints what came of it. */
export interface ChildJob {
  readonly spec: RunSpec
  readonly checkpointsDirectory: string
  readonly resumeFrom: string | null
  /** Pauses when this step has been recorded; null never. */
  readonly pauseAfter: number | null
}

export interface ChildResult {
  readonly outcome: string
  readonly step: number
  readonly weightsSha256: string
  readonly losses: number[]
}

const job = JSON.parse(process.argv[2]!) as ChildJob
const losses: number[] = []
let paused = false
const { outcome, step, weightsSha256 } = await train({
  ...job,
  control: { requested: () => (paused ? 'pause' : null) },
  reporter: {
    preparing() {},
    started() {},
    record(record) {
      losses.push(record.metrics['train/loss'] ?? Object.values(record.metrics)[0]!)
      paused = record.step === job.pauseAfter
    },
    artifact() {},
    async checkpoint() {},
  },
})
process.stdout.write(JSON.stringify({ outcome, step, weightsSha256, losses } satisfies ChildResult))
