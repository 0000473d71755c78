import type { RunSpec } from './run-spec.ts'
import { effectiveDecayForm } from './training-spec.ts'

/** Something that each field allows but the fields together do not. */
export interface SpecProblem {
  readonly path: string
  readonly message: string
}

type Rule = (spec: RunSpec) => SpecProblem | null

function problem(path: string, message: string): SpecProblem {
  return { path, message }
}

const momentumKinds = ['sgd', 'momentum', 'nesterov']

const rules: readonly Rule[] = [
  ({ training }) =>
    training.weightDecay.value > 0 &&
    effectiveDecayForm(training) === 'paper' &&
    !momentumKinds.includes(training.optimizer)
      ? problem(
          'training.weightDecay.form',
          `must be gradient or decoupled with ${training.optimizer}: the paper's form is a rule for the velocity of SGD`,
        )
      : null,
  ({ training, model }) =>
    training.classWeights && training.classWeights.length !== model.classes
      ? problem(
          'training.classWeights',
          `must hold one weight for each of the ${model.classes} classes, but holds ${training.classWeights.length}`,
        )
      : null,
  ({ training }) =>
    training.classWeights && !training.classWeights.some((weight) => weight > 0)
      ? problem('training.classWeights', 'must hold at least one weight above 0')
      : null,
  ({ data, model }) =>
    data.resize !== null && data.resize < model.input.size
      ? problem('data.resize', `must be at least the input's ${model.input.size} pixels, but is ${data.resize}`)
      : null,
  ({ data, model }) =>
    (data.tenCrop || data.augmentation.randomCrop) && (data.resize ?? model.input.size) <= model.input.size
      ? problem(
          'data.resize',
          `must be more than the input's ${model.input.size} pixels for ${data.tenCrop ? 'ten crops' : 'random crops'}`,
        )
      : null,
  ...(['mean', 'deviation', 'testMean', 'testDeviation'] as const).map((name): Rule => ({ data, model }) => {
    const values = data[name]
    const used = name.startsWith('test') ? values !== null : data.pixels === 'custom'
    const { channels } = model.input
    if (!used || !values || values.length === 1 || values.length === channels) return null
    return problem(
      `data.${name}`,
      `must hold 1 or ${channels} numbers for ${channels} channels, but holds ${values.length}`,
    )
  }),
  ({ data }) =>
    (data.testMean === null) !== (data.testDeviation === null)
      ? problem(
          data.testMean === null ? 'data.testMean' : 'data.testDeviation',
          'must be given too: mean and deviation for test images go together',
        )
      : null,
  ({ data, training }) =>
    data.validationFraction === 0 && training.schedule.kind === 'plateau'
      ? problem('data.validationFraction', 'must be more than 0: the plateau schedule watches the validation error')
      : null,
  ({ data, training }) =>
    data.validationFraction === 0 && training.earlyStopping.patience !== null
      ? problem('data.validationFraction', 'must be more than 0: early stopping watches the validation images')
      : null,
  ({ training }) =>
    training.schedule.table.slice(0, -1).some(({ epochs }) => epochs === null)
      ? problem('training.schedule.table', 'must name the epochs of all rows but the last')
      : null,
  ({ training: { transfer } }) =>
    transfer.from === null && transfer.frozen.length > 0
      ? problem('training.transfer.frozen', 'must be empty unless training.transfer.from says where weights come from')
      : null,
  ({ training: { transfer } }) =>
    transfer.from !== null && !/^(run:[\w-]+(@\d+)?|file:.+)$/.test(transfer.from)
      ? problem('training.transfer.from', 'must be run:ID, run:ID@STEP or file:PATH')
      : null,
  ({ training: { transfer, pretraining } }) =>
    transfer.from !== null && pretraining.kind !== 'none'
      ? problem('training.pretraining.kind', 'must be none when the first weights come from elsewhere')
      : null,
]

/** Everything that is wrong with the fields of a spec together, in the order of the rules; empty when nothing is. */
export function specProblems(spec: RunSpec): SpecProblem[] {
  return rules.map((rule) => rule(spec)).filter((found) => found !== null)
}

/** What a user should know before starting: allowed, but easily done by mistake. */
export function specWarnings({ data, training, model }: RunSpec): SpecProblem[] {
  const warnings: SpecProblem[] = []
  if (data.testMean !== null) {
    warnings.push(
      problem(
        'data.testMean',
        'Test images are normalised in another way than the training images. Document 004 does so; it usually costs accuracy.',
      ),
    )
  }
  if (data.augmentation.colorShift > 0 && model.input.channels === 1) {
    warnings.push(
      problem('data.augmentation.colorShift', 'With grey images the colour shift changes the brightness only.'),
    )
  }
  if (training.optimizer === 'adamw' && training.weightDecay.value === 0) {
    warnings.push(problem('training.weightDecay.value', 'AdamW without weight decay is Adam.'))
  }
  const { transfer } = training
  if (transfer.unfreezeEvery !== null && transfer.frozen.length === 0) {
    warnings.push(problem('training.transfer.unfreezeEvery', 'No layer is frozen, so there is none to release.'))
  }
  if (transfer.replaceHead && transfer.from === null) {
    warnings.push(
      problem('training.transfer.replaceHead', 'All layers are drawn anew: no weights come from elsewhere.'),
    )
  }
  return warnings
}
