import type { ImportProgress } from '../../src-core/domain/datasets/import-request.ts'
import { formatDuration, formatInteger } from './format.ts'
import { singleLine } from './output.ts'
import { ProgressDisplay } from './progress-display.ts'

/**
 * Pictures a second and the time left.
 * @param done pictures since the clock began to run.
 */
export function importFigures(
  { total, unreadable, ...now }: ImportProgress,
  done: number,
  milliseconds: number,
): string {
  const rate = (1000 * done) / Math.max(milliseconds, 1)
  const left = total - now.done
  return [
    rate > 0 ? `${formatInteger(Math.round(rate))} pictures/s` : null,
    rate > 0 && left > 0 ? `${formatDuration((1000 * left) / rate)} left` : null,
    unreadable > 0 ? `${formatInteger(unreadable)} left out` : null,
  ]
    .filter((part) => part !== null)
    .join(', ')
}

/** Shows how an import goes, from the first picture on: before it, the process starts and the folder is searched. */
export class ImportDisplay {
  readonly #display = new ProgressDisplay('picture')
  readonly #name: string
  #first: { readonly at: number; readonly done: number } | null = null
  #last: ImportProgress | null = null

  constructor(title: string) {
    this.#name = singleLine(title)
  }

  show(progress: ImportProgress): void {
    this.#first ??= { at: performance.now(), done: progress.done }
    this.#last = progress
    const { done, total } = progress
    const figures = this.#figures(progress)
    // The first message has no rate yet.
    if (figures !== '') this.#display.show({ name: this.#name, done, total, figures })
  }

  end(): void {
    if (!this.#last) return
    const { done, total } = this.#last
    const figures = this.#figures(this.#last)
    this.#display.end({ done, figures }, `${this.#name}: ${formatInteger(done)} of ${formatInteger(total)}, ${figures}`)
  }

  #figures(progress: ImportProgress): string {
    const { at, done } = this.#first!
    return importFigures(progress, progress.done - done, performance.now() - at)
  }
}
