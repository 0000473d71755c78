import type { NamedWeight } from '../../models/build-model.ts'
import { adamRule, type AdamOptions } from './update-rules.ts'
import { WeightOptimizer } from './weight-optimizer.ts'

/** Adam without weight decay on any list of weights, at the same rate for all. */
export class AdamOptimizer extends WeightOptimizer {
  constructor(weights: readonly NamedWeight[], options: AdamOptions) {
    super(weights, adamRule(options), () => ({ decay: 0, decoupled: false, rateFactor: 1 }))
  }
}
