import type { Series, SeriesPoint, StepRecord } from '../../../src-core/domain/metrics.ts'
import type { ExportRecord } from '../../../src-core/domain/model-export.ts'
import type { Run } from '../../../src-core/domain/run.ts'

/** Buckets of a power of two of logged values, with their extremes, as the store's pyramid gives them. */
export function bucketed(runId: string, metric: string, records: readonly StepRecord[], maxPoints: number): Series {
  const logged = records.filter((record) => record.metrics[metric] !== undefined)
  const size = 2 ** Math.max(0, Math.ceil(Math.log2(logged.length / maxPoints)))
  const points: SeriesPoint[] = []
  for (let start = 0; start < logged.length; start += size) {
    const bucket = logged.slice(start, start + size)
    const finite = bucket.map((record) => record.metrics[metric]!).filter(Number.isFinite)
    const { step, epoch, wallTime, activeTime, metrics } = bucket.at(-1)!
    const extremes = finite.length > 0 ? { min: Math.min(...finite), max: Math.max(...finite) } : { min: NaN, max: NaN }
    points.push({ step, epoch, wallTime, activeTime, last: metrics[metric]!, ...extremes })
  }
  return { runId, metric, points, total: logged.length }
}

/** An export of the run's newest checkpoint as the record would hold it. */
export function sampleExport(id: number, run: Run): ExportRecord {
  const files = [
    { path: 'model.json', bytes: 18_204, sha256: '0a'.repeat(32) },
    { path: 'group1-shard1of2.bin', bytes: 4_194_304, sha256: '0b'.repeat(32) },
    { path: 'group1-shard2of2.bin', bytes: 3_018_880, sha256: '0c'.repeat(32) },
    { path: 'ablate.json', bytes: 2_911, sha256: '0d'.repeat(32) },
  ]
  return {
    id,
    runId: run.id,
    format: 'tfjs',
    step: run.checkpointStep ?? run.step,
    directory: `/home/ada/.config/Ablate/workspace/exports/${run.id}-${run.step}`,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files,
    check: { images: 256, maxAbsDiff: 1.19e-7 * id, top1Agreement: 1 },
    createdAt: Date.now() - id * 5_400_000,
  }
}
