import { SingleBar } from 'cli-progress'
import { remainingTime, type Run } from '../../src-core/domain/run.ts'
import { formatBest, formatDuration, formatNumber } from './format.ts'
import { singleLine } from './output.ts'

const plainLineMilliseconds = 10_000

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
    this.#bar?.update(run.step, { figures: figures(run) })
    this.#bar?.stop()
    this.#bar = null
    this.#write(`${singleLine(run.name)}: ${run.state} at step ${run.step}, ${figures(run)}\n`)
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
      this.#bar.start(total, run.step, { name: singleLine(run.name), figures: figures(run) })
    }
    this.#bar.update(run.step, { figures: figures(run) })
  }

  #showLine(run: Run, total: number): void {
    const now = Date.now()
    if (now - this.#lineAt < plainLineMilliseconds) return
    this.#lineAt = now
    this.#write(`${singleLine(run.name)}: step ${run.step} of ${total}, ${figures(run)}\n`)
  }
}

function figures(run: Run): string {
  const left = remainingTime(run)
  return [
    `${formatNumber(run.imagesPerSecond, 0)} images/s`,
    left === null ? null : `${formatDuration(left)} left`,
    `loss ${formatNumber(run.last['train/loss'])}`,
    run.best ? `best validation ${formatBest(run.best)}` : null,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
