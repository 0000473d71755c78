import { afterEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../src-core/contract/client.ts'
import type { RunId } from '../../../src-core/domain/ids.ts'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import { smoothSeries, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import { SeriesPool } from '../../../src-renderer/state/charts/series-pool.svelte.ts'
import { SeriesSet } from '../../../src-renderer/state/charts/series.svelte.ts'
import { insertRun, openTestWorkspace, stepRecord, valuesOf } from '../../support/workspaces.ts'

const [loss, accuracy] = ['train/loss', 'train/accuracy']

interface Question {
  readonly runIds: RunId[]
  readonly metrics: string[]
  readonly smoothing: Smoothing
  readonly fromStep: number | null
  readonly toStep: number | null
  readonly maxPoints: number
}

/** A window over a real record. While `holding`, answers wait until they are let go. */
function testWindow() {
  const workspace = openTestWorkspace()
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const asked: Question[] = []
  const state = { holding: false, failing: false }
  const waiting: (() => void)[] = []
  const client = {
    async call(_name: string, question: Question) {
      asked.push(question)
      const answer = workspace.metrics.drawn(question)
      if (state.holding) await new Promise<void>((done) => waiting.push(done))
      if (state.failing) throw new WorkbenchError('internal', 'The record could not be read.')
      return answer
    },
    on(name: string, listener: (payload: unknown) => void) {
      const heard = listeners.get(name) ?? new Set()
      listeners.set(name, heard.add(listener))
      return () => heard.delete(listener)
    },
  } as unknown as Client
  const emit = (name: string, payload: unknown): void => listeners.get(name)?.forEach((listener) => listener(payload))
  const append = (runId: RunId, records: StepRecord[]): void => {
    workspace.metrics.append(runId, records)
    emit('metrics.appended', { runId, records })
  }
  const rewind = (runId: RunId, toStep: number): void => {
    workspace.metrics.rewindTo(runId, toStep)
    emit('metrics.rewound', { runId, toStep })
  }
  const letGo = (): void => waiting.splice(0).forEach((done) => done())
  return { workspace, client, asked, state, append, rewind, letGo, listeners }
}

const open: SeriesSet[] = []
function setOf(client: Client, metrics = [loss!]): SeriesSet {
  const set = new SeriesSet(client, metrics)
  open.push(set)
  return set
}
afterEach(() => open.splice(0).forEach((set) => set.dispose()))

function records(from: number, count: number): StepRecord[] {
  return Array.from({ length: count }, (_, i) => stepRecord(from + i, { [loss!]: 1 / (from + i), [accuracy!]: 0.5 }))
}

const ema = (amount: number): Smoothing => ({ kind: 'ema', amount })
const turn = (): Promise<void> => new Promise((done) => setTimeout(done))

describe('the series of a comparison', () => {
  it('are fetched for the charts in sight: one that was scrolled past costs nothing when other runs are shown', async () => {
    const { workspace, client, asked, append } = testWindow()
    const [a, b] = [insertRun(workspace).id, insertRun(workspace).id]
    for (const id of [a, b]) append(id, records(1, 20))
    const shared = setOf(client, [])
    const pool = new SeriesPool(client, shared, [])
    const passed = pool.want([loss!])
    await pool.show([a], null)
    passed()
    // What has been scrolled past stays drawn, and goes on.
    append(a, records(21, 5))
    expect(pool.get(a, loss!)!.total).toBe(25)
    const inSight = pool.want([accuracy!])
    await pool.show([a, b], null)
    expect(asked.map(({ runIds, metrics }) => [runIds, metrics])).toEqual([
      [[a], [loss]],
      [[a], [accuracy]],
      [[b], [accuracy]],
    ])
    expect([pool.get(a, loss!), pool.get(b, accuracy!)!.total]).toEqual([null, 20])
    // Back in sight it shows the runs as they are now.
    const back = pool.want([loss!])
    await turn()
    await turn()
    expect([pool.get(a, loss!)!.total, pool.get(b, loss!)!.total]).toEqual([25, 20])
    pool.rest()
    expect([pool.get(a, loss!), pool.get(b, accuracy!)]).toEqual([null, null])
    for (const end of [inSight, back]) end()
  })
})

describe('the series of a window', () => {
  it('are fetched once for all charts, and appended once', async () => {
    const { workspace, client, asked, append } = testWindow()
    const { id } = insertRun(workspace)
    append(id, records(1, 20))
    const [first, second, both] = [setOf(client), setOf(client), setOf(client, [loss!, accuracy!])]
    await Promise.all([first.show([id], null), second.show([id], null), both.show([id], null)])
    expect(asked.map(({ metrics }) => metrics)).toEqual([[loss], [accuracy]])
    append(id, records(21, 5))
    expect(first.get(id, loss!)).toBe(second.get(id, loss!))
    expect(first.get(id, loss!)!.total).toBe(25)
    expect([first.version(id, loss!), second.version(id, loss!)]).toEqual([2, 2])
  })

  it('are asked for once when a zoom is taken back, a run comes back or a smoothing does', async () => {
    const { workspace, client, asked, append } = testWindow()
    const [a, b] = [insertRun(workspace).id, insertRun(workspace).id]
    for (const id of [a, b]) append(id, records(1, 50))
    const set = setOf(client)
    await set.show([a, b], null)
    await set.show([a, b], { from: 10, to: 20 })
    await set.show([a], null)
    append(b, records(51, 10))
    await set.show([a, b], null)
    expect(asked).toHaveLength(2)
    // It has grown while nobody drew it.
    expect(set.get(b, loss!)!.cursor).toBe(60)
    await set.setSmoothing(ema(0.5))
    await set.setSmoothing({ kind: 'none', amount: 0 })
    expect(asked).toHaveLength(3)
  })

  it('skip what a slider passes: the answer on its way, then the last one', async () => {
    const { workspace, client, asked, state, append, letGo } = testWindow()
    const { id } = insertRun(workspace)
    append(id, records(1, 50))
    const set = setOf(client)
    await set.show([id], null)
    const before = set.get(id, loss!)
    state.holding = true
    for (const weight of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) void set.setSmoothing(ema(weight))
    expect(set.get(id, loss!)).toBe(before)
    letGo()
    await turn()
    letGo()
    await turn()
    expect(asked.slice(1).map(({ smoothing }) => smoothing.amount)).toEqual([0.1, 0.2, 0.6])
    const { smoothed } = smoothSeries(
      [],
      valuesOf(workspace, id).map(([, value]) => value!),
      ema(0.6),
    )
    const drawn = set.get(id, loss!)!.columns.smoothed
    expect(drawn.at(-1)).toBeCloseTo(smoothed.at(-1)!, 12)
  })

  it('drop an answer from before a rewind', async () => {
    const { workspace, client, state, append, rewind, letGo } = testWindow()
    const { id } = insertRun(workspace)
    append(id, records(1, 50))
    const set = setOf(client)
    state.holding = true
    void set.show([id], null)
    rewind(id, 20)
    append(id, records(21, 3))
    letGo()
    await turn()
    letGo()
    await turn()
    expect([set.get(id, loss!)!.total, set.get(id, loss!)!.cursor, set.status]).toEqual([23, 23, 'ready'])
  })

  it('keep the old line when new ones cannot be read, and try again', async () => {
    const { workspace, client, state, append } = testWindow()
    const { id } = insertRun(workspace)
    append(id, records(1, 50))
    const set = setOf(client)
    await set.show([id], null)
    state.failing = true
    await set.show([id], { from: 5, to: 9 })
    expect([set.status, set.problem]).toEqual(['failed', 'The record could not be read.'])
    expect(set.get(id, loss!)!.total).toBe(50)
    state.failing = false
    await set.retry()
    expect([set.status, set.get(id, loss!)!.total]).toEqual(['ready', 5])
  })

  it('listen to nothing once the last chart is gone', async () => {
    const { workspace, client, listeners } = testWindow()
    const { id } = insertRun(workspace)
    const sets = [setOf(client), setOf(client)]
    await sets[0]!.show([id], null)
    open.splice(0).forEach((set) => set.dispose())
    expect([...listeners.values()].map(({ size }) => size)).toEqual([0, 0, 0])
  })
})

describe('a line that grew live', () => {
  const kinds: Smoothing[] = [
    ema(0.95),
    { kind: 'time-weighted', amount: 0.9 },
    { kind: 'gaussian', amount: 40 },
    { kind: 'running-mean', amount: 30 },
  ]
  it.each(kinds)('is the line of a new fetch, also zoomed and after rewinds: $kind', async (smoothing) => {
    const random = uniformGenerator(7)
    const { workspace, client, append, rewind } = testWindow()
    const { id } = insertRun(workspace)
    const [whole, zoomed] = [setOf(client), setOf(client)]
    const range = { from: 333, to: 1_000_000 }
    let step = 0
    const grow = (count: number): void => {
      const grown = Array.from({ length: count }, () => {
        step += 1 + Math.floor(random() * 2)
        return stepRecord(step, { [loss!]: random() < 0.02 ? NaN : random() })
      })
      append(id, grown)
    }
    grow(5000)
    for (const set of [whole, zoomed]) await set.setSmoothing(smoothing)
    await Promise.all([whole.show([id], null), zoomed.show([id], range)])
    for (let round = 0; round < 40; round++) {
      if (random() < 0.05) {
        step = Math.floor(step * 0.9)
        rewind(id, step)
        await turn()
      } else grow(1 + Math.floor(random() * 200))
    }
    const all = valuesOf(workspace, id)
    const expected = smoothSeries(
      all.map(([at]) => at!),
      all.map(([, value]) => value!),
      smoothing,
    ).smoothed
    const at = new Map(all.map(([one], place) => [one, expected[place]!]))
    for (const [set, from] of [
      [whole, 0],
      [zoomed, range.from],
    ] as const) {
      const { columns, total } = set.get(id, loss!)!
      expect(total).toBe(all.filter(([one]) => one! >= from).length)
      columns.step.forEach((one, i) => {
        if (Number.isFinite(at.get(one))) expect(columns.smoothed[i]).toBeCloseTo(at.get(one)!, 9)
        else expect(columns.smoothed[i]).toBeNaN()
      })
    }
  })
})
