import { SingleBar } from 'cli-progress'
import { remainingTime, type Run } from '../../src-core/domain/run.ts'
import { findDataset } from '../../src-core/domain/dataset.ts'
import { reconstructionErrorMetric } from '../../src-core/domain/metrics.ts'
import { phaseAt, planWorkload } from '../../src-core/domain/workload.ts'
import { formatBest, formatDuration, formatNumber } from './format.ts'
import { singleLine } from './output.ts'

const plainLineMilliseconds = 10_000

const longestName = 48

/** Enough of the name to know the run by, on one line. */
function shortName({ name }: Run): string {
  const line = singleLine(name)
  return line.length <= longestName ? line : `${line.slice(0, longestName - 12)}…${line.slice(-11)}`
}

/** Shows how a run goes: a bar on a terminal, a line every ten seconds elsewhere. */
export class RunProgress {
  #bar: SingleBar | null = null
  #lineAt = 0
  readonly #write: (text: string) => void

  constructor(write: (text: string) => void = (text) => void process.stderr.write(text)) {
    this.#write = write
  }

  show(run: Run): void {
    if (run.totalSteps === null) return
    if (process.stderr.isTTY) this.#showBar(run, run.totalSteps)
    else this.#showLine(run, run.totalSteps)
  }

  end(run: Run): void {
    this.#bar?.update(run.step, { figures: figures(run, false) })
    this.#bar?.stop()
    this.#bar = null
    this.#write(`${shortName(run)}: ${run.state} at step ${run.step}, ${figures(run, false)}\n`)
  }

  #showBar(run: Run, total: number): void {
    if (!this.#bar) {
      const format = `{name} {bar} {percentage} %  {figures}`
      this.#bar = new SingleBar({
        format,
        stream: process.stderr,
        hideCursor: true,
        barsize: 24,
        stopOnComplete: false,
      })
      this.#bar.start(total, run.step, { name: shortName(run), figures: figures(run) })
    }
    this.#bar.update(run.step, { figures: figures(run) })
  }

  #showLine(run: Run, total: number): void {
    const now = Date.now()
    if (now - this.#lineAt < plainLineMilliseconds) return
    this.#lineAt = now
    this.#write(`${shortName(run)}: step ${run.step} of ${total}, ${figures(run)}\n`)
  }
}

/** What is minimised now: the loss, or the reconstruction error of the layer that is pre-trained. */
function objective(run: Run): string {
  const { layer } = phaseAt(planWorkload(run.spec, findDataset(run.spec.data.dataset)), run.step)
  if (layer === null) return `loss ${formatNumber(run.last['train/loss'])}`
  return `pre-training ${layer}, error ${formatNumber(run.last[reconstructionErrorMetric(layer)])}`
}

function figures(run: Run, training = true): string {
  const left = training ? remainingTime(run) : null
  return [
    `${formatNumber(run.imagesPerSecond, 0)} images/s`,
    left === null ? null : `${formatDuration(left)} left`,
    objective(run),
    run.best ? `best validation ${formatBest(run.best)}` : null,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
