import { WorkbenchError } from '../../../domain/errors.ts'
import { learningRateFactor } from '../../../domain/schedule/transfer-plan.ts'
import { effectiveDecayForm, type OptimizerKind, type TrainingSpec } from '../../../domain/spec/training-spec.ts'
import type { NamedWeight } from '../../models/build-model.ts'
import type { Optimizer } from './optimizer.ts'
import {
  adamRule,
  gradientDescent,
  momentumRule,
  paperMomentumRule,
  rmspropRule,
  type UpdateRule,
} from './update-rules.ts'
import { addsToGradient, decayOf } from './weight-decay.ts'
import { WeightOptimizer } from './weight-optimizer.ts'

const rules: Record<OptimizerKind, (training: TrainingSpec) => UpdateRule> = {
  sgd: () => gradientDescent,
  momentum: ({ momentum }) => momentumRule(momentum, false),
  nesterov: ({ momentum }) => momentumRule(momentum, true),
  adam: ({ adam }) => adamRule(adam),
  adamw: ({ adam }) => adamRule(adam),
  rmsprop: ({ rmsprop, momentum }) => rmspropRule({ ...rmsprop, momentum }),
}

const paperRules: Partial<Record<OptimizerKind, (training: TrainingSpec) => UpdateRule>> = {
  sgd: () => gradientDescent,
  momentum: ({ momentum }) => paperMomentumRule(momentum, false),
  nesterov: ({ momentum }) => paperMomentumRule(momentum, true),
}

function ruleOf(training: TrainingSpec): UpdateRule {
  const { optimizer, weightDecay } = training
  const paper = weightDecay.value > 0 && effectiveDecayForm(training) === 'paper'
  const make = (paper ? paperRules : rules)[optimizer]
  if (make) return make(training)
  throw new WorkbenchError(
    'invalid-value',
    `training.weightDecay.form must be gradient or decoupled with ${optimizer}, but got paper.`,
    { path: 'training.weightDecay.form' },
  )
}

/**
 * The optimizer of the supervised training.
 * @param learned names of the layers with a kernel, first to last: discriminative learning rates count from the last.
 * @throws WorkbenchError `invalid-value` for the paper's weight decay with a rule that has no velocity of SGD.
 */
export function makeOptimizer(
  training: TrainingSpec,
  weights: readonly NamedWeight[],
  learned: readonly string[],
): Optimizer {
  return new WeightOptimizer(weights, ruleOf(training), (weight) => ({
    decay: decayOf(weight, training),
    decoupled: !addsToGradient(training),
    rateFactor: learningRateFactor(training.transfer, learned, weight.layer),
  }))
}
