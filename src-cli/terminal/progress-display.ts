import { SingleBar } from 'cli-progress'

const plainLineMilliseconds = 10_000

/** How far something is, in whatever it is counted in. */
export interface Position {
  readonly name: string
  readonly done: number
  readonly total: number
  /** What stands behind it, such as the rate and the time left. */
  readonly figures: string
}

/** Shows how something goes: a bar on a terminal, a line every ten seconds elsewhere. */
export class ProgressDisplay {
  #bar: SingleBar | null = null
  #lineAt = 0
  readonly #unit: string
  readonly #write: (text: string) => void

  /** @param unit the word before the position in a line, such as "step". */
  constructor(unit: string, write: (text: string) => void = (text) => void process.stderr.write(text)) {
    this.#unit = unit
    this.#write = write
  }

  show(position: Position): void {
    if (process.stderr.isTTY) this.#showBar(position)
    else this.#showLine(position)
  }

  /** Ends the bar, if there is one, and says how it ended. */
  end({ done, figures }: Pick<Position, 'done' | 'figures'>, line: string): void {
    this.#bar?.update(done, { figures })
    this.#bar?.stop()
    this.#bar = null
    this.#write(`${line}\n`)
  }

  #showBar({ name, done, total, figures }: Position): void {
    if (!this.#bar) {
      const format = `{name} {bar} {percentage} %  {figures}`
      this.#bar = new SingleBar({
        format,
        stream: process.stderr,
        hideCursor: true,
        barsize: 24,
        stopOnComplete: false,
      })
      this.#bar.start(total, done, { name, figures })
    }
    this.#bar.update(done, { figures })
  }

  #showLine({ name, done, total, figures }: Position): void {
    const now = Date.now()
    if (now - this.#lineAt < plainLineMilliseconds) return
    this.#lineAt = now
    this.#write(`${name}: ${this.#unit} ${done} of ${total}, ${figures}\n`)
  }
}
