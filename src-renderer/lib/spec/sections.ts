import { augments, type Augmentation } from '../../../src-core/domain/spec/data-spec.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { formatNumber, plural } from '../format.ts'
import { normalizationNames } from '../run/run-name.ts'
import { choiceTitle } from './choices.ts'
import { fieldLabel } from './labels.ts'

export const sectionIds = [
  'data',
  'network',
  'normalization',
  'regularization',
  'optimizer',
  'schedule',
  'pretraining',
  'transfer',
  'advanced',
] as const
export type SectionId = (typeof sectionIds)[number]

/** The beginnings of the paths of each section, more special ones first; what fits none is of the network. */
const places: readonly (readonly [prefix: string, section: SectionId])[] = [
  ['data.', 'data'],
  ['model.normalization.', 'normalization'],
  ['model.dropout.', 'regularization'],
  ['model.output', 'advanced'],
  ['model.onesBiases', 'advanced'],
  ['model.', 'network'],
  ['training.weightDecay.', 'regularization'],
  ['training.labelSmoothing', 'regularization'],
  ['training.earlyStopping.', 'regularization'],
  ['training.schedule.', 'schedule'],
  ['training.epochs', 'schedule'],
  ['training.steps', 'schedule'],
  ['training.seed', 'schedule'],
  ['training.pretraining.', 'pretraining'],
  ['training.transfer.', 'transfer'],
  ['training.classWeights', 'advanced'],
  ['training.selection', 'advanced'],
  ['training.', 'optimizer'],
]

/** The section of New run in which a path's field stands. */
export function sectionOf(path: string): SectionId {
  return places.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'network'
}

/** A value that may still be being typed. */
function number(value: unknown): string {
  return typeof value === 'number' ? formatNumber(value) : String(value ?? '')
}

function counted(value: unknown, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`
}

function augmentationSummary(augmentation: Augmentation): string[] {
  const on = Object.entries(augmentation).filter(([, value]) => value === true || (value as number) > 0)
  return on.map(([name]) => fieldLabel(`data.augmentation.${name}`).toLowerCase())
}

function dataSummary(spec: RunSpec): string {
  const { trainImages, pixels, augmentation, tenCrop } = spec.data
  const images = trainImages === null ? 'all images' : `${number(trainImages)} images`
  const changed = augments(augmentation) ? augmentationSummary(augmentation) : []
  return [images, choiceTitle('data.pixels', pixels).toLowerCase(), ...changed, ...(tenCrop ? ['ten crops'] : [])].join(
    ', ',
  )
}

function networkSummary({ model }: RunSpec): string {
  const convolutions = model.convolutions.length - model.removed.length
  const width = model.widthMultiplier === 1 ? [] : [`width ${number(model.widthMultiplier)}`]
  return [
    `${number(model.input.size)} px`,
    `${convolutions} conv, ${model.dense.length + 1} fc`,
    ...width,
    choiceTitle('model.activation', model.activation),
  ].join(', ')
}

function normalizationSummary({ model }: RunSpec): string {
  const { kind, blocks, dense } = model.normalization
  const inDense = model.dense.length > 0 && (dense === 'bn' || dense === 'gn') ? `, ${dense.toUpperCase()} in fc` : ''
  if (kind === 'none') return `None${inDense}`
  return `${normalizationNames[kind]}, ${blocks.length === 0 ? 'no block' : `blocks ${blocks.join(' ')}`}${inDense}`
}

function regularizationSummary({ model, training }: RunSpec): string {
  const { weightDecay, labelSmoothing, earlyStopping } = training
  const parts = [
    ...(model.dense.length > 0 ? [`dropout ${number(model.dropout.rate)}`] : []),
    ...(weightDecay.value === 0 ? [] : [`decay ${number(weightDecay.value)}`]),
    ...(labelSmoothing === 0 ? [] : [`smoothing ${number(labelSmoothing)}`]),
    ...(earlyStopping.patience === null ? [] : ['stops early']),
  ]
  return parts.length === 0 ? 'None' : sentenceCase(parts.join(', '))
}

function optimizerSummary({ training }: RunSpec): string {
  const rate = training.schedule.kind === 'table' ? [] : [number(training.learningRate)]
  return [choiceTitle('training.optimizer', training.optimizer), ...rate, `batch ${number(training.batchSize)}`].join(
    ', ',
  )
}

function scheduleSummary({ training }: RunSpec): string {
  const { steps, epochs, schedule, seed } = training
  const budget = steps === null ? counted(epochs, 'epoch') : counted(steps, 'step')
  const warmup = schedule.warmupEpochs === 0 ? [] : ['warm-up']
  return [choiceTitle('training.schedule.kind', schedule.kind), ...warmup, budget, `seed ${number(seed)}`].join(', ')
}

function pretrainingSummary({ training: { pretraining } }: RunSpec): string {
  const title = choiceTitle('training.pretraining.kind', pretraining.kind)
  if (pretraining.kind === 'none') return title
  return `${title}, ${plural(pretraining.epochs, 'epoch')} per layer`
}

function transferSummary({ training: { transfer } }: RunSpec): string {
  const rates = transfer.layerFactor === 1 ? '' : `, rate factor ${number(transfer.layerFactor)}`
  if (transfer.from === null) return `Random first weights${rates}`
  const frozen = transfer.frozen.length === 0 ? 'none frozen' : `${transfer.frozen.length} frozen`
  return `${transfer.from.startsWith('file:') ? 'From a file' : 'From a run'}, ${frozen}${rates}`
}

function advancedSummary({ model, training }: RunSpec): string {
  const parts = [
    choiceTitle('model.output', model.output),
    ...(model.onesBiases.length > 0 ? [`${plural(model.onesBiases.length, 'layer')} with ones`] : []),
    ...(training.classWeights ? ['classes weighted'] : []),
    `best by ${choiceTitle('training.selection', training.selection).toLowerCase()}`,
  ]
  return parts.join(', ')
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

interface Section {
  readonly title: string
  readonly summary: (spec: RunSpec) => string
}

/** What the sections of New run are called, and what is set in them in one line. */
export const sections: Readonly<Record<SectionId, Section>> = {
  data: { title: 'Data and augmentation', summary: dataSummary },
  network: { title: 'Network', summary: networkSummary },
  normalization: { title: 'Normalisation', summary: normalizationSummary },
  regularization: { title: 'Regularisation', summary: regularizationSummary },
  optimizer: { title: 'Optimizer', summary: optimizerSummary },
  schedule: { title: 'Schedule and budget', summary: scheduleSummary },
  pretraining: { title: 'Pre-training', summary: pretrainingSummary },
  transfer: { title: 'Transfer', summary: transferSummary },
  advanced: { title: 'Advanced', summary: advancedSummary },
}
