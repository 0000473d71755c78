import type { StepRecord } from '../src-core/domain/metrics.ts'
import type { Run } from '../src-core/domain/run.ts'
import type { RunServiceListeners } from '../src-core/runs/listeners.ts'
import type { RunService } from '../src-core/runs/run-service.ts'
import { printJson } from './terminal/output.ts'
import { RunProgress } from './terminal/progress.ts'

/** What a training command prints while it goes: lines of JSON, or a progress bar. */
export class TrainStream {
  readonly #json: boolean
  readonly #progress = new RunProgress()
  /** State that was printed last; null before the run's first line. */
  #state: Run['state'] | null = null

  constructor(json: boolean) {
    this.#json = json
  }

  get listeners(): RunServiceListeners {
    return {
      runChanged: (run) => this.#runChanged(run),
      metricsAppended: (_runId, records) => this.#appended(records),
      notice: (level, message) => void process.stderr.write(`ablate: ${level}: ${message}\n`),
    }
  }

  /** The first line: the run as it was recorded. */
  begin(run: Run): void {
    if (this.#json) printJson({ event: 'run', run })
    this.#state = run.state
  }

  end(run: Run): void {
    if (!this.#json) this.#progress.end(run)
  }

  #runChanged(run: Run): void {
    if (this.#state === null) return
    if (!this.#json) this.#progress.show(run)
    else if (run.state !== this.#state) printJson({ event: 'state', state: run.state, step: run.step })
    this.#state = run.state
  }

  #appended(records: readonly StepRecord[]): void {
    if (!this.#json) return
    for (const { step, epoch, metrics } of records) printJson({ event: 'point', step, epoch, metrics })
  }
}

/**
 * Waits until the run has ended or paused. The first SIGINT or SIGTERM asks for a durable pause;
 * a second SIGINT gives up waiting for it.
 */
export async function followRun(service: RunService, runId: string): Promise<Run> {
  let asked = false
  const pause = (): void => {
    if (asked) process.exit(130)
    asked = true
    process.stderr.write('\nPausing: writing a checkpoint ...\n')
    service.pause(runId).catch(() => {})
  }
  process.on('SIGINT', pause)
  process.on('SIGTERM', pause)
  try {
    return await service.settled(runId)
  } finally {
    process.off('SIGINT', pause)
    process.off('SIGTERM', pause)
  }
}
