import { describe, expect, it } from 'vitest'
import { FrameScheduler, type FrameClock } from '../../../../src-renderer/lib/charts/drawing/frame-scheduler.ts'

/** A page whose time stands still unless drawing or waiting moves it. */
class StillPage implements FrameClock {
  time = 1_000
  frames: (() => void)[] = []
  timers: { at: number; call: () => void }[] = []
  now = (): number => this.time
  nextFrame = (call: () => void): void => void this.frames.push(call)
  later = (call: () => void, milliseconds: number): void =>
    void this.timers.push({ at: this.time + milliseconds, call })

  frame(): void {
    const due = this.frames
    this.frames = []
    for (const call of due) call()
  }

  pass(milliseconds: number): void {
    this.time += milliseconds
    const due = this.timers.filter(({ at }) => at <= this.time)
    this.timers = this.timers.filter(({ at }) => at > this.time)
    for (const { call } of due) call()
  }
}

function charts(count: number, cost: number) {
  const page = new StillPage()
  const scheduler = new FrameScheduler(page)
  const drawn: number[] = []
  const tasks = Array.from({ length: count }, (_, index) =>
    scheduler.add(() => {
      drawn.push(index)
      page.time += cost
    }),
  )
  return { page, tasks, drawn }
}

describe('the frames of the charts', () => {
  it('draw once however often a chart was marked', () => {
    const { page, tasks, drawn } = charts(1, 1)
    tasks[0]!.mark('now')
    tasks[0]!.mark('now')
    page.frame()
    expect([drawn, page.frames.length]).toEqual([[0], 0])
  })

  it('are short: what does not fit waits for the next one, and each chart has its turn', () => {
    const { page, tasks, drawn } = charts(6, 3)
    for (const task of tasks) task.mark('now')
    page.frame()
    expect(drawn).toEqual([0, 1, 2])
    tasks[0]!.mark('now')
    page.frame()
    expect(drawn).toEqual([0, 1, 2, 3, 4, 5])
    page.frame()
    expect(drawn.at(-1)).toBe(0)
  })

  it('leave out what cannot be seen until it comes into sight', () => {
    const { page, tasks, drawn } = charts(2, 1)
    tasks[1]!.setVisible(false)
    tasks[1]!.mark('now')
    expect(page.frames).toHaveLength(0)
    tasks[1]!.setVisible(true)
    page.frame()
    expect(drawn).toEqual([1])
  })

  it('give new data a pause that grows with what drawing costs', () => {
    const { page, tasks, drawn } = charts(20, 6)
    for (const task of tasks) task.mark('now')
    for (let i = 0; i < 20; i++) page.frame()
    expect(drawn).toHaveLength(20)
    for (const task of tasks) task.mark('data')
    page.frame()
    expect([drawn.length, page.frames.length]).toEqual([20, 0])
    page.pass(700)
    for (let i = 0; i < 30; i++) page.frame()
    expect(drawn.length).toBeGreaterThan(20)
  })

  it('forget a chart that is gone', () => {
    const { page, tasks, drawn } = charts(1, 1)
    tasks[0]!.mark('now')
    tasks[0]!.end()
    page.frame()
    expect(drawn).toEqual([])
  })
})
