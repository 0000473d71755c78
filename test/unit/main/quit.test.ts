import { EventEmitter } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { quitInOrder } from '../../../src-main/quit.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

class FakeApp extends EventEmitter {
  readonly exits: number[] = []
  quitsRefused = 0
  hasQuit = false
  quit(): void {
    let prevented = false
    this.emit('before-quit', { preventDefault: () => (prevented = true) })
    if (prevented) this.quitsRefused += 1
    else this.hasQuit = true
  }
  exit(code: number): void {
    this.exits.push(code)
  }
}

function setUp(close: () => Promise<void>) {
  const app = new FakeApp()
  const quit = quitInOrder({ app: app as never, close, deadlineMilliseconds: 1000, log })
  return { app, quit }
}

afterEach(() => {
  vi.useRealTimers()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.removeAllListeners(signal)
})

describe('quitting', () => {
  it('closes once, keeps the windows until then, and then quits', async () => {
    const close = vi.fn(() => Promise.resolve())
    const { app, quit } = setUp(close)
    app.quit()
    app.quit()
    expect([app.hasQuit, app.quitsRefused, quit.mayClose()]).toEqual([false, 2, false])
    await vi.waitFor(() => expect(app.hasQuit).toBe(true))
    expect([close.mock.calls.length, quit.mayClose(), app.exits]).toEqual([1, true, []])
  })

  it('quits although closing failed', async () => {
    const { app } = setUp(() => Promise.reject(new Error('disk full')))
    app.quit()
    await vi.waitFor(() => expect(app.hasQuit).toBe(true))
    expect(log.error).toHaveBeenCalledWith('closing failed', expect.any(Error))
  })

  it('ends at the deadline when closing hangs', async () => {
    vi.useFakeTimers()
    const { app } = setUp(() => new Promise(() => {}))
    app.quit()
    await vi.advanceTimersByTimeAsync(1001)
    expect(app.exits).toEqual([1])
  })

  it('takes SIGTERM for a request to quit', async () => {
    const { app } = setUp(() => Promise.resolve())
    process.emit('SIGTERM')
    await vi.waitFor(() => expect(app.hasQuit).toBe(true))
  })
})
