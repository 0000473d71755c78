import { requireClasses } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { planWorkload, type Workload } from '../../domain/workload.ts'
import { tf, type Tensor4D } from '../backend.ts'
import { makeTrainingPreprocess, type TrainingPreprocess } from '../data/augmentation/training-preprocess.ts'
import { BatchOrder, consecutiveBatches } from '../data/batches.ts'
import type { Dataset, DatasetPart } from '../data/dataset.ts'
import { evaluationCrops, makePreprocess, type Preprocess } from '../data/preprocess.ts'
import { splitDataset, type Split } from '../data/split.ts'
import type { Batch } from './step.ts'

/** Makes the batches of one run out of its data set. Whoever takes a batch disposes of its tensors. */
export class BatchSource {
  readonly split: Split
  readonly workload: Workload
  private readonly dataset: Dataset
  private readonly preprocessTraining: TrainingPreprocess
  /** Validation images are normalised as those of the training are, test images as the spec says for them. */
  private readonly preprocessEvaluation: Readonly<Record<DatasetPart, Preprocess>>
  private readonly order: BatchOrder
  private readonly crops: 1 | 10
  /** Images per evaluation batch: ten crops of each must not need more memory than a training batch. */
  private readonly evaluationBatch: number

  /** @throws WorkbenchError `batch-too-large`; `invalid-value` when the network has fewer classes than the data set. */
  constructor(spec: RunSpec, dataset: Dataset) {
    requireClasses(spec.model, dataset.info)
    const { batchSize, seed } = spec.training
    this.split = splitDataset(spec, dataset.info)
    this.workload = planWorkload(spec, dataset.info)
    this.dataset = dataset
    this.crops = evaluationCrops(spec)
    this.preprocessTraining = makeTrainingPreprocess({ spec, dataset, training: this.split.training })
    this.preprocessEvaluation = {
      train: makePreprocess(spec, dataset.info, { crops: this.crops, purpose: 'training' }),
      test: makePreprocess(spec, dataset.info, { crops: this.crops }),
    }
    this.order = new BatchOrder(this.split.training, batchSize, seed)
    this.evaluationBatch = Math.ceil(batchSize / this.crops)
  }

  /** The batch of the step after `finishedSteps` steps, augmented as the spec says. */
  trainingBatch(finishedSteps: number): Batch {
    const indices = this.order.batch(finishedSteps)
    const images = this.preprocessTraining(this.dataset.readImages('train', indices), finishedSteps)
    return this.batch('train', indices, images, 1)
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
