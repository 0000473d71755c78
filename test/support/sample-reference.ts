import type { ReferenceCurves } from '../../src-core/domain/references/reference-curves.ts'

/** Three points of a loss, as they come from a CSV file. */
export function sampleReference(id = 1, name = 'paper'): ReferenceCurves {
  const step = Float64Array.of(0, 500, 1000)
  const curves = [{ label: 'train/loss', values: Float64Array.of(2.3, 1.1, 0.7) }]
  return { id, name, step, epoch: null, curves, createdAt: 1_700_000_000_000 }
}
