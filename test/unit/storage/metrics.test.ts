import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { SeriesPoint, StepRecord } from '../../../src-core/domain/metrics.ts'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import type { RunId } from '../../../src-core/domain/ids.ts'
import { cover } from '../../../src-core/storage/records/metrics/pyramid.ts'
import { historySql } from '../../../src-core/storage/records/metrics/history.ts'
import type { Workspace } from '../../../src-core/storage/workspace.ts'
import { insertRun, openTestWorkspace, stepRecord, valuesOf } from '../../support/workspaces.ts'

const metric = 'train/loss'
const special = [NaN, Infinity, -Infinity, 0, -1e300, 1e-300]

/** Random values at rising steps; about one in eight is not finite or extreme. */
function randomSeries(random: () => number, length: number, longestGap: number): StepRecord[] {
  let step = 0
  return Array.from({ length }, () => {
    step += 1 + Math.floor(random() * longestGap)
    const value = random() < 0.125 ? special[Math.floor(random() * special.length)]! : random() * 200 - 100
    return stepRecord(step, { [metric]: value })
  })
}

/** Appends in batches of random sizes, as they come from a trainer. */
function appendInBatches(workspace: Workspace, id: RunId, records: StepRecord[], random: () => number): void {
  for (let from = 0; from < records.length;) {
    const size = 1 + Math.floor(random() * 40)
    workspace.metrics.append(id, records.slice(from, from + size))
    from += size
  }
}

function summarise(records: StepRecord[]): SeriesPoint {
  const finite = records.map(({ metrics }) => metrics[metric]!).filter(Number.isFinite)
  const { step, epoch, wallTime, activeTime, metrics } = records.at(-1)!
  const min = finite.length > 0 ? Math.min(...finite) : NaN
  const max = finite.length > 0 ? Math.max(...finite) : NaN
  return { step, epoch, wallTime, activeTime, last: metrics[metric]!, min, max }
}

/** What the history should be: the records in range, cut where a multiple of the bucket's size begins. */
function bruteForce(all: StepRecord[], from: number, to: number, maxPoints: number): SeriesPoint[] {
  const numbered = all.map((record, ordinal) => ({ record, ordinal }))
  const inRange = numbered.filter(({ record }) => record.step >= from && record.step <= to)
  for (let size = 1; ; size *= 2) {
    const groups = new Map<number, StepRecord[]>()
    for (const { record, ordinal } of inRange) {
      const bucket = Math.floor(ordinal / size)
      groups.set(bucket, [...(groups.get(bucket) ?? []), record])
    }
    if (groups.size <= maxPoints) return [...groups.values()].map(summarise)
  }
}

/** All rows of the pyramid. */
function pyramidOf(workspace: Workspace): unknown[] {
  const database = new Database(join(workspace.directory, 'ablate.db'), { readonly: true })
  const rows = database.prepare('SELECT * FROM metric_buckets ORDER BY metric_id, level, bucket').all()
  database.close()
  return (rows as { metric_id: number }[]).map(({ metric_id: _id, ...row }) => row)
}

describe('values', () => {
  it('come back as they were, also those that are not finite', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const values = [NaN, Infinity, -Infinity, 0.1, -0.5, 1e308, 5e-324]
    workspace.metrics.append(
      id,
      values.map((value, index) => stepRecord(index + 1, { [metric]: value })),
    )
    expect(valuesOf(workspace, id)).toEqual(values.map((value, index) => [index + 1, value]))
    const [series] = workspace.metrics.history({ runIds: [id], metrics: [metric], ...everything, maxPoints: 100 })
    expect(series!.points.map(({ last }) => last)).toEqual(values)
    expect(series!.points[0]).toMatchObject({ last: NaN, min: NaN, max: NaN })
    expect(series!.points[3]).toEqual({ ...pointTimes(4), last: 0.1, min: 0.1, max: 0.1 })
    workspace.metrics.append(id, [stepRecord(8, { [metric]: NaN, 'validation/loss': Infinity })])
    expect(workspace.runs.find(id)!.last).toEqual({ [metric]: NaN, 'validation/loss': Infinity })
  })

  it('are listed by name and exported metric by metric, in pages', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const records = Array.from({ length: 10_001 }, (_, index) => stepRecord(index + 1, { b: index, a: -index }))
    workspace.metrics.append(id, records)
    expect(workspace.metrics.names(id)).toEqual(['a', 'b'])
    const exported = [...workspace.metrics.export(id)]
    expect(exported).toHaveLength(20_002)
    expect(exported[10_000]).toEqual({ metric: 'a', ...pointTimes(10_001), value: -10_000 })
    expect(exported[10_001]).toEqual({ metric: 'b', ...pointTimes(1), value: 0 })
    expect([...workspace.metrics.export(id, 'nothing')]).toEqual([])
  })

  it('may be appended while an export is under way', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.metrics.append(id, [stepRecord(1), stepRecord(2)])
    const points = workspace.metrics.export(id)
    points.next()
    workspace.metrics.append(id, [stepRecord(3)])
    expect(points.next().value).toMatchObject({ step: 2 })
  })

  it('refuses steps that do not rise, and then keeps nothing of the batch', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.metrics.append(id, [stepRecord(5)])
    const append = (): void => workspace.metrics.append(id, [stepRecord(6), stepRecord(6)])
    expect(append).toThrow(expect.objectContaining({ code: 'trainer-protocol' }))
    expect(valuesOf(workspace, id)).toEqual([[5, 0.2]])
  })
})

const everything = { fromStep: null, toStep: null }

function pointTimes(step: number): Pick<SeriesPoint, 'step' | 'epoch' | 'wallTime' | 'activeTime'> {
  const { epoch, wallTime, activeTime } = stepRecord(step)
  return { step, epoch, wallTime, activeTime }
}

describe('history', () => {
  it('equals a brute-force summary for random series, ranges and widths', () => {
    const workspace = openTestWorkspace()
    const random = uniformGenerator(11)
    for (let attempt = 0; attempt < 25; attempt++) {
      const { id } = insertRun(workspace)
      const records = randomSeries(random, 1 + Math.floor(random() * 700), 1 + Math.floor(random() * 30))
      appendInBatches(workspace, id, records, random)
      for (let query = 0; query < 20; query++) {
        const end = records.at(-1)!.step
        const fromStep = random() < 0.3 ? null : Math.floor(random() * end)
        const toStep = random() < 0.3 ? null : Math.floor(random() * end * 1.2)
        const maxPoints = 2 + Math.floor(random() * 60)
        const [series] = workspace.metrics.history({ runIds: [id], metrics: [metric], fromStep, toStep, maxPoints })
        const expected = bruteForce(records, fromStep ?? 0, toStep ?? Infinity, maxPoints)
        expect(series!.points).toEqual(expected)
        const inRange = records.filter(({ step }) => step >= (fromStep ?? 0) && step <= (toStep ?? Infinity))
        expect(series!.total).toBe(inRange.length)
      }
    }
  })

  it('shows 100,000 values within the width, with their extremes and their count', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const random = uniformGenerator(3)
    const values = Array.from({ length: 100_000 }, () => random())
    values[31_415] = -7
    values[92_653] = 7
    const records = values.map((value, index) => stepRecord(index + 1, { [metric]: value }))
    workspace.metrics.append(id, records)
    for (const maxPoints of [2, 3, 100, 999, 2000, 20_000]) {
      const [series] = workspace.metrics.history({ runIds: [id], metrics: [metric], ...everything, maxPoints })
      expect(series!.points.length).toBeLessThanOrEqual(maxPoints)
      expect(series!.points.length).toBeGreaterThan(maxPoints / 2 - 1)
      expect(Math.min(...series!.points.map(({ min }) => min))).toBe(-7)
      expect(Math.max(...series!.points.map(({ max }) => max))).toBe(7)
      expect(series!.points.at(-1)).toMatchObject({ step: 100_000, last: values.at(-1) })
      expect(series!.total).toBe(100_000)
    }
  })

  it('gives a metric logged once per epoch its full resolution beside one logged at every step', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const records = Array.from({ length: 5000 }, (_, index) => {
      const step = index + 1
      return stepRecord(step, { [metric]: step, ...(step % 100 === 0 ? { 'validation/loss': step } : {}) })
    })
    workspace.metrics.append(id, records)
    const query = { runIds: [id], metrics: [metric, 'validation/loss', 'not/logged'], ...everything, maxPoints: 60 }
    const series = workspace.metrics.history(query)
    expect(series.map(({ metric: name, points, total }) => [name, points.length, total])).toEqual([
      [metric, 40, 5000],
      ['validation/loss', 50, 50],
    ])
  })

  it('finds the chart its buckets and its range through the primary keys', () => {
    const workspace = openTestWorkspace()
    const database = new Database(join(workspace.directory, 'ablate.db'), { readonly: true })
    const plan = (sql: string, ...values: number[]): string[] =>
      (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(({ detail }) => detail)
    const points = 'SEARCH metric_points USING PRIMARY KEY'
    expect(plan(historySql.buckets, 1, 3, 0, 10)).toEqual([
      'SEARCH metric_buckets USING PRIMARY KEY (metric_id=? AND level=? AND bucket>? AND bucket<?)',
    ])
    expect(plan(historySql.firstFrom, 1, 3)).toEqual([`${points} (metric_id=? AND step>?)`])
    expect(plan(historySql.lastUpTo, 1, 3)).toEqual([`${points} (metric_id=? AND step<?)`])
    expect(plan(historySql.points, 1, 3, 5)).toEqual([`${points} (metric_id=? AND step>? AND step<?)`])
    database.close()
  })
})

describe('rewinding', () => {
  it('leaves exactly what was there before, so that going on equals never having gone further', () => {
    const random = uniformGenerator(23)
    for (let attempt = 0; attempt < 20; attempt++) {
      const rewound = openTestWorkspace()
      const straight = openTestWorkspace()
      const records = randomSeries(random, 2 + Math.floor(random() * 400), 4)
      const cut = Math.floor(random() * records.length)
      const step = cut === 0 ? 0 : records[cut - 1]!.step
      const detour = records.slice(cut).map((record) => ({ ...record, metrics: { [metric]: random() } }))
      const ids = [rewound, straight].map((workspace) => insertRun(workspace).id) as [RunId, RunId]
      appendInBatches(rewound, ids[0], [...records.slice(0, cut), ...detour], random)
      expect(rewound.metrics.rewindTo(ids[0], step)).toBe(detour.length)
      appendInBatches(straight, ids[1], records.slice(0, cut), random)
      expect(pyramidOf(rewound)).toEqual(pyramidOf(straight))
      appendInBatches(rewound, ids[0], records.slice(cut), random)
      appendInBatches(straight, ids[1], records.slice(cut), random)
      expect(pyramidOf(rewound)).toEqual(pyramidOf(straight))
      expect(valuesOf(rewound, ids[0])).toEqual(valuesOf(straight, ids[1]))
      rewound.close()
      straight.close()
    }
  })

  it('forgets metrics that have no value left, and touches no other run', () => {
    const workspace = openTestWorkspace()
    const first = insertRun(workspace).id
    const second = insertRun(workspace).id
    for (const id of [first, second]) {
      workspace.metrics.append(id, [stepRecord(1, { a: 1 }), stepRecord(2, { a: 2, b: 2 })])
    }
    expect(workspace.metrics.rewindTo(first, 1)).toBe(2)
    expect(workspace.metrics.names(first)).toEqual(['a'])
    expect(workspace.metrics.rewindTo(first, 0)).toBe(1)
    expect(workspace.metrics.names(first)).toEqual([])
    expect(workspace.metrics.names(second)).toEqual(['a', 'b'])
  })
})

it('covers any stretch with few full nodes, single points only at its ends', () => {
  for (let from = 0; from < 40; from++) {
    for (let to = from; to < 80; to++) {
      const nodes = cover(from, to)
      const ordinals = nodes.flatMap(({ level, bucket }) =>
        Array.from({ length: 2 ** level }, (_, index) => bucket * 2 ** level + index),
      )
      expect(ordinals).toEqual(Array.from({ length: to - from }, (_, index) => from + index))
      const single = nodes.filter(({ level }) => level === 0).map(({ bucket }) => bucket)
      expect(single.every((ordinal) => ordinal === from || ordinal === to - 1)).toBe(true)
    }
  }
})
