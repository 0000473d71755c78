import type { Run } from '../../../src-core/domain/run.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'

/** The newest run of exactly this network, with its measured rate; null when none was measured. */
export function measuredRate(model: ModelSpec, runs: Iterable<Run>): { run: Run; imagesPerSecond: number } | null {
  const wanted = JSON.stringify(model)
  const measured = [...runs].filter((run) => run.imagesPerSecond && JSON.stringify(run.spec.model) === wanted)
  const newest = measured.sort((a, b) => b.createdAt - a.createdAt)[0]
  return newest ? { run: newest, imagesPerSecond: newest.imagesPerSecond! } : null
}
