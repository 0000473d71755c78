// A program of its own: loads an exported model as any user of TensorFlow.js would, in plain Node on the plain
// JavaScript backend, with nothing of Ablate, and prints what it predicts.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs'

const folder = process.argv[2]!
// Layers that TensorFlow.js does not have come as modules, one function each that registers the layer.
for (const file of readdirSync(folder).filter((name) => name.endsWith('.mjs'))) {
  const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, (library: typeof tf) => void>
  for (const register of Object.values(module)) register(tf)
}
const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
  modelTopology: object
  weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[]
}
const bytes = new Uint8Array(readFileSync(join(folder, 'weights.bin')))
const artifacts = { modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData: bytes.buffer }
const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts))
const [, height, width, channels] = model.inputs[0]!.shape as [null, number, number, number]
const probabilities = model.predict(tf.zeros([1, height, width, channels])) as tf.Tensor
process.stdout.write(JSON.stringify({ backend: tf.getBackend(), probabilities: await probabilities.data() }))
