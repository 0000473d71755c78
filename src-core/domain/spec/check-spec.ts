import { findDataset, requireClasses, type DatasetInfo } from '../dataset.ts'
import { WorkbenchError } from '../errors.ts'
import { learnedLayers, planArchitecture } from '../network/architecture.ts'
import { specProblems } from './consistency.ts'
import { parseSpec } from './paths.ts'
import type { RunSpec } from './run-spec.ts'
import { planWorkload, requireFullBatch } from '../workload.ts'

export interface CheckedSpec {
  readonly spec: RunSpec
  /** Weights of the network, trainable or not. */
  readonly parameters: number
}

/**
 * Finds out before anything is recorded whether a run can train at all.
 * @param datasets those that exist.
 * @throws WorkbenchError `unknown-field`, `invalid-value`, `unknown-dataset`, `input-too-small`, `batch-too-large`.
 */
export function checkSpec(value: unknown, datasets: readonly DatasetInfo[]): CheckedSpec {
  const spec = parseSpec(value)
  requireConsistent(spec)
  const dataset = findDataset(spec.data.dataset, datasets)
  const architecture = planArchitecture(spec.model)
  const layers = learnedLayers(architecture)
  requireLayers('training.transfer.frozen', spec.training.transfer.frozen, layers)
  requireLayers('training.weightDecay.exclude', spec.training.weightDecay.exclude, layers)
  requireLayers('model.onesBiases', spec.model.onesBiases, allLayers(spec))
  requireClasses(spec.model, dataset)
  requireFullBatch(spec, planWorkload(spec, dataset))
  return { spec, parameters: architecture.params }
}

/** Removed ones too: the network without a layer is compared with the whole one, whose list it keeps. */
function allLayers({ model: { convolutions, dense } }: RunSpec): string[] {
  const convolutional = convolutions.map((_, index) => `conv${index + 1}`)
  const connected = [...dense, null].map((_, index) => `fc${convolutions.length + index + 1}`)
  return [...convolutional, ...connected]
}

function requireConsistent(spec: RunSpec): void {
  const [problem] = specProblems(spec)
  if (!problem) return
  const { path, message } = problem
  throw new WorkbenchError('invalid-value', `${path}: ${message}.`, { path })
}

function requireLayers(path: string, names: readonly string[], known: readonly string[]): void {
  const missing = names.find((name) => !known.includes(name))
  if (missing === undefined) return
  const message = `${path}: must name layers of this network (${known.join(', ')}), but got ${missing}.`
  throw new WorkbenchError('invalid-value', message, { path })
}
