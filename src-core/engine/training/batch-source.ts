import { requireClasses } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { planWorkload, type Workload } from '../../domain/workload.ts'
import { tf, type Tensor4D } from '../backend.ts'
import { makeTensorStage, type TensorStage } from '../data/augmentation/training-preprocess.ts'
import { consecutiveBatches } from '../data/batches.ts'
import type { Dataset, DatasetPart } from '../data/dataset.ts'
import { directFeed, type BatchFeed } from '../data/prefetch/batch-feed.ts'
import type { FloatBatch } from '../data/prefetch/float-batches.ts'
import { evaluationCrops, makePreprocess, type Preprocess } from '../data/preprocess.ts'
import { splitDataset, type Split } from '../data/split.ts'
import type { Batch } from './step.ts'

/** Where a training batch lies: TensorFlow may share the array instead of copying it. */
interface BatchMemory {
  readonly floats: FloatBatch['floats']
  /** How many tensors there were before the batch. */
  readonly numTensors: number
}

/** Makes the batches of one run out of its data set. Whoever takes a batch disposes of its tensors. */
export class BatchSource {
  readonly split: Split
  readonly workload: Workload
  private readonly dataset: Dataset
  private readonly feed: BatchFeed
  private readonly finishTraining: TensorStage
  private readonly memory = new WeakMap<Batch, BatchMemory>()
  /** Validation images are normalised as those of the training are, test images as the spec says for them. */
  private readonly preprocessEvaluation: Readonly<Record<DatasetPart, Preprocess>>
  private readonly crops: 1 | 10
  /** Images per evaluation batch: ten crops of each must not need more memory than a training batch. */
  private readonly evaluationBatch: number

  /**
   * @param feed where the training batches come from; closed by whoever opened it.
   * @throws WorkbenchError `batch-too-large`; `invalid-value` when the network has fewer classes than the data set.
   */
  constructor(spec: RunSpec, dataset: Dataset, feed: BatchFeed = directFeed(spec, dataset)) {
    requireClasses(spec.model, dataset.info)
    this.split = splitDataset(spec, dataset.info)
    this.workload = planWorkload(spec, dataset.info)
    this.dataset = dataset
    this.crops = evaluationCrops(spec)
    this.feed = feed
    this.finishTraining = makeTensorStage({ spec, dataset, training: this.split.training })
    this.preprocessEvaluation = {
      train: makePreprocess(spec, dataset.info, { crops: this.crops, purpose: 'training' }),
      test: makePreprocess(spec, dataset.info, { crops: this.crops }),
    }
    this.evaluationBatch = Math.ceil(spec.training.batchSize / this.crops)
  }

  /**
   * The batch of the step after `finishedSteps` steps, augmented as the spec says.
   * @throws WorkbenchError what reading the data set throws.
   */
  async trainingBatch(finishedSteps: number): Promise<Batch> {
    const { floats, labels, indices } = await this.feed.next(finishedSteps)
    const { numTensors } = tf.memory()
    const images = this.finishTraining(floats, finishedSteps)
    const batch = { images, labels: tf.tensor1d(labels, 'int32'), indices, crops: 1 }
    this.memory.set(batch, { floats, numTensors })
    return batch
  }

  /**
   * Disposes of a training batch once its step is over, and lets its memory be used again. A tensor that was made of
   * the batch may share that memory, as reshaping does: when any tensor more lives than before, it is not used again.
   * @param finishedSteps as when it was taken.
   */
  disposeTrainingBatch(batch: Batch, finishedSteps: number): void {
    tf.dispose([batch.images, batch.labels])
    const memory = this.memory.get(batch)
    this.memory.delete(batch)
    if (memory && tf.memory().numTensors <= memory.numTensors) this.feed.recycle(memory.floats, finishedSteps)
  }

  /** The validation images in order, never augmented. */
  *validationBatches(): Generator<Batch> {
    yield* this.evaluationBatches('train', this.split.validation)
  }

  /** The test images in order, never augmented. */
  *testBatches(): Generator<Batch> {
    yield* this.evaluationBatches('test', this.split.test)
  }

  private *evaluationBatches(part: DatasetPart, all: Uint32Array): Generator<Batch> {
    for (const indices of consecutiveBatches(all, this.evaluationBatch)) {
      yield this.batch(
        part,
        indices,
        this.preprocessEvaluation[part](this.dataset.readImages(part, indices)),
        this.crops,
      )
    }
  }

  private batch(part: DatasetPart, indices: Uint32Array, images: Tensor4D, crops: number): Batch {
    const labels = tf.tensor1d(this.dataset.readLabels(part, indices), 'int32')
    return { images, labels, indices, crops }
  }
}
