import type { ModelSpec } from '../spec/model-spec.ts'
import { planArchitecture } from './architecture.ts'

const known = new WeakMap<ModelSpec, number | null>()

/**
 * Multiply-accumulates of a network's forward pass for one image. Null for a network that cannot be laid out: the record
 * may hold one of another build. Worked out once per spec.
 */
export function forwardMacs(model: ModelSpec): number | null {
  const found = known.get(model)
  if (found !== undefined) return found
  let macs: number | null = null
  try {
    const { conv, dense } = planArchitecture(model).macs
    macs = conv + dense
  } catch {
    // Said where the network is shown.
  }
  known.set(model, macs)
  return macs
}
