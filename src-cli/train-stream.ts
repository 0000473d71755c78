import type { DatasetInfo } from '../src-core/domain/dataset.ts'
import type { StepRecord } from '../src-core/domain/metrics.ts'
import type { Run } from '../src-core/domain/run.ts'
import type { RunServiceListeners } from '../src-core/runs/listeners.ts'
import type { RunService } from '../src-core/runs/run-service.ts'
import { interruptible } from './interruption.ts'
import { printJson, printNotice } from './terminal/output.ts'
import { RunProgress } from './terminal/progress.ts'

export interface TrainStreamOptions {
  /** Those that exist. */
  readonly datasets: readonly DatasetInfo[]
  /** Lines of JSON instead of a progress bar. */
  readonly json: boolean
  /** Whether every line says of which run it is, where there are several. */
  readonly nameRuns?: boolean
}

/** What a training command prints while it goes: lines of JSON, or a progress bar. */
export class TrainStream {
  readonly #json: boolean
  readonly #nameRuns: boolean
  readonly #progress: RunProgress
  /** The run that is followed, as it was printed last; null before its first line. Others may change meanwhile. */
  #followed: Pick<Run, 'id' | 'state'> | null = null

  constructor({ datasets, json, nameRuns = false }: TrainStreamOptions) {
    this.#progress = new RunProgress(datasets)
    this.#json = json
    this.#nameRuns = nameRuns
  }

  get listeners(): RunServiceListeners {
    return {
      runChanged: (run) => this.#runChanged(run),
      metricsAppended: (runId, records) => this.#appended(runId, records),
      notice: (level, message) => printNotice(`${level}: ${message}`),
    }
  }

  /** The first line: the run as it was recorded. */
  begin(run: Run): void {
    if (this.#json) printJson({ event: 'run', run })
    this.#followed = run
  }

  end(run: Run): void {
    if (!this.#json) this.#progress.end(run)
  }

  #runChanged(run: Run): void {
    if (run.id !== this.#followed?.id) return
    if (!this.#json) this.#progress.show(run)
    else if (run.state !== this.#followed.state) this.#print('state', run.id, { state: run.state, step: run.step })
    this.#followed = run
  }

  #appended(runId: string, records: readonly StepRecord[]): void {
    if (!this.#json || runId !== this.#followed?.id) return
    for (const { step, epoch, metrics } of records) this.#print('point', runId, { step, epoch, metrics })
  }

  #print(event: string, run: string, fields: object): void {
    printJson({ event, ...(this.#nameRuns ? { run } : {}), ...fields })
  }
}

/**
 * Starts a queued run, shows it, and waits until it has ended or paused; other queued runs stay where they are.
 * The first request to end asks for a durable pause.
 */
export function followRun(service: RunService, stream: TrainStream, run: Run): Promise<Run> {
  const pause = (): void => {
    process.stderr.write('\nPausing: writing a checkpoint ...\n')
    service.pause(run.id).catch(() => {})
  }
  stream.begin(run)
  service.startQueue({ only: run.id })
  return interruptible(pause, () => service.settled(run.id))
}
