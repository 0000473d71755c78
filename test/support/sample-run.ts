import type { Run } from '../../src-core/domain/run.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'

/** A run as the record would hold it, half way. */
export function sampleRun(changes: Partial<Run> = {}): Run {
  return {
    id: 'r0123456789',
    name: 'LRN, dropout 0.5',
    state: 'running',
    spec: recipeSpec('alexnet-small'),
    specHash: '0'.repeat(64),
    color: 0,
    parameters: 1000,
    step: 12,
    totalSteps: 24,
    stepsPerEpoch: 12,
    epoch: 1,
    activeTime: 3000,
    imagesPerSecond: 250,
    best: { metric: 'validation/accuracy', value: 0.9, step: 12, epoch: 1 },
    last: { 'train/loss': 0.4 },
    error: null,
    queuePosition: null,
    checkpointStep: 12,
    environment: null,
    weightsSha256: null,
    createdAt: 1,
    startedAt: 2,
    endedAt: null,
    deletedAt: null,
    ...changes,
  }
}
