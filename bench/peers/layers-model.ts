import type { LayerPlan } from '../../src-core/domain/network/layer-plan.ts'
import { tf } from '../../src-core/engine/backend.ts'
import type { PeerTask } from '../cases.ts'
import { fixedBatch } from './batch.ts'
import { servePeer } from './protocol.ts'

type Layer = ReturnType<typeof tf.layers.dense>

/** What TensorFlow.js offers by itself; it has no local response normalisation as a layer. */
class PlainLrn extends tf.layers.Layer {
  static className = 'PlainLrn'
  private readonly lrn: PeerTask['lrn']

  constructor(lrn: PeerTask['lrn']) {
    super({})
    this.lrn = lrn
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape
  }

  override call(inputs: Parameters<InstanceType<typeof tf.layers.Layer>['call']>[0]): ReturnType<typeof tf.tensor4d> {
    const input = (Array.isArray(inputs) ? inputs[0]! : inputs) as ReturnType<typeof tf.tensor4d>
    const { n, k, alpha, beta } = this.lrn
    return tf.localResponseNormalization(input, (n - 1) / 2, k, alpha, beta)
  }
}

function makeLayer(layer: LayerPlan, { lrn, bn, leakySlope }: PeerTask): unknown {
  const { type, output, convolution, pool, rate } = layer
  switch (type) {
    case 'conv':
      return tf.layers.conv2d({
        filters: output[2]!,
        kernelSize: convolution!.kernel,
        strides: convolution!.stride,
        padding: convolution!.padding,
        kernelInitializer: 'zeros',
      })
    case 'pool':
      return tf.layers.maxPooling2d({ poolSize: pool!.size, strides: pool!.stride, padding: 'valid' })
    case 'avg':
      return tf.layers.averagePooling2d({ poolSize: pool!.size, strides: pool!.stride, padding: 'valid' })
    case 'lrn':
      return new PlainLrn(lrn)
    case 'bn':
      return tf.layers.batchNormalization(bn)
    case 'flatten':
      return tf.layers.flatten()
    case 'dense':
      return tf.layers.dense({ units: output[0]!, kernelInitializer: 'zeros' })
    case 'drop':
      return tf.layers.dropout({ rate: rate! })
    case 'leaky-relu':
      return tf.layers.leakyReLU({ alpha: leakySlope })
    case 'relu':
    case 'tanh':
    case 'sigmoid':
    case 'softmax':
      return tf.layers.activation({ activation: type })
    default:
      throw new Error(`Plain TensorFlow.js has no layer ${type}.`)
  }
}

const task = JSON.parse(process.argv[2]!) as PeerTask
const model = tf.sequential()
model.add(tf.layers.inputLayer({ inputShape: [...task.input] }))
for (const layer of task.layers) model.add(makeLayer(layer, task) as Layer)
// Zeros were quick to draw; arithmetic on them would be no quicker, but gradients would stay zero.
model.setWeights(
  model.getWeights().map((weight) => (weight.rank >= 2 ? tf.randomNormal(weight.shape, 0, 0.01) : weight.clone())),
)
model.compile({
  optimizer: tf.train.momentum(task.learningRate, task.momentum),
  loss: 'sparseCategoricalCrossentropy',
})
const { images, shape, labels } = fixedBatch(task)

async function train(): Promise<void> {
  const x = tf.tensor4d(images.slice(), shape)
  const y = tf.tensor2d(Float32Array.from(labels), [task.batch, 1])
  await model.trainOnBatch(x, y)
  tf.dispose([x, y])
}

function infer(): void {
  const output = tf.tidy(() => model.predict(tf.tensor4d(images.slice(), shape), { batchSize: task.batch }))
  ;(output as ReturnType<typeof tf.tensor2d>).dataSync()
  tf.dispose(output)
}

const repeat = task.mode === 'training' ? train : infer
await repeat()
await servePeer(repeat)
