import { explain } from '../lib/error-hints.ts'

export interface Notice {
  readonly id: number
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const shownFor = 6_000
/** Long enough to notice a mistake and reach the button. */
const undoableFor = 12_000

/** What the window has to say: successes fade, warnings and errors stay until they are dismissed. */
export class Notices {
  kept = $state.raw<readonly Notice[]>([])
  passing = $state.raw<Notice | null>(null)
  private nextId = 1
  private timer: ReturnType<typeof setTimeout> | undefined

  say(message: string, action?: Notice['action']): void {
    clearTimeout(this.timer)
    this.passing = { id: this.nextId++, level: 'info', message, action }
    this.timer = setTimeout(() => this.fade(), action ? undoableFor : shownFor)
  }

  warn(message: string): void {
    this.keep('warning', message)
  }

  fail(thrown: unknown): void {
    this.keep('error', explain(thrown))
  }

  add(level: Notice['level'], message: string): void {
    if (level === 'info') this.say(message)
    else this.keep(level, message)
  }

  dismiss(id: number): void {
    this.kept = this.kept.filter((notice) => notice.id !== id)
  }

  fade(): void {
    clearTimeout(this.timer)
    this.passing = null
  }

  /** Does the action of the passing message, such as Undo, once. */
  act(): void {
    const action = this.passing?.action
    this.fade()
    action?.run()
  }

  /** Waits for a promise; a failure becomes a notice and null. */
  async attempt<Value>(promise: Promise<Value>): Promise<Value | null> {
    try {
      return await promise
    } catch (error) {
      this.fail(error)
      return null
    }
  }

  private keep(level: 'warning' | 'error', message: string): void {
    const others = this.kept.filter((notice) => notice.message !== message)
    this.kept = [...others, { id: this.nextId++, level, message }]
  }
}
