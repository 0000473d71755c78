/** What the fields of a spec are called in the window. */
const labels: Readonly<Record<string, string>> = {
  version: 'Version',
  recipe: 'Recipe',
  'data.dataset': 'Data set',
  'data.trainImages': 'Training images',
  'data.testImages': 'Test images',
  'data.validationFraction': 'Validation share',
  'data.resize': 'Resize to',
  'data.pixels': 'Pixels',
  'data.mean': 'Means',
  'data.deviation': 'Deviations',
  'data.testMean': 'Test means',
  'data.testDeviation': 'Test deviations',
  'data.tenCrop': 'Ten crops',
  'data.augmentation': 'Augmentation',
  'data.augmentation.translation': 'Shift',
  'data.augmentation.randomCrop': 'Random crop',
  'data.augmentation.flip': 'Mirror',
  'data.augmentation.rotation': 'Rotation',
  'data.augmentation.scaling': 'Scaling',
  'data.augmentation.brightness': 'Brightness',
  'data.augmentation.contrast': 'Contrast',
  'data.augmentation.noise': 'Noise',
  'data.augmentation.colorShift': 'Colour shift',
  'model.input.size': 'Input size',
  'model.input.channels': 'Channels',
  'model.classes': 'Classes',
  'model.widthMultiplier': 'Width multiplier',
  'model.convolutions': 'Convolutions',
  'model.removed': 'Removed convolutions',
  'model.dense': 'Hidden layers',
  'model.activation': 'Activation',
  'model.leakySlope': 'Leaky slope',
  'model.initializer': 'Initialiser',
  'model.onesBiases': 'Biases from 1',
  'model.output': 'Output',
  'model.normalization.kind': 'Normalisation',
  'model.normalization.position': 'Position',
  'model.normalization.blocks': 'Normalised blocks',
  'model.normalization.dense': 'In hidden layers',
  'model.normalization.densePosition': 'Position in hidden layers',
  'model.normalization.lrn.n': 'LRN n',
  'model.normalization.lrn.k': 'LRN k',
  'model.normalization.lrn.alpha': 'LRN alpha',
  'model.normalization.lrn.beta': 'LRN beta',
  'model.normalization.bn.epsilon': 'BN epsilon',
  'model.normalization.bn.momentum': 'BN average kept',
  'model.normalization.gn.groups': 'GN groups',
  'model.normalization.gn.epsilon': 'GN epsilon',
  'model.dropout.rate': 'Dropout rate',
  'model.dropout.position': 'Dropout position',
  'training.epochs': 'Epochs',
  'training.steps': 'Steps',
  'training.batchSize': 'Batch size',
  'training.seed': 'Seed',
  'training.optimizer': 'Optimizer',
  'training.learningRate': 'Learning rate',
  'training.momentum': 'Momentum',
  'training.adam.beta1': 'Adam beta 1',
  'training.adam.beta2': 'Adam beta 2',
  'training.adam.epsilon': 'Adam epsilon',
  'training.rmsprop.rho': 'RMSprop rho',
  'training.rmsprop.epsilon': 'RMSprop epsilon',
  'training.weightDecay.value': 'Weight decay',
  'training.weightDecay.form': 'Decay form',
  'training.weightDecay.biases': 'Biases decay',
  'training.weightDecay.normalization': 'Gamma, beta decay',
  'training.weightDecay.exclude': 'Without decay',
  'training.schedule.kind': 'Schedule',
  'training.schedule.warmupEpochs': 'Warm-up epochs',
  'training.schedule.table': 'Rates by epoch',
  'training.schedule.factor': 'Factor of the rate',
  'training.schedule.everyEpochs': 'Epochs per step',
  'training.schedule.patience': 'Patience',
  'training.schedule.reductions': 'Reductions',
  'training.schedule.finalShare': 'Final share',
  'training.schedule.riseShare': 'Rise share',
  'training.schedule.startDivisor': 'Start divisor',
  'training.schedule.finalDivisor': 'Final divisor',
  'training.labelSmoothing': 'Label smoothing',
  'training.classWeights': 'Class weights',
  'training.gradientClipNorm': 'Gradient clipping',
  'training.precision': 'Precision',
  'training.selection': 'Best checkpoint by',
  'training.earlyStopping.patience': 'Stop early after',
  'training.earlyStopping.metric': 'Stop early by',
  'training.earlyStopping.minimumChange': 'Smallest change',
  'training.pretraining.kind': 'Pre-training',
  'training.pretraining.epochs': 'Epochs per layer',
  'training.pretraining.learningRate': 'Pre-training rate',
  'training.transfer.from': 'First weights',
  'training.transfer.replaceHead': 'Replace the head',
  'training.transfer.frozen': 'Frozen layers',
  'training.transfer.unfreezeEvery': 'Unfreeze every',
  'training.transfer.layerFactor': 'Rate factor per layer',
  'environment.ablate': 'Ablate',
  'environment.tensorflow': 'TensorFlow',
  'environment.tfjs': 'TensorFlow.js',
  'environment.runtime': 'Runtime',
  'environment.device': 'Device',
  'environment.deviceName': 'Name of the device',
  'environment.threads': 'Threads',
  'environment.cpu': 'Processor',
  'environment.cpuFlags': 'Processor features',
  'environment.kernels': 'Convolutions by',
  'environment.platform': 'Platform',
  'environment.totalMemoryMib': 'Memory (MiB)',
}

/** What the groups of a spec's fields are called, by the beginning of their paths. */
const groupLabels: Readonly<Record<string, string>> = {
  data: 'Data',
  model: 'Network',
  'model.input': 'Input',
  'model.normalization': 'Normalisation',
  'model.normalization.lrn': 'LRN',
  'model.normalization.bn': 'Batch normalisation',
  'model.normalization.gn': 'Group normalisation',
  'model.dropout': 'Dropout',
  training: 'Training',
  'training.adam': 'Adam',
  'training.rmsprop': 'RMSprop',
  'training.weightDecay': 'Weight decay',
  'training.schedule': 'Schedule',
  'training.earlyStopping': 'Early stopping',
  'training.pretraining': 'Pre-training',
  'training.transfer': 'Transfer',
  environment: 'Environment',
}

const parts: Readonly<Record<string, string>> = {
  filters: 'filters',
  kernel: 'kernel',
  stride: 'stride',
  padding: 'padding',
  groups: 'groups',
  pool: 'pool',
  'pool.kind': 'pool kind',
  'pool.size': 'pool size',
  'pool.stride': 'pool stride',
  units: 'units',
  dropout: 'dropout',
  'dropout.rate': 'dropout rate',
  'dropout.position': 'dropout position',
  epochs: 'epochs',
  learningRate: 'learning rate',
}

const lists: Readonly<Record<string, string>> = {
  'model.convolutions': 'conv',
  'model.dense': 'Hidden layer ',
  'training.schedule.table': 'Table row ',
  'training.classWeights': 'Weight of class ',
}

/** The label of a list's item or of a field in it: conv2 filters, Hidden layer 1 units, Table row 3 epochs. */
function itemLabel(path: string): string | undefined {
  const match = /^(.+?)\.(\d+)(?:\.(.+))?$/.exec(path)
  const list = match && lists[match[1]!]
  if (!match || list === undefined) return undefined
  const item = `${list}${Number(match[2]) + 1}`
  if (match[3] === undefined) return item
  const part = parts[match[3]]
  return part && `${item} ${part}`
}

/** The human name of a spec's path; the path itself for one that is not known. */
export function fieldLabel(path: string): string {
  return labels[path] ?? itemLabel(path) ?? path
}

/** The human name of a group of fields. */
export function groupLabel(path: string): string {
  return groupLabels[path] ?? fieldLabel(path)
}

/** What null means for a field. */
const nullWords: Readonly<Record<string, string>> = {
  'training.steps': 'by epochs',
  'data.resize': 'input size',
  'data.testMean': 'as in training',
  'data.testDeviation': 'as in training',
  'training.classWeights': 'all alike',
  'training.gradientClipNorm': 'none',
  'training.earlyStopping.patience': 'never',
  'training.transfer.from': 'random',
  'training.transfer.unfreezeEvery': 'never',
}

/** What null means for the field at a path, in a word or two. */
export function nullText(path: string): string {
  if (path.endsWith('.pool')) return 'none'
  if (path.endsWith('.dropout')) return 'as the others'
  if (/\.table\.\d+\.epochs$/.test(path)) return 'the rest'
  return nullWords[path] ?? 'all'
}
