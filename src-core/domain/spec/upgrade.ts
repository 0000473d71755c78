import { noAugmentation } from './data-spec.ts'
import { plainTraining } from './training-spec.ts'

type Fields = Record<string, unknown>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function convolutionFrom1(convolution: unknown): unknown {
  if (!isFields(convolution)) return convolution
  const { pool } = convolution
  return { ...convolution, groups: 1, pool: isFields(pool) ? { kind: 'max', ...pool } : pool, dropout: 0 }
}

function listFrom1(list: unknown, translate: (item: unknown) => unknown): unknown {
  return Array.isArray(list) ? list.map(translate) : list
}

function modelFrom1(model: Fields): Fields {
  const normalization = isFields(model['normalization']) ? model['normalization'] : {}
  return {
    ...model,
    convolutions: listFrom1(model['convolutions'], convolutionFrom1),
    removed: [],
    dense: listFrom1(model['dense'], (layer) => (isFields(layer) ? { ...layer, dropout: null } : layer)),
    leakySlope: 0.01,
    normalization: {
      ...normalization,
      position: 'after-pool',
      dense: normalization['dense'] === true ? 'same' : 'none',
      densePosition: 'after-activation',
      gn: { groups: 8, epsilon: 1e-5 },
    },
    onesBiases: [],
    output: 'softmax',
  }
}

function dataFrom1(data: Fields): Fields {
  return {
    ...data,
    resize: null,
    mean: [0.5],
    deviation: [0.5],
    testMean: null,
    testDeviation: null,
    tenCrop: false,
    augmentation: noAugmentation,
  }
}

/** Version 1 knew SGD with momentum at a constant rate: exactly what the defaults still are. */
function trainingFrom1(training: Fields): Fields {
  return { ...structuredClone(plainTraining), ...training }
}

function from1(value: Fields): unknown {
  const { model, data, training } = value
  if (!isFields(model) || !isFields(data) || !isFields(training)) return value
  return { ...value, version: 2, model: modelFrom1(model), data: dataFrom1(data), training: trainingFrom1(training) }
}

/** Version 2 computed in float32 alone. */
function from2(value: Fields): unknown {
  const { training } = value
  return isFields(training) ? { ...value, version: 3, training: { ...training, precision: 'float32' } } : value
}

const translations: Readonly<Record<number, (value: Fields) => unknown>> = { 1: from1, 2: from2 }

/**
 * Translates a spec of an earlier version into the present one, with the same meaning. Anything else, a present
 * spec included, is given back as it is: the schema decides.
 */
export function upgradeSpec(value: unknown): unknown {
  if (!isFields(value)) return value
  const translated = translations[value['version'] as number]?.(value)
  return translated === undefined || translated === value ? value : upgradeSpec(translated)
}
