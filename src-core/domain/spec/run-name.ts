import type { DatasetInfo } from '../dataset.ts'
import { augments } from './data-spec.ts'
import type { Activation, ModelSpec, NormalizationKind } from './model-spec.ts'
import { differences, flattenSpec } from './paths.ts'
import { recipes } from './recipes.ts'
import type { RunSpec } from './run-spec.ts'
import type { OptimizerKind, Schedule, TrainingSpec } from './training-spec.ts'

/** Changes that no phrase below knows are spelled out up to this many, then counted. */
const mostSpelledOut = 2
const longestValue = 24

const activationNames: Record<Activation, string> = {
  relu: 'ReLU',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  'leaky-relu': 'leaky ReLU',
  gelu: 'GELU',
}

const normalizationNames: Record<NormalizationKind, string> = {
  none: 'no normalisation',
  lrn: 'LRN',
  bn: 'BN',
  gn: 'GN',
}

const optimizerNames: Record<OptimizerKind, string> = {
  sgd: 'SGD',
  momentum: 'momentum',
  nesterov: 'Nesterov',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
}

const scheduleNames: Record<Schedule['kind'], string> = {
  constant: 'constant rate',
  table: 'rate by table',
  plateau: 'rate by plateau',
  step: 'step schedule',
  exponential: 'exponential schedule',
  cosine: 'cosine schedule',
  'one-cycle': 'one-cycle',
}

const initializerNames: Record<ModelSpec['initializer'], string> = {
  'he-normal': 'He normal',
  'he-uniform': 'He uniform',
  'glorot-normal': 'Glorot normal',
  'glorot-uniform': 'Glorot uniform',
  'normal-0.01': 'normal 0.01',
}

const pretrainingNames: Record<TrainingSpec['pretraining']['kind'], string> = {
  none: 'no pre-training',
  autoencoder: 'auto-encoder',
  rbm: 'Boltzmann machine',
}

/** A number as people write it; a draft may hold a value that is none, and that is left out of a name. */
function numberText(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? String(Number(value.toPrecision(6))) : null
}

function amount(before: string, value: unknown): string | null {
  const text = numberText(value)
  return text === null ? null : `${before} ${text}`
}

function count(value: unknown, after: string): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? `${value.toLocaleString('en-US')} ${after}` : null
}

function layerList(numbers: readonly number[]): string {
  return numbers.map((number) => `conv${number}`).join(' ')
}

/** How a change of these paths is said. A path that ends with a dot stands for everything below it. */
interface Phrase {
  readonly paths: readonly string[]
  readonly say: (spec: RunSpec, changed: ReadonlySet<string>, datasets: readonly DatasetInfo[]) => string | null
}

function phrase(path: string | readonly string[], say: Phrase['say']): Phrase {
  return { paths: typeof path === 'string' ? [path] : path, say }
}

function sayOptimizer({ training }: RunSpec, changed: ReadonlySet<string>): string | null {
  if (!changed.has('training.optimizer')) return amount('lr', training.learningRate)
  const name: string | undefined = optimizerNames[training.optimizer]
  if (name === undefined) return null
  return changed.has('training.learningRate') ? (amount(name, training.learningRate) ?? name) : name
}

const modelPhrases: readonly Phrase[] = [
  phrase(
    'data.dataset',
    ({ data }, _changed, datasets) => datasets.find(({ id }) => id === data.dataset)?.title ?? data.dataset,
  ),
  phrase('model.input.size', ({ model }) => count(model.input.size, 'pixels')),
  phrase('model.input.channels', ({ model }) => (model.input.channels === 1 ? 'grey' : 'colour')),
  phrase('model.activation', ({ model }) => activationNames[model.activation] ?? null),
  phrase('model.normalization.kind', ({ model }) => normalizationNames[model.normalization.kind] ?? null),
  phrase('model.removed', ({ model }) =>
    model.removed.length > 0 ? `without ${layerList(model.removed)}` : 'all convolutions',
  ),
  phrase('model.dropout.rate', ({ model }) =>
    model.dropout.rate === 0 ? 'no dropout' : amount('dropout', model.dropout.rate),
  ),
  phrase('model.widthMultiplier', ({ model }) => amount('width', model.widthMultiplier)),
  phrase('model.initializer', ({ model }) => initializerNames[model.initializer] ?? null),
]

const trainingPhrases: readonly Phrase[] = [
  phrase('data.trainImages', ({ data }) =>
    data.trainImages === null ? 'all images' : count(data.trainImages, 'images'),
  ),
  phrase('data.testImages', () => null),
  phrase('data.augmentation.', ({ data }) => (augments(data.augmentation) ? 'augmented' : 'not augmented')),
  phrase('data.tenCrop', ({ data }) => (data.tenCrop ? 'ten crops' : 'one crop')),
  phrase(['training.optimizer', 'training.learningRate'], sayOptimizer),
  phrase('training.schedule.kind', ({ training }) => scheduleNames[training.schedule.kind] ?? null),
  phrase('training.weightDecay.value', ({ training }) => amount('weight decay', training.weightDecay.value)),
  phrase('training.batchSize', ({ training }) => amount('batch', training.batchSize)),
  phrase('training.labelSmoothing', ({ training }) => amount('label smoothing', training.labelSmoothing)),
  phrase('training.pretraining.kind', ({ training }) => pretrainingNames[training.pretraining.kind] ?? null),
  phrase('training.transfer.from', ({ training }) =>
    training.transfer.from === null ? 'random start' : 'transferred',
  ),
  phrase('training.transfer.frozen', ({ training }) =>
    training.transfer.frozen.length > 0 ? `${training.transfer.frozen.join(' ')} frozen` : 'nothing frozen',
  ),
  phrase('training.epochs', ({ training }) => count(training.epochs, 'epochs')),
  phrase('training.steps', ({ training }) => (training.steps === null ? null : count(training.steps, 'steps'))),
]

/** Titles that name a value which the run may have changed are cut before it; the value is said instead. */
const cutTitles: readonly { readonly pattern: RegExp; readonly path: string }[] = [
  { pattern: / with (batch|local response) normalisation.*$/, path: 'model.normalization.kind' },
  { pattern: /, ReLU against tanh$/, path: 'model.activation' },
]

function matches(path: string, pattern: string): boolean {
  return path === pattern || (pattern.endsWith('.') && path.startsWith(pattern))
}

/** A field that has no phrase of its own: "conv1 filters 64", "lrn alpha 0.0005". */
function spellOut(spec: RunSpec, path: string, value: unknown): string {
  const keys = path.split('.')
  const item = /^\d+$/.test(keys[2] ?? '') ? Number(keys[2]) : null
  const number = item === null ? 0 : item + 1 + (keys[1] === 'dense' ? spec.model.convolutions.length : 0)
  const layer = { convolutions: `conv${number}`, dense: `fc${number}` }[keys[1]!]
  const place = item !== null && layer !== undefined ? [layer, ...keys.slice(3)] : keys.slice(-2)
  const words = place.join(' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const text = numberText(value) ?? (typeof value === 'string' ? value : JSON.stringify(value))
  return `${words} ${text.length > longestValue ? `${text.slice(0, longestValue - 3)}...` : text}`
}

function spellOutAll(spec: RunSpec, paths: readonly string[]): string[] {
  const flat = flattenSpec(spec)
  const present = paths.filter((path) => flat[path] !== undefined)
  if (present.length > mostSpelledOut) return [`${present.length} more changes`]
  return present.map((path) => spellOut(spec, path, flat[path]))
}

/**
 * What the spec says at these paths, in few words and in a fixed order: "tanh", "dropout 0.4", "Adam 0.001".
 * The seed is not among them.
 * @param datasets those that exist, for their titles.
 */
export function changeWords(spec: RunSpec, paths: readonly string[], datasets: readonly DatasetInfo[]): string[] {
  const phrases = [...modelPhrases, ...trainingPhrases]
  const known = phrases.filter((one) => paths.some((path) => one.paths.some((pattern) => matches(path, pattern))))
  const changed = new Set(paths)
  const said = known.map((one) => one.say(spec, changed, datasets)).filter((words) => words !== null)
  const others = paths.filter(
    (path) => path !== 'training.seed' && !phrases.some((one) => one.paths.some((pattern) => matches(path, pattern))),
  )
  return [...said, ...spellOutAll(spec, others)]
}

/** A recipe's title without what a changed run may contradict, and the paths that must be said instead. */
function shortTitle(id: string): { readonly title: string; readonly paths: readonly string[] } {
  const title = recipes.find((recipe) => recipe.id === id)?.title ?? id
  const cuts = cutTitles.filter(({ pattern }) => pattern.test(title))
  return {
    title: cuts.reduce((text, { pattern }) => text.replace(pattern, ''), title),
    paths: cuts.map(({ path }) => path),
  }
}

/** The number of classes follows the data set unless somebody chose another. */
function isClassesOfDataset(spec: RunSpec, path: string, datasets: readonly DatasetInfo[]): boolean {
  const dataset = datasets.find(({ id }) => id === spec.data.dataset)
  return path === 'model.classes' && spec.model.classes === dataset?.labels.length
}

/**
 * A name that says how a run differs from its recipe: "Small AlexNet, tanh, Adam 0.001, seed 2".
 * @param datasets those that exist.
 */
export function proposeRunName(spec: RunSpec, datasets: readonly DatasetInfo[]): string {
  const base = recipes.find((recipe) => recipe.id === spec.recipe)?.spec
  const { title, paths } = shortTitle(spec.recipe)
  const changed = base ? differences([base, spec]).map(({ path }) => path) : []
  const told = [...new Set([...paths, ...changed])].filter((path) => !isClassesOfDataset(spec, path, datasets))
  const seed = amount('seed', spec.training.seed)
  return [title, ...changeWords(spec, told, datasets), ...(seed === null ? [] : [seed])].join(', ')
}
