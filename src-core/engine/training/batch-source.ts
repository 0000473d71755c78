import { requireClasses } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { planWorkload, type Workload } from '../../domain/workload.ts'
import { tf } from '../backend.ts'
import { BatchOrder, consecutiveBatches } from '../data/batches.ts'
import type { Dataset, DatasetPart } from '../data/dataset.ts'
import { makePreprocess, type Preprocess } from '../data/preprocess.ts'
import { splitDataset, type Split } from '../data/split.ts'
import type { Batch } from './step.ts'

/** Makes the batches of one run out of its data set. Whoever takes a batch disposes of its tensors. */
export class BatchSource {
  readonly split: Split
  readonly workload: Workload
  private readonly dataset: Dataset
  private readonly preprocess: Preprocess
  private readonly order: BatchOrder
  private readonly batchSize: number

  /** @throws WorkbenchError `batch-too-large`; `invalid-value` when the network has fewer classes than the data set. */
  constructor(spec: RunSpec, dataset: Dataset) {
    requireClasses(spec.model, dataset.info)
    const { batchSize, seed } = spec.training
    this.split = splitDataset(spec, dataset.info)
    this.workload = planWorkload(spec, dataset.info)
    this.dataset = dataset
    this.preprocess = makePreprocess(spec, dataset.info)
    this.order = new BatchOrder(this.split.training, batchSize, seed)
    this.batchSize = batchSize
  }

  /** The batch of the step after `finishedSteps` steps. */
  trainingBatch(finishedSteps: number): Batch {
    return this.read('train', this.order.batch(finishedSteps))
  }

  *validationBatches(): Generator<Batch> {
    for (const indices of consecutiveBatches(this.split.validation, this.batchSize)) yield this.read('train', indices)
  }

  *testBatches(): Generator<Batch> {
    for (const indices of consecutiveBatches(this.split.test, this.batchSize)) yield this.read('test', indices)
  }

  private read(part: DatasetPart, indices: Uint32Array): Batch {
    return {
      images: this.preprocess(this.dataset.readImages(part, indices)),
      labels: tf.tensor1d(this.dataset.readLabels(part, indices), 'int32'),
    }
  }
}
