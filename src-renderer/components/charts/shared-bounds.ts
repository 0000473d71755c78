import type { Bounds } from '../../lib/charts/axis.ts'

/** A range that several charts have in common: each tells its own, and all draw the union. */
class SharedBounds {
  private readonly own = new Map<string, Bounds>()
  private readonly redraws = new Map<string, () => void>()
  private union: Bounds | null = null

  join(chart: string, redraw: () => void): () => void {
    this.redraws.set(chart, redraw)
    return () => {
      this.redraws.delete(chart)
      this.own.delete(chart)
      this.unite(chart)
    }
  }

  /** Tells the range of one chart; the others are drawn again when the union changes. */
  tell(chart: string, bounds: Bounds | null): Bounds | null {
    if (bounds) this.own.set(chart, bounds)
    else this.own.delete(chart)
    this.unite(chart)
    return this.union
  }

  private unite(chart: string): void {
    const all = [...this.own.values()]
    const union =
      all.length === 0
        ? null
        : { min: Math.min(...all.map(({ min }) => min)), max: Math.max(...all.map(({ max }) => max)) }
    if (union?.min === this.union?.min && union?.max === this.union?.max) return
    this.union = union
    for (const [other, redraw] of this.redraws) if (other !== chart) redraw()
  }
}

/** The axes that small multiples have in common. */
export class SharedAxes {
  readonly values = new SharedBounds()
  readonly places = new SharedBounds()

  /** The returned function takes the chart out again. */
  join(chart: string, redraw: () => void): () => void {
    const leave = [this.values, this.places].map((bounds) => bounds.join(chart, redraw))
    return () => leave.forEach((end) => end())
  }
}
