import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import { noSmoothing, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { explain } from '../../lib/error-hints.ts'
import type { LiveSeries } from '../../lib/charts/live-series.ts'
import { SeriesStore, type Line, type SeriesUser, type StepRange, type StoredSeries } from './series-store.ts'

export type { StepRange } from './series-store.ts'

/** Buckets per line: about one for each pixel of a wide chart, fewer when there are many lines. */
const mostPoints = 2_000
const mostPointsTogether = 60_000
const fewestPoints = 250

/** In powers of two, so that adding a run to a comparison mostly asks for that run alone. */
function pointsPerLine(lines: number): number {
  let points = mostPoints
  while (points > fewestPoints && points * lines > mostPointsTogether) points /= 2
  return points
}

/** One line: what is drawn, and what will take its place once it has come. */
interface Slot extends Line {
  shown: StoredSeries | null
  next: StoredSeries | null
}

/**
 * The drawn series of some runs: history is fetched once per run, metric, range and smoothing, then live records are
 * appended at its end. All sets of a window draw from one store, so that two charts of a metric fetch it once. Each
 * series has a version that charts watch, so that only those redraw whose data changed.
 *
 * A set asks for its metrics when runs are shown: what is out of sight has a set of its own that shows nothing yet.
 */
export class SeriesSet {
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state('')
  private readonly versions = new SvelteMap<string, number>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- charts follow the versions, not the thousands of points
  private readonly slots = new Map<string, Slot>()
  private wanted: readonly string[] = []
  private range: StepRange | null = null
  private smoothing: Smoothing = noSmoothing
  private waiting: (() => void)[] = []
  private readonly store: SeriesStore
  private readonly metrics: readonly string[]
  private readonly unfollow: () => void
  private readonly user: SeriesUser = {
    changed: (stored) => this.followed(stored),
    failed: (stored, error) => this.fail(stored, error),
  }

  constructor(client: Client, metrics: readonly string[]) {
    this.store = SeriesStore.of(client)
    this.metrics = metrics
    this.unfollow = this.store.follow()
  }

  dispose(): void {
    this.wanted = []
    untrack(() => this.change())
    this.finishWaiting()
    this.unfollow()
  }

  get(runId: string, metric: string): LiveSeries | null {
    return this.slots.get(keyOf({ runId, metric }))?.shown?.series ?? null
  }

  /** Changes whenever the series does; reading it makes an effect follow the series. */
  version(runId: string, metric: string): number {
    return this.versions.get(keyOf({ runId, metric })) ?? 0
  }

  /**
   * Shows these runs, all of them or within a range of steps; fetches only what is not there yet. Resolves when all of
   * it is there, when it has failed (see `status`), or when another question has taken its place.
   */
  async show(runIds: readonly string[], range: StepRange | null): Promise<void> {
    this.range = range
    this.wanted = runIds
    this.finishWaiting()
    // Who calls this in an effect must not follow what is only changed here.
    untrack(() => this.change())
    if (this.isWaiting()) await new Promise<void>((done) => this.waiting.push(done))
  }

  /** Smooths otherwise from now on; what is drawn stays until the new lines are there. */
  async setSmoothing(smoothing: Smoothing): Promise<void> {
    if (smoothing.kind === this.smoothing.kind && smoothing.amount === this.smoothing.amount) return
    this.smoothing = smoothing
    await this.show(this.wanted, this.range)
  }

  async retry(): Promise<void> {
    this.status = 'loading'
    await this.show(this.wanted, this.range)
  }

  private change(): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- lives for this call only
    const wanted = new Set(this.wanted)
    for (const slot of [...this.slots.values()]) if (!wanted.has(slot.runId)) this.drop(slot)
    this.takeMissing()
    this.updateStatus()
  }

  private takeMissing(): void {
    const lines = this.wanted.flatMap((runId) => this.metrics.map((metric) => ({ runId, metric })))
    const missing = lines.map((line) => this.slotOf(line)).filter((slot) => !this.isAsAsked(slot))
    const maxPoints = pointsPerLine(this.wanted.length)
    const taken = this.store.take(missing, { range: this.range, smoothing: this.smoothing, maxPoints }, this.user)
    missing.forEach((slot, index) => {
      slot.next = taken[index]!
      if (slot.next.series) this.put(slot)
    })
  }

  /** Whether what is drawn or on its way is what is wanted; what is on its way in vain is let go. */
  private isAsAsked(slot: Slot): boolean {
    const fits = (stored: StoredSeries | null): boolean => stored !== null && this.fits(stored)
    if (fits(slot.next)) return true
    if (slot.next) this.store.release(slot.next, this.user)
    slot.next = null
    return fits(slot.shown)
  }

  private fits({ dead, query: { range, smoothing } }: StoredSeries): boolean {
    const { kind, amount } = this.smoothing
    const sameRange = range?.from === this.range?.from && range?.to === this.range?.to
    return !dead && sameRange && smoothing.kind === kind && smoothing.amount === amount
  }

  private slotOf(line: Line): Slot {
    const key = keyOf(line)
    const slot = this.slots.get(key) ?? { ...line, shown: null, next: null }
    this.slots.set(key, slot)
    return slot
  }

  /** What was on its way takes the place of what was drawn. */
  private put(slot: Slot): void {
    const before = slot.shown
    slot.shown = slot.next
    slot.next = null
    if (before) this.store.release(before, this.user)
    this.touch(slot)
  }

  private drop(slot: Slot): void {
    for (const stored of [slot.shown, slot.next]) if (stored) this.store.release(stored, this.user)
    this.slots.delete(keyOf(slot))
    this.touch(slot)
  }

  private followed(stored: StoredSeries): void {
    const slot = this.slots.get(keyOf(stored))
    if (slot?.shown === stored) this.touch(slot)
    if (slot?.next !== stored) return
    this.put(slot)
    this.updateStatus()
  }

  private fail(stored: StoredSeries, error: unknown): void {
    const slot = this.slots.get(keyOf(stored))
    if (slot?.next === stored) slot.next = null
    this.problem = explain(error)
    this.status = 'failed'
    if (!this.isWaiting()) this.finishWaiting()
  }

  private isWaiting(): boolean {
    return [...this.slots.values()].some(({ next }) => next !== null)
  }

  private updateStatus(): void {
    const slots = [...this.slots.values()]
    if (slots.every(({ shown, next }) => next === null && shown !== null && !shown.dead)) {
      this.status = 'ready'
      this.finishWaiting()
    } else if (this.status !== 'failed' && slots.every(({ shown }) => shown === null)) this.status = 'loading'
  }

  private finishWaiting(): void {
    const { waiting } = this
    this.waiting = []
    for (const done of waiting) done()
  }

  private touch(line: Line): void {
    const key = keyOf(line)
    this.versions.set(key, (this.versions.get(key) ?? 0) + 1)
  }
}

function keyOf({ runId, metric }: Line): string {
  return `${runId} ${metric}`
}
