import { planArchitecture } from '../domain/architecture.ts'
import { findDataset, requireClasses } from '../domain/dataset.ts'
import { parseSpec } from '../domain/spec/paths.ts'
import type { RunSpec } from '../domain/spec/run-spec.ts'
import { planWorkload, requireFullBatch } from '../domain/workload.ts'

export interface CheckedSpec {
  readonly spec: RunSpec
  /** Weights of the network, trainable or not. */
  readonly parameters: number
}

/**
 * Finds out before anything is recorded whether a run can train at all.
 * @throws WorkbenchError `unknown-field`, `invalid-value`, `unknown-dataset`, `input-too-small`, `batch-too-large`.
 */
export function checkSpec(value: unknown): CheckedSpec {
  const spec = parseSpec(value)
  const dataset = findDataset(spec.data.dataset)
  const { params } = planArchitecture(spec.model)
  requireClasses(spec.model, dataset)
  requireFullBatch(spec, planWorkload(spec, dataset))
  return { spec, parameters: params }
}
