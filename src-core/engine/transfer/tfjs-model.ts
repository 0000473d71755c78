import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { bytesPerNumber, toFloat32, type NumberFormat } from './number-formats.ts'
import { areOwnNames, elements, unreadable, type StoredTensor, type StoredWeights } from './stored-tensor.ts'

/** A model.json describes layers, not weights: AlexNet's has 20 kB. */
const largestDescription = 16 * 2 ** 20

const quantizationSchema = z.looseObject({
  dtype: z.enum(['uint8', 'uint16', 'float16']),
  scale: z.number().optional(),
  min: z.number().optional(),
})

const weightSchema = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().min(0)).max(8),
  dtype: z.string(),
  quantization: quantizationSchema.optional(),
})
type Weight = z.infer<typeof weightSchema>

const groupSchema = z.looseObject({ paths: z.array(z.string()), weights: z.array(weightSchema) })
type Group = z.infer<typeof groupSchema>

const layersSchema = z.array(z.looseObject({ config: z.looseObject({ name: z.string() }) }))
/** Gives the names of the layers from the first to the last. Early Keras has the list without an object around it. */
const networkSchema = z
  .looseObject({ config: z.union([layersSchema, z.looseObject({ layers: layersSchema })]) })
  .transform(({ config }) => (Array.isArray(config) ? config : config.layers).map((layer) => layer.config.name))
/** As TensorFlow.js writes it, or within what Keras' converter adds. */
const topologySchema = z.union([
  networkSchema,
  z.looseObject({ model_config: networkSchema }).transform((topology) => topology.model_config),
])

const modelSchema = z.looseObject({
  format: z.string().nullish(),
  modelTopology: z.unknown(),
  weightsManifest: z.array(groupSchema),
})
type Model = z.infer<typeof modelSchema>

function readDescription(path: string): Model {
  const { size } = statSync(path)
  if (size > largestDescription) throw unreadable(path, `${size} bytes are too many for a model.json`)
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw unreadable(path, 'it is not JSON')
  }
  const model = modelSchema.safeParse(json)
  if (!model.success) throw unreadable(path, 'it has no weightsManifest in the form of TensorFlow.js')
  if (model.data.format === 'graph-model') {
    throw unreadable(path, 'it is a graph model, whose weights have no layers; only layers models can be read')
  }
  return model.data
}

/** Names of the layers from the first to the last; none where the model does not say. */
function layerOrder({ modelTopology }: Model): string[] {
  const parsed = topologySchema.safeParse(modelTopology)
  return parsed.success ? parsed.data : []
}

/** Keras' converter lists weights by the alphabet, in which conv2d_10 comes before conv2d_9. */
function inLayerOrder(tensors: readonly StoredTensor[], layers: readonly string[]): StoredTensor[] {
  const places = new Map(layers.map((name, place) => [name, place]))
  const placeOf = ({ name }: StoredTensor): number =>
    Math.min(...name.split('/').map((part) => places.get(part) ?? layers.length))
  return tensors.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** The shard's real path. A file of weights may name what lies beside it, nothing else. */
function shardPath(path: string, shard: string): string {
  const folder = realpathSync(dirname(path))
  const target = resolve(folder, shard)
  const isInside = (file: string): boolean => {
    const way = relative(folder, file)
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
  }
  if (!isInside(target)) throw unreadable(path, `its weights are said to lie outside its folder (${shard})`)
  let real: string
  try {
    real = realpathSync(target)
  } catch {
    throw unreadable(path, `there is no ${shard} beside it`)
  }
  if (!isInside(real)) throw unreadable(path, `its weights are said to lie outside its folder (${shard})`)
  // Reading a pipe would wait for ever.
  if (!statSync(real).isFile()) throw unreadable(path, `${shard} beside it is no file`)
  return real
}

function formatOf({ name, dtype, quantization }: Weight, path: string): NumberFormat {
  if (quantization) return quantization.dtype
  if (dtype === 'float32') return 'float32'
  throw unreadable(path, `${name} is of type ${dtype}; only float32 and its quantised forms can be read`)
}

/** TensorFlow.js stores whole numbers q that stand for q * scale + min. */
function dequantize(values: Float32Array, { name, quantization }: Weight, path: string): Float32Array {
  if (!quantization || quantization.dtype === 'float16') return values
  const { scale, min } = quantization
  if (scale === undefined || min === undefined) throw unreadable(path, `the quantised ${name} lacks scale or min`)
  return values.map((value) => value * scale + min)
}

function bytesOf(weight: Weight, path: string): number {
  return elements(weight.shape) * bytesPerNumber[formatOf(weight, path)]
}

/** The bytes of all shards of a group, once their sizes are known to be what its weights need. */
function readShards({ paths, weights }: Group, path: string): Buffer {
  const files = paths.map((shard) => shardPath(path, shard))
  const have = files.reduce((sum, file) => sum + statSync(file).size, 0)
  const need = weights.reduce((sum, weight) => sum + bytesOf(weight, path), 0)
  if (have !== need) throw unreadable(path, `its weights need ${need} bytes, but the files beside it have ${have}`)
  const bytes = Buffer.concat(files.map((file) => readFileSync(file)))
  if (bytes.length !== need) throw unreadable(path, 'the files of weights changed while they were read')
  return bytes
}

function groupTensors(group: Group, path: string): StoredTensor[] {
  const bytes = readShards(group, path)
  let offset = 0
  return group.weights.map((weight) => {
    const start = offset
    offset += bytesOf(weight, path)
    const own = bytes.subarray(start, offset)
    const read = (): Float32Array => dequantize(toFloat32(own, formatOf(weight, path)), weight, path)
    return { name: weight.name.replace(/_\d+$/, ''), shape: weight.shape, read }
  })
}

/**
 * Reads the weights of a TensorFlow.js layers model, model.json and the shards beside it, in the order of its layers.
 * The number that a process appends to the names of its second model (kernel_1) is taken away.
 * @throws WorkbenchError `model-file-unreadable` saying what is wrong; the file system's own errors.
 */
export function readTfjsModel(path: string): StoredWeights {
  const model = readDescription(path)
  const stored = model.weightsManifest.flatMap((group) => groupTensors(group, path))
  const tensors = inLayerOrder(stored, layerOrder(model))
  const naming = areOwnNames(tensors.map(({ name }) => name)) ? 'own' : 'tensorflow'
  return { source: path, naming, tensors }
}
