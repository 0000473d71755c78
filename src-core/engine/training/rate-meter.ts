/** Images per second over the most recent steps; time between steps (evaluation, checkpoints, pauses) does not count. */
export class RateMeter {
  private readonly imagesPerStep: number
  private readonly window: number
  private readonly durations: number[] = []

  constructor(imagesPerStep: number, window = 20) {
    this.imagesPerStep = imagesPerStep
    this.window = window
  }

  /** Adds one step's duration in milliseconds and gives the new rate. */
  add(milliseconds: number): number {
    this.durations.push(milliseconds)
    if (this.durations.length > this.window) this.durations.shift()
    const total = this.durations.reduce((sum, duration) => sum + duration, 0)
    return (this.durations.length * this.imagesPerStep * 1000) / Math.max(total, 1e-6)
  }
}
