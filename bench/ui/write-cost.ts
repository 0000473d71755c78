import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newRunId } from '../../src-core/domain/ids.ts'
import type { StepRecord } from '../../src-core/domain/metrics.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import { openForWriting } from '../../src-core/storage/database.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'

/** What recording costs the process that owns the record, in milliseconds per training step. */
export interface WriteCost {
  /** Points, pyramid, chunks and summaries, as training records them. */
  readonly all: number
  /** The points alone. */
  readonly points: number
}

/** A second of a small network's steps comes in one message; 20,000 steps are enough to fill every kind of row. */
const stepsPerMessage = 13
const messages = 1540
const metricNames = ['train/loss', 'train/accuracy', 'train/learning-rate', 'train/gradient-norm', 'system/memory-mib']

function message(index: number): StepRecord[] {
  return Array.from({ length: stepsPerMessage }, (_, offset) => {
    const step = index * stepsPerMessage + offset + 1
    const metrics = Object.fromEntries(metricNames.map((name, place) => [name, Math.sin(step * (place + 1))]))
    return { step, epoch: step / 100, wallTime: 1.7e12 + step * 75, activeTime: step * 75, metrics }
  })
}

function perStep(write: (records: readonly StepRecord[]) => void): number {
  const all = Array.from({ length: messages }, (_, index) => message(index))
  const start = performance.now()
  for (const records of all) write(records)
  return (performance.now() - start) / (messages * stepsPerMessage)
}

function withEverything(folder: string): number {
  const workspace = openWorkspace(join(folder, 'all'), { application: 'a benchmark' })
  try {
    const id = newRunId()
    workspace.runs.insert({ id, name: 'run', spec: recipeSpec('alexnet-small'), parameters: 1, createdAt: 1 })
    return perStep((records) => workspace.metrics.append(id, records))
  } finally {
    workspace.close()
  }
}

/** The same points into the same table, without what is derived from them. */
function pointsAlone(folder: string): number {
  openWorkspace(join(folder, 'points'), { application: 'a benchmark' }).close()
  const database = openForWriting(join(folder, 'points', 'ablate.db'))
  try {
    database.pragma('foreign_keys = OFF')
    const insert = database.prepare('INSERT INTO metric_points VALUES (?, ?, ?, ?, ?, ?, 0, ?)')
    const write = database.transaction((records: readonly StepRecord[]) => {
      for (const { step, epoch, wallTime, activeTime, metrics } of records) {
        metricNames.forEach((name, id) => insert.run(id, step, step - 1, epoch, wallTime, activeTime, metrics[name]))
      }
    })
    return perStep((records) => write(records))
  } finally {
    database.close()
  }
}

/** Times both, in turn. */
export function measureWriteCost(): WriteCost {
  const folder = mkdtempSync(join(tmpdir(), 'ablate-bench-'))
  try {
    return { points: pointsAlone(folder), all: withEverything(folder) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
