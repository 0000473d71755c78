/** What time is charged to, in milliseconds. */
export interface Account {
  milliseconds: number
}

export function newAccount(): Account {
  return { milliseconds: 0 }
}

/**
 * Splits the time that passes among accounts: at any moment exactly one of them is charged, the one that was entered
 * last and not yet left. What is nested is therefore never counted twice, and the accounts add up to the whole.
 */
export class Stopwatch {
  private readonly now: () => number
  private readonly waiting: Account[] = []
  private charged: Account
  private since: number

  /** @param now milliseconds on a clock that only goes forward. @param idle charged while nothing is entered. */
  constructor(now: () => number, idle: Account) {
    this.now = now
    this.charged = idle
    this.since = now()
  }

  enter(account: Account): void {
    this.charge()
    this.waiting.push(this.charged)
    this.charged = account
  }

  /** Goes back to what was charged before. @throws Error when nothing was entered. */
  leave(): void {
    const before = this.waiting.pop()
    if (!before) throw new Error('The stopwatch was asked to leave, but nothing was entered.')
    this.charge()
    this.charged = before
  }

  /** Runs `work`, charged to `account` save for what it enters itself. */
  run<T>(account: Account, work: () => T): T {
    this.enter(account)
    try {
      return work()
    } finally {
      this.leave()
    }
  }

  private charge(): void {
    const now = this.now()
    this.charged.milliseconds += now - this.since
    this.since = now
  }
}
