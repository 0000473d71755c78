import type { RunId } from '../domain/ids.ts'
import type { Run } from '../domain/run.ts'

/** Least time between two announcements of mere progress of one run, in milliseconds. */
const progressInterval = 250

/** Tells listeners of changed runs: states at once, progress at most four times a second per run. */
export class RunAnnouncer {
  readonly #find: (id: RunId) => Run | null
  readonly #tell: (run: Run) => void
  readonly #toldAt = new Map<RunId, number>()
  readonly #waiting = new Map<RunId, NodeJS.Timeout>()

  constructor(find: (id: RunId) => Run | null, tell: (run: Run) => void) {
    this.#find = find
    this.#tell = tell
  }

  /** Announces a run now. */
  changed(id: RunId): void {
    clearTimeout(this.#waiting.get(id))
    this.#waiting.delete(id)
    this.#toldAt.set(id, performance.now())
    const run = this.#find(id)
    if (run) this.#tell(run)
    else this.#toldAt.delete(id)
  }

  /** Announces a run now, or as soon as the interval has passed. */
  progressed(id: RunId): void {
    if (this.#waiting.has(id)) return
    const wait = (this.#toldAt.get(id) ?? -Infinity) + progressInterval - performance.now()
    if (wait <= 0) this.changed(id)
    else this.#waiting.set(id, setTimeout(() => this.changed(id), wait).unref())
  }

  /** Announces at once what still waits. */
  flush(): void {
    for (const id of [...this.#waiting.keys()]) this.changed(id)
  }
}
