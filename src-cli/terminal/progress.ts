import { remainingTime, type Run } from '../../src-core/domain/run.ts'
import type { DatasetInfo } from '../../src-core/domain/dataset.ts'
import { reconstructionErrorMetric } from '../../src-core/domain/metrics.ts'
import { phaseAt, planWorkload } from '../../src-core/domain/workload.ts'
import { formatBest, formatDuration, formatNumber } from './format.ts'
import { singleLine } from './output.ts'
import { ProgressDisplay } from './progress-display.ts'

const longestName = 48

/** Enough of the name to know the run by, on one line. */
function shortName({ name }: Run): string {
  const line = singleLine(name)
  return line.length <= longestName ? line : `${line.slice(0, longestName - 12)}…${line.slice(-11)}`
}

/** Shows how a run goes. */
export class RunProgress {
  readonly #display = new ProgressDisplay('step')
  readonly #datasets: readonly DatasetInfo[]

  /** @param datasets those that exist: with them it is known where in a run its phases lie. */
  constructor(datasets: readonly DatasetInfo[]) {
    this.#datasets = datasets
  }

  show(run: Run): void {
    if (run.totalSteps === null) return
    const { step: done, totalSteps: total } = run
    this.#display.show({ name: shortName(run), done, total, figures: this.#figures(run) })
  }

  end(run: Run): void {
    const figures = this.#figures(run, false)
    this.#display.end({ done: run.step, figures }, `${shortName(run)}: ${run.state} at step ${run.step}, ${figures}`)
  }

  #figures(run: Run, training = true): string {
    const left = training ? remainingTime(run) : null
    return [
      `${formatNumber(run.imagesPerSecond, 0)} images/s`,
      left === null ? null : `${formatDuration(left)} left`,
      this.#objective(run),
      run.best ? `best validation ${formatBest(run.best)}` : null,
    ]
      .filter((part) => part !== null)
      .join(', ')
  }

  /** What is minimised now: the loss, or the reconstruction error of the layer that is pre-trained. */
  #objective(run: Run): string {
    const dataset = this.#datasets.find(({ id }) => id === run.spec.data.dataset)
    const layer = dataset ? phaseAt(planWorkload(run.spec, dataset), run.step).layer : null
    if (layer === null) return `loss ${formatNumber(run.last['train/loss'])}`
    return `pre-training ${layer}, error ${formatNumber(run.last[reconstructionErrorMetric(layer)])}`
  }
}
