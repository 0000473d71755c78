/** What the scheduler needs of the page; tests bring their own. */
export interface FrameClock {
  now(): number
  /** Calls back before the next frame is painted; never while the page is hidden. */
  nextFrame(call: () => void): void
  later(call: () => void, milliseconds: number): void
}

/** Milliseconds of a frame that drawing may take before the rest waits for the next one. */
const budget = 8
/** New data is drawn at most this often, in milliseconds. */
const shortestPause = 100
/** While data streams in, drawing takes at most this share of the time: the rest belongs to the training. */
const largestShare = 0.15

export interface FrameTask {
  /** Asks for a drawing: at once for what the user did, unhurried for data that arrived. */
  mark(hurry: 'now' | 'data'): void
  /** What cannot be seen is drawn when it comes into sight. */
  setVisible(visible: boolean): void
  end(): void
}

class Task implements FrameTask {
  dueAt = Infinity
  visible = true
  drawnAt = -Infinity
  cost = 0
  readonly draw: () => void
  private readonly scheduler: FrameScheduler

  constructor(draw: () => void, scheduler: FrameScheduler) {
    this.draw = draw
    this.scheduler = scheduler
  }

  mark(hurry: 'now' | 'data'): void {
    const due = hurry === 'now' ? -Infinity : this.drawnAt + this.scheduler.pause
    this.dueAt = Math.min(this.dueAt, due)
    if (this.visible) this.scheduler.wake()
  }

  setVisible(visible: boolean): void {
    this.visible = visible
    if (visible && this.dueAt < Infinity) this.scheduler.wake()
  }

  end(): void {
    this.scheduler.remove(this)
  }
}

/**
 * Decides when the charts of the window draw: only those that can be seen, within a share of each frame, the longest
 * waiting first. One for the whole window, so that many live charts together keep the frames short.
 */
export class FrameScheduler {
  private readonly clock: FrameClock
  private tasks: Task[] = []
  private asked = false
  private waiting = false

  constructor(clock: FrameClock) {
    this.clock = clock
  }

  add(draw: () => void): FrameTask {
    const task = new Task(draw, this)
    this.tasks.push(task)
    return task
  }

  remove(task: FrameTask): void {
    this.tasks = this.tasks.filter((other) => other !== task)
  }

  /** How long a chart rests between two drawings of new data: the more all of them cost, the longer. */
  get pause(): number {
    const cost = this.tasks.reduce((sum, task) => sum + (task.visible ? task.cost : 0), 0)
    return Math.max(shortestPause, cost / largestShare)
  }

  wake(): void {
    if (this.asked) return
    const soonest = this.next()
    if (!soonest) return
    const wait = soonest.dueAt - this.clock.now()
    if (wait > 0) return this.wakeLater(wait)
    this.asked = true
    this.clock.nextFrame(() => this.frame())
  }

  private wakeLater(wait: number): void {
    if (this.waiting) return
    this.waiting = true
    this.clock.later(() => {
      this.waiting = false
      this.wake()
    }, wait)
  }

  private frame(): void {
    this.asked = false
    const begin = this.clock.now()
    for (let task = this.next(); task && task.dueAt <= begin; task = this.next()) {
      const before = this.clock.now()
      if (before - begin >= budget) break
      task.dueAt = Infinity
      task.drawnAt = begin
      task.draw()
      task.cost = this.clock.now() - before
    }
    this.wake()
  }

  /** Of what waits and can be seen, what is due first; of those, what was drawn the longest ago. */
  private next(): Task | null {
    let found: Task | null = null
    for (const task of this.tasks) {
      if (!task.visible || task.dueAt === Infinity) continue
      if (!found || task.dueAt < found.dueAt || (task.dueAt === found.dueAt && task.drawnAt < found.drawnAt))
        found = task
    }
    return found
  }
}
