import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CheckpointInfo } from '../../../src-core/domain/checkpoint.ts'
import type { Artifact, FiltersArtifact } from '../../../src-core/domain/evaluation/artifact.ts'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import type { ProfileArtifact } from '../../../src-core/engine/profile/run-profiler.ts'
import {
  train,
  type StartInfo,
  type TrainOptions,
  type TrainingControl,
  type TrainResult,
} from '../../../src-core/engine/training/train.ts'

/** A folder of its own for one test, removed after it. */
export function testDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ablate-engine-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A narrow AlexNet on a few images: 7 steps of 8 images per epoch, 8 validation images, 16 test images. */
export function tinySpec(kind: 'bn' | 'lrn' | 'none' = 'bn'): RunSpec {
  const spec = recipeSpec('alexnet-small')
  spec.model.widthMultiplier = 0.06
  spec.model.normalization.kind = kind
  spec.model.normalization.dense = kind === 'bn' ? 'same' : 'none'
  spec.model.dropout.rate = 0.5
  spec.data = { ...spec.data, trainImages: 64, testImages: 16, validationFraction: 0.125 }
  spec.training = { ...spec.training, epochs: 2, batchSize: 8, momentum: 0.9, seed: 11 }
  return spec
}

export interface Recorded {
  readonly result: TrainResult
  readonly records: StepRecord[]
  readonly checkpoints: CheckpointInfo[]
  /** Records and artifacts in the order in which they were reported. */
  readonly reported: (StepRecord | Artifact)[]
  readonly artifacts: Artifact[]
  /** Kept apart, because no two runs take the same milliseconds. */
  readonly profiles: ProfileArtifact[]
  /** The first kernels that the run kept; apart, because most tests are about what evaluations leave. */
  readonly filters: FiltersArtifact[]
  readonly started: StartInfo
}

export interface RecordOptions {
  readonly directory: string
  readonly datasetDirectory?: string | null
  readonly resumeFrom?: string | null
  readonly startFrom?: TrainOptions['startFrom']
  readonly control?: TrainingControl
  readonly onRecord?: (record: StepRecord) => void
  readonly onCheckpoint?: (info: CheckpointInfo) => Promise<void>
  readonly now?: () => number
  readonly profile?: boolean
}

/** Trains in this process and keeps what was reported. */
export async function trainRecorded(spec: RunSpec, options: RecordOptions): Promise<Recorded> {
  const {
    directory,
    datasetDirectory = null,
    resumeFrom = null,
    startFrom = null,
    control = { requested: () => null },
    onRecord,
    onCheckpoint,
    now,
    profile,
  } = options
  const records: StepRecord[] = []
  const checkpoints: CheckpointInfo[] = []
  const reported: (StepRecord | Artifact)[] = []
  const profiles: ProfileArtifact[] = []
  const filters: FiltersArtifact[] = []
  let started: StartInfo | undefined
  const result = await train({
    spec,
    datasetDirectory,
    checkpointsDirectory: directory,
    resumeFrom,
    startFrom,
    control,
    now,
    profile,
    reporter: {
      preparing() {},
      started: (info) => (started = info),
      record(record) {
        records.push(record)
        reported.push(record)
        onRecord?.(record)
      },
      artifact(artifact) {
        if (artifact.kind === 'profile') profiles.push(artifact)
        else if (artifact.kind === 'filters') filters.push(artifact)
        else reported.push(artifact)
      },
      async checkpoint(info) {
        checkpoints.push(info)
        await onCheckpoint?.(info)
      },
    },
  })
  const artifacts = reported.filter((item): item is Artifact => 'kind' in item)
  return { result, records, checkpoints, reported, artifacts, profiles, filters, started: started! }
}

/** A control that asks for `request` once a record of `step` or later was reported. */
export function requestAfter(step: number, request: 'pause' | 'stop' = 'pause') {
  let reached = false
  return {
    control: { requested: () => (reached ? request : null) },
    onRecord: (record: StepRecord) => void (reached ||= record.step >= step),
  }
}
