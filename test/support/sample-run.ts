import type { CheckpointRecord } from '../../src-core/domain/checkpoint.ts'
import type {
  Artifact,
  AugmentationPreview,
  FiltersArtifact,
  Pictures,
} from '../../src-core/domain/evaluation/artifact.ts'
import { mnistInfo } from '../../src-core/domain/dataset.ts'
import { judge, planPreflight, type Findings, type Preflight } from '../../src-core/domain/preflight/preflight.ts'
import type { Probe } from '../../src-core/domain/preflight/probe.ts'
import type { MetricSummary } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { StepProfile } from '../../src-core/domain/profile/step-profile.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
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
    metrics: { 'train/loss': sampleSummary(0.4, 12) },
    tags: [],
    notes: '',
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

/** The checkpoint of that run. */
export function sampleCheckpoint(changes: Partial<CheckpointRecord> = {}): CheckpointRecord {
  return {
    directory: 'step-000000012',
    step: 12,
    epoch: 1,
    bytes: 1000,
    manifestSha256: 'a'.repeat(64),
    reason: 'epoch',
    best: null,
    activeTime: 3000,
    createdAt: 3,
    mark: 'best',
    ...changes,
  }
}

/** A confusion matrix of two classes. */
export function sampleConfusion(step = 12, part: 'validation' | 'test' = 'test'): Artifact {
  return { kind: 'confusion', step, part, confusion: { classes: 2, counts: [3, 1, 0, 4] } }
}

/** Where the time of two steps of a very short network went: 20 ms each, of which conv1 had 12. */
export function sampleProfile(step = 12, changes: Partial<StepProfile> = {}): Artifact & { kind: 'profile' } {
  const profile: StepProfile = {
    firstStep: step - 1,
    steps: 2,
    synchronised: false,
    layers: [
      { name: 'conv1', type: 'conv', forward: 4, backward: 8 },
      { name: 'relu1', type: 'relu', forward: 0.5, backward: 0.5 },
      { name: 'fc8', type: 'dense', forward: 1, backward: 1 },
    ],
    loss: { forward: 0.25, backward: 0.25 },
    parts: { data: 1, update: 2, results: 0.5, checks: 0.25, logging: 0.125, other: 0.625 },
    evaluation: 300,
    checkpoint: 40,
    ...changes,
  }
  return { kind: 'profile', step, profile }
}

/** Two kernels of one pixel each, as they were after a step. */
export function sampleFilters(step = 12): FiltersArtifact {
  return {
    kind: 'filters',
    step,
    layer: 'conv1',
    total: 2,
    kernels: samplePictures(2),
    lowest: [-1, 0],
    highest: [1, 2],
  }
}

/** Grey pictures of one pixel each. */
export function samplePictures(count = 1): Pictures {
  return { count, size: 1, channels: 1, pixels: Buffer.alloc(count, 7).toString('base64') }
}

/** Two hundred images per second in steps of 64, a GiB of memory. */
export function sampleProbe(changes: Partial<Probe> = {}): Probe {
  const times = { stepTimes: [320], evaluationTime: 2, preparationTime: 500 }
  return { ...times, peakMemory: 2 ** 30, device: 'cpu', threads: 2, ...changes }
}

/** What that probe says of AlexNet on MNIST, on a machine with memory and disk to spare. */
export function samplePreflight(
  spec: RunSpec = recipeSpec('alexnet-small'),
  changes: Partial<Findings> = {},
): Preflight {
  const limits = { memory: 16 * 2 ** 30, disk: 64 * 2 ** 30 }
  return judge({
    plan: planPreflight(spec, mnistInfo),
    limits,
    found: sampleProbe(),
    besideTraining: false,
    ...changes,
  })
}

/** One image in two variants. */
export function samplePreview(): AugmentationPreview {
  return { originals: samplePictures(), variants: 2, augmented: samplePictures(2) }
}

/** A metric that was logged once. */
export function sampleSummary(value: number, step: number): MetricSummary {
  const at = { minStep: step, minEpoch: 1, maxStep: step, maxEpoch: 1 }
  return { points: 1, last: value, lastStep: step, lastEpoch: 1, min: value, max: value, ...at }
}
