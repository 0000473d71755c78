import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { columnNames, type DrawnSeries } from '../../../src-core/domain/statistics/drawn-series.ts'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import { smoothSeries, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { migrate } from '../../../src-core/storage/migrate.ts'
import { migrations } from '../../../src-core/storage/migrations/index.ts'
import { openForWriting, type WritableDatabase } from '../../../src-core/storage/database.ts'
import { wholeSeriesReader } from '../../../src-core/storage/records/metrics/chunks.ts'
import { summaryReader, summaryRepairer } from '../../../src-core/storage/records/metrics/summary.ts'
import { openWorkspace, type Workspace } from '../../../src-core/storage/workspace.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { insertRun, openTestWorkspace, stepRecord, valuesOf } from '../../support/workspaces.ts'

const metric = 'train/loss'
const everything = { fromStep: null, toStep: null }
const ema: Smoothing = { kind: 'ema', amount: 0.9 }

/** A second connection to the workspace's file, to look behind the record. */
function behind<T>({ directory }: Workspace, look: (database: WritableDatabase) => T): T {
  const database = openForWriting(join(directory, 'ablate.db'))
  try {
    return look(database)
  } finally {
    database.close()
  }
}

/** Values with some that are not finite, at steps that rise by one or two. */
function randomRecords(random: () => number, count: number, after = 0): StepRecord[] {
  const odd = [NaN, Infinity, -Infinity]
  let step = after
  return Array.from({ length: count }, () => {
    step += 1 + Math.floor(random() * 2)
    const value = random() < 0.02 ? odd[Math.floor(random() * 3)]! : Math.round(random() * 1000) / 100
    return stepRecord(step, { [metric]: value })
  })
}

describe('what is derived from the points', () => {
  it('equals a recount after any appends and rewinds', () => {
    const random = uniformGenerator(23)
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    for (let round = 0; round < 25; round++) {
      const step = workspace.metrics.lastStep(id)
      if (random() < 0.3) workspace.metrics.rewindTo(id, Math.floor(step * random()))
      else workspace.metrics.append(id, randomRecords(random, 1 + Math.floor(random() * 1500), step))
      if (workspace.metrics.names(id).length === 0) continue
      behind(workspace, (database) => {
        const metricId = database.prepare('SELECT id FROM metrics').pluck().get() as number
        const kept = summaryReader(database)(metricId)
        summaryRepairer(database)(metricId)
        expect(kept).toEqual(summaryReader(database)(metricId))
        const { steps, values } = wholeSeriesReader(database)(metricId, true)
        expect([...steps].map((step, i) => [step, values[i]])).toEqual(valuesOf(workspace, id))
        const chunks = database.prepare('SELECT count(*) FROM metric_chunks').pluck().get()
        expect(chunks).toBe(Math.floor(kept.points / 1024))
      })
    }
  })

  it('is read from the points where an older Ablate wrote no chunks', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.metrics.append(id, randomRecords(uniformGenerator(1), 5000))
    const query = { runIds: [id], metrics: [metric], ...everything, maxPoints: 100, smoothing: ema }
    const [before] = workspace.metrics.drawn(query)
    behind(workspace, (database) => database.exec('DELETE FROM metric_chunks WHERE chunk < 2'))
    workspace.close()
    const again = openTestWorkspace(workspace.directory)
    expect(again.metrics.drawn(query)).toEqual([before])
  })
})

describe('drawn columns', () => {
  it('are what the history is, with the smoothed values of the whole series', () => {
    const random = uniformGenerator(31)
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.metrics.append(id, randomRecords(random, 4000))
    const all = valuesOf(workspace, id)
    const { smoothed } = smoothSeries(
      all.map(([step]) => step!),
      all.map(([, value]) => value!),
      ema,
    )
    const last = all.at(-1)![0]!
    for (let round = 0; round < 60; round++) {
      const fromStep = Math.floor(random() * last)
      const toStep = fromStep + Math.floor(random() * last)
      const query = { runIds: [id], metrics: [metric], fromStep, toStep, maxPoints: 2 + Math.floor(random() * 300) }
      const [history] = workspace.metrics.history(query)
      const [drawn] = workspace.metrics.drawn({ ...query, smoothing: ema })
      expect(drawn!.total).toBe(history!.total)
      for (const name of columnNames) {
        if (name !== 'smoothed') expect([...drawn!.columns[name]]).toEqual(history!.points.map((point) => point[name]))
      }
      const places = [...drawn!.columns.step].map((step) => all.findIndex(([one]) => one === step))
      expect([...drawn!.columns.smoothed]).toEqual(places.map((place) => smoothed[place]))
    }
  })

  it('are smoothed over the history as it is, also after a rewind to where the run then trained on to', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    // Who reads keeps what was read for the next question, on a connection of its own.
    const reader = openWorkspace(workspace.directory, { application: 'a test', readOnly: true })
    const query = { runIds: [id], metrics: [metric], ...everything, maxPoints: 100, smoothing: ema }
    const smoothed = (): number => reader.metrics.drawn(query)[0]!.columns.smoothed.at(-1)!
    const train = (value: number, wallTime: number): void =>
      workspace.metrics.append(
        id,
        Array.from({ length: 10 }, (_, index) => ({
          ...stepRecord(11 + index, { [metric]: value }),
          wallTime: wallTime + index,
        })),
      )
    workspace.metrics.append(id, [stepRecord(10, { [metric]: 5 })])
    train(5, 1000)
    expect(smoothed()).toBeCloseTo(5, 9)
    workspace.metrics.rewindTo(id, 10)
    train(7, 2000)
    expect(smoothed()).toBeGreaterThan(6)
    reader.close()
  })

  it('tell the first value in the range that is not finite, also inside of a bucket and between finite ones', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const odd: Record<number, number> = { 42: NaN, 77: -Infinity }
    const records = Array.from({ length: 100 }, (_, index) => stepRecord(index + 1, { [metric]: odd[index + 1] ?? 1 }))
    workspace.metrics.append(id, records)
    const first = (fromStep: number | null, toStep: number | null, maxPoints: number): number | null => {
      const query = { runIds: [id], metrics: [metric], fromStep, toStep, maxPoints, smoothing: ema }
      const [{ columns, firstNonFinite }] = workspace.metrics.drawn(query) as [DrawnSeries]
      if (maxPoints === 4) expect([...columns.last].every(Number.isFinite)).toBe(true)
      return firstNonFinite
    }
    expect([first(null, null, 4), first(null, null, 1000)]).toEqual([42, 42])
    expect([first(43, null, 4), first(43, 76, 4), first(1, 41, 1000)]).toEqual([77, null, null])
    workspace.metrics.rewindTo(id, 41)
    expect(first(null, null, 4)).toBeNull()
  })

  it('of a metric without points in the range are empty', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.metrics.append(id, [stepRecord(5)])
    const query = { runIds: [id], metrics: [metric, 'no/such'], fromStep: 9, toStep: null, maxPoints: 10 }
    const [drawn, ...none] = workspace.metrics.drawn({ ...query, smoothing: ema })
    expect([drawn!.total, drawn!.columns.step.length, none]).toEqual([0, 0, []])
  })
})

describe('values at a step', () => {
  it('are the newest at or before it, metric by metric', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.metrics.append(id, [
      stepRecord(2, { 'train/loss': 4, 'test/loss': 5 }),
      stepRecord(6, { 'train/loss': NaN }),
      stepRecord(9, { 'test/loss': 1 }),
    ])
    expect(workspace.metrics.at(id, 8)).toEqual({
      'test/loss': { step: 2, value: 5 },
      'train/loss': { step: 6, value: NaN },
    })
    expect(workspace.metrics.at(id, 1)).toEqual({})
  })
})

describe('the summary of a run', () => {
  it('is what the run shows as its latest values', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.metrics.append(id, [
      stepRecord(1, { 'train/loss': 3, 'test/loss': Infinity }),
      stepRecord(2, { 'train/loss': NaN }),
    ])
    expect(workspace.runs.find(id)!.last).toEqual({ 'test/loss': Infinity, 'train/loss': NaN })
  })

  it('is made for a workspace from before there were summaries', () => {
    const directory = temporaryDirectory()
    const old = openForWriting(join(directory, 'ablate.db'))
    migrate(old, migrations.slice(0, 2))
    old.exec(`
      INSERT INTO runs (id, name, state, spec, spec_hash, color, parameters, step, epoch, active_time, created_at)
        VALUES ('r0000000000', 'old', 'paused', '{}', '', 0, 1, 0, 0, 0, 1);
      INSERT INTO metrics (id, run_id, name) VALUES (7, 'r0000000000', 'train/loss');
      INSERT INTO metric_points VALUES (7, 1, 0, 0.1, 1, 1, 0, 5), (7, 2, 1, 0.2, 2, 2, 0, -3), (7, 3, 2, 0.3, 3, 3, 1, NULL)`)
    old.close()
    const workspace = openTestWorkspace(directory)
    expect(behind(workspace, (database) => summaryReader(database)(7))).toEqual({
      points: 3,
      ...{ last_step: 3, last_epoch: 0.3, last_kind: 1, last_value: null },
      ...{ min_value: -3, min_step: 2, min_epoch: 0.2, max_value: 5, max_step: 1, max_epoch: 0.1 },
    })
  })
})
