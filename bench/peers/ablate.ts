import type { ModelSpec } from '../../src-core/domain/spec/model-spec.ts'
import { plainTraining } from '../../src-core/domain/spec/training-spec.ts'
import { tf, type Tensor } from '../../src-core/engine/backend.ts'
import { buildModel, type BuiltModel } from '../../src-core/engine/models/build-model.ts'
import { firstNotFinite } from '../../src-core/engine/training/finite-weights.ts'
import { makeOptimizer } from '../../src-core/engine/training/optimizers/make-optimizer.ts'
import { trainingStep } from '../../src-core/engine/training/step.ts'
import { StepProfiler, type Measured } from '../../src-core/engine/profile/step-profiler.ts'
import type { PeerTask } from '../cases.ts'
import { fixedBatch } from './batch.ts'
import { servePeer } from './protocol.ts'

const profiledSteps = 5

/** Ablate's own path: the step that runs take, loss and accuracy read back, weights looked through. */
function training(model: BuiltModel, task: PeerTask): () => void {
  const { images, shape, labels } = fixedBatch(task)
  const optimizer = makeOptimizer({ ...plainTraining, ...task }, model.weights, model.learned)
  const options = {
    labelSmoothing: 0,
    classWeights: null,
    gradientClipNorm: null,
    learningRate: task.learningRate,
    precision: task.precision,
  }
  let step = 0
  return () => {
    step += 1
    // TensorFlow may share the memory that it is given; as in a run it is used again once the step has ended.
    const batch = {
      images: tf.tensor4d(images, shape),
      labels: tf.tensor1d(labels.slice(), 'int32'),
      indices: new Uint32Array(task.batch),
      crops: 1,
    }
    trainingStep(model, optimizer, batch, { ...options, step })
    if (firstNotFinite(model.weights) !== null) throw new Error('The weights are no longer finite.')
    tf.dispose([batch.images, batch.labels])
  }
}

function inference({ logits }: BuiltModel, task: PeerTask): () => void {
  const { images, shape } = fixedBatch(task)
  return () => {
    const probabilities = tf.tidy(() =>
      tf.softmax(logits.apply(tf.tensor4d(images.slice(), shape), { training: false }) as Tensor),
    )
    probabilities.dataSync()
    probabilities.dispose()
  }
}

const task = JSON.parse(process.argv[2]!) as PeerTask & { readonly model: ModelSpec }
const model = buildModel(task.model, 1)
const repeat = (task.mode === 'training' ? training : inference)(model, task)
repeat()

/** Where the time of a step goes, over a few more steps. */
function profiled(): { readonly profile?: Measured } {
  if (task.mode !== 'training') return {}
  const profiler = new StepProfiler(() => performance.now())
  model.clock.profiler = profiler
  for (let step = 0; step < profiledSteps; step++) {
    profiler.beginStep()
    repeat()
    profiler.endStep()
  }
  return { profile: profiler.take(profiledSteps) }
}

await servePeer(repeat, profiled)
