import { augments } from '../../../src-core/domain/spec/data-spec.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

type Rule = (spec: RunSpec, path: string) => boolean

const adaptive = ['adam', 'adamw']
const withMomentum = ['momentum', 'nesterov', 'rmsprop']

/** What normalises the hidden fully connected layers in the end: "same" knows neither "none" nor LRN there. */
function denseKind({ model: { normalization } }: RunSpec): string {
  const kind = normalization.dense === 'same' ? normalization.kind : normalization.dense
  return kind === 'bn' || kind === 'gn' ? kind : 'none'
}

const usesKind =
  (kind: string): Rule =>
  (spec) =>
    spec.model.normalization.kind === kind || (spec.model.dense.length > 0 && denseKind(spec) === kind)

const usesSchedule =
  (...kinds: string[]): Rule =>
  ({ training }) =>
    kinds.includes(training.schedule.kind)

const usesOptimizer =
  (...kinds: string[]): Rule =>
  ({ training }) =>
    kinds.includes(training.optimizer)

const normalises: Rule = ({ model }) => model.normalization.kind !== 'none'
const decays: Rule = ({ training }) => training.weightDecay.value > 0
const pretrains: Rule = ({ training }) => training.pretraining.kind !== 'none'
const transfers: Rule = ({ training }) => training.transfer.from !== null
const validates: Rule = ({ data }) => data.validationFraction > 0

/** Some hidden layer has no dropout of its own. */
const sharesDropout: Rule = ({ model }) => model.dense.some(({ dropout }) => dropout === null)

/** A removed convolution leaves its pool and its dropout behind. */
const isConvolved: Rule = ({ model }, path) => !model.removed.includes(Number(path.split('.')[2]) + 1)

/** The first rule whose pattern fits a path decides; paths without one always apply. */
const rules: readonly (readonly [pattern: RegExp, rule: Rule])[] = [
  [/^data\.(mean|deviation)$/, ({ data }) => data.pixels === 'custom'],
  [/^data\.testDeviation$/, ({ data }) => data.testMean !== null || data.testDeviation !== null],
  [
    /^data\.(tenCrop|augmentation\.randomCrop)$/,
    ({ data }) => data.resize !== null || data.tenCrop || data.augmentation.randomCrop,
  ],
  [/^model\.convolutions\.\d+\.(filters|kernel|stride|padding|groups)$/, isConvolved],
  [/^model\.leakySlope$/, ({ model }) => model.activation === 'leaky-relu'],
  [/^model\.normalization\.(position|blocks)$/, normalises],
  [/^model\.normalization\.dense$/, ({ model }) => model.dense.length > 0],
  [/^model\.normalization\.densePosition$/, (spec) => spec.model.dense.length > 0 && denseKind(spec) !== 'none'],
  [/^model\.normalization\.lrn\./, usesKind('lrn')],
  [/^model\.normalization\.bn\./, usesKind('bn')],
  [/^model\.normalization\.gn\./, usesKind('gn')],
  [/^model\.dropout\.rate$/, sharesDropout],
  [/^model\.dropout\.position$/, (spec, path) => sharesDropout(spec, path) && spec.model.dropout.rate > 0],
  [/^training\.epochs$/, ({ training }) => training.steps === null],
  [/^training\.learningRate$/, ({ training }) => training.schedule.kind !== 'table'],
  [/^training\.momentum$/, usesOptimizer(...withMomentum)],
  [/^training\.adam\./, usesOptimizer(...adaptive)],
  [/^training\.rmsprop\./, usesOptimizer('rmsprop')],
  // AdamW's decay is always decoupled.
  [/^training\.weightDecay\.form$/, (spec, path) => decays(spec, path) && spec.training.optimizer !== 'adamw'],
  [
    /^training\.weightDecay\.normalization$/,
    (spec, path) => decays(spec, path) && ['bn', 'gn'].some((kind) => usesKind(kind)(spec, path)),
  ],
  [/^training\.weightDecay\.(biases|exclude)$/, decays],
  [/^training\.schedule\.table(\.|$)/, usesSchedule('table')],
  [/^training\.schedule\.factor$/, usesSchedule('step', 'exponential', 'plateau')],
  [/^training\.schedule\.everyEpochs$/, usesSchedule('step')],
  [/^training\.schedule\.(patience|reductions)$/, usesSchedule('plateau')],
  [/^training\.schedule\.finalShare$/, usesSchedule('cosine')],
  [/^training\.schedule\.(riseShare|startDivisor|finalDivisor)$/, usesSchedule('one-cycle')],
  [/^training\.selection$/, validates],
  [/^training\.earlyStopping\.(metric|minimumChange)$/, ({ training }) => training.earlyStopping.patience !== null],
  [/^training\.pretraining\.(epochs|learningRate)$/, pretrains],
  [/^training\.transfer\.(replaceHead|frozen)$/, transfers],
  [
    /^training\.transfer\.unfreezeEvery$/,
    (spec, path) => transfers(spec, path) && spec.training.transfer.frozen.length > 0,
  ],
]

/**
 * Whether a field has any effect with the other choices of the spec: Adam's constants only with Adam, the rows of the
 * table only with the table. The form, the configuration panel and the comparison leave out what has none. The spec
 * may still be unchecked, as it is while someone types.
 */
export function applies(path: string, spec: RunSpec): boolean {
  const rule = rules.find(([pattern]) => pattern.test(path))?.[1]
  return rule ? rule(spec, path) : true
}

/** Whether training images differ from those of the data set in more than their normalisation. */
export function changesImages({ data }: RunSpec): boolean {
  return augments(data.augmentation) || data.resize !== null
}
