import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import type {
  Artifact,
  ArtifactHeader,
  AugmentationPreview,
  FiltersArtifact,
  Pictures,
} from '../../../src-core/domain/evaluation/artifact.ts'
import type { Confusion } from '../../../src-core/domain/evaluation/confusion.ts'
import { keepsFilters } from '../../../src-core/domain/inspection/filter-steps.ts'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { drawDigit, reconstructed } from './sample-digits.ts'
import { sampleWorkload } from './sample-records.ts'
import type { SampleRun } from './sample-runs.ts'

export interface SampleArtifact {
  readonly header: ArtifactHeader
  /** Made when it is asked for. */
  readonly body: () => Artifact
}

/** The digits that are easily taken for each other, in both directions. */
const alike: readonly (readonly [number, number, number])[] = [
  [4, 9, 5],
  [3, 5, 4],
  [2, 7, 3],
  [1, 7, 3],
  [3, 8, 3],
  [5, 6, 2],
  [8, 9, 2],
  [0, 6, 2],
]

function likeness(row: number, column: number): number {
  const pair = alike.find(([a, b]) => (a === row % 10 && b === column % 10) || (b === row % 10 && a === column % 10))
  return pair ? pair[2] : 0.15
}

/** A matrix of so many images of which the share is recognised; the mistakes fall where digits look alike. */
export function sampleConfusion(classes: number, images: number, accuracy: number, seed: number): Confusion {
  const random = uniformGenerator(seed)
  const counts = Array.from({ length: classes * classes }, () => 0)
  for (let row = 0; row < classes; row++) {
    const ofClass = Math.round((images / classes) * (0.9 + 0.2 * random()))
    const weights = Array.from({ length: classes }, (_, column) => (column === row ? 0 : likeness(row, column)))
    const whole = weights.reduce((sum, weight) => sum + weight, 0)
    for (let image = 0; image < ofClass; image++) {
      let left = random() < accuracy ? -1 : random() * whole
      let column = row
      if (left >= 0) column = weights.findIndex((weight) => (left -= weight) < 0)
      counts[row * classes + (column < 0 ? row : column)]! += 1
    }
  }
  return { classes, counts }
}

function pictures(images: readonly Uint8Array[], size: number): Pictures {
  const text = images.map((bytes) => String.fromCharCode(...bytes)).join('')
  return { count: images.length, size, channels: 1, pixels: btoa(text) }
}

function sampleReconstruction(step: number, layer: string, badness: number): Artifact {
  const size = 28
  const originals = [7, 2, 1, 0, 4, 1, 4, 9].map((digit, index) => drawDigit(digit, size, 31 + index))
  const made = originals.map((pixels, index) => reconstructed(pixels, size, badness, step + index))
  return {
    kind: 'reconstruction',
    step,
    layer,
    originals: pictures(originals, size),
    reconstructions: pictures(made, size),
  }
}

/** Training images beside copies of them with another slant, place and pen. */
export function samplePreview({ training }: RunSpec): AugmentationPreview {
  const [size, variants] = [28, 4]
  const digits = [5, 0, 4, 1, 9, 2]
  const draw = (digit: number, seed: number): Uint8Array => drawDigit(digit, size, training.seed * 100 + seed)
  return {
    variants,
    originals: pictures(
      digits.map((digit, index) => draw(digit, index)),
      size,
    ),
    augmented: pictures(
      digits.flatMap((digit, index) => Array.from({ length: variants }, (_, i) => draw(digit, 10 * (index + 1) + i))),
      size,
    ),
  }
}

/** Everything that a run leaves from its beginning to its end, in the order of the steps. */
export function sampleArtifacts(
  { run, records }: Pick<SampleRun, 'run' | 'records'>,
  firstId: number,
  divergedAt: number,
) {
  const artifacts: Omit<SampleArtifact['header'], 'id'>[] = []
  const bodies: (() => Artifact)[] = []
  const add = (kind: Artifact['kind'], step: number, subject: string, body: () => Artifact): void => {
    artifacts.push({ kind, step, subject })
    bodies.push(body)
  }
  const work = sampleWorkload(run.spec)
  for (const { layer, firstStep, steps } of work.phases) {
    if (!layer) continue
    for (const share of [0.1, 0.4, 0.7, 1]) {
      const step = firstStep + Math.round(steps * share)
      add('reconstruction', step, layer, () => sampleReconstruction(step, layer, 1 - 0.75 * share))
    }
  }
  for (let step = 0; step <= records.length; step++) {
    if (keepsFilters(step, work)) add('filters', step, 'conv1', () => sampleFilters(step / work.totalSteps, step))
  }
  for (const { step, metrics } of records) {
    for (const part of ['validation', 'test'] as const) {
      const accuracy = metrics[`${part}/accuracy`]
      if (accuracy === undefined) continue
      const images = part === 'test' ? work.testImages : work.validationImages
      add('confusion', step, part, () => ({
        kind: 'confusion',
        step,
        part,
        confusion: sampleConfusion(run.spec.model.classes, images, accuracy, step + (part === 'test' ? 7 : 0)),
      }))
    }
  }
  if (Number.isFinite(divergedAt)) add('diverged-batch', divergedAt, '', () => divergedBatch(run, divergedAt))
  return artifacts.map((header, index): SampleArtifact => ({
    header: { id: firstId + index, ...header },
    body: bodies[index]!,
  }))
}

/** Noise out of which stripes and spots come, the more of the run is done; the weights grow fivefold. */
function sampleFilters(share: number, step: number): FiltersArtifact {
  const [count, size] = [32, 5]
  const random = uniformGenerator(step + 1)
  const kernels = Array.from({ length: count }, (_, kernel) =>
    Uint8Array.from({ length: size * size }, (_, at) => {
      const [row, column] = [Math.floor(at / size) - 2, (at % size) - 2]
      const wave = Math.cos(1.3 * (row * Math.sin(kernel) + column * Math.cos(kernel)) + kernel)
      return Math.round(127 * (1 + wave * share + (1 - share) * (2 * random() - 1)))
    }),
  )
  const reach = Array.from({ length: count }, () => 0.1 + 0.4 * share)
  const lowest = reach.map((value) => -value)
  return {
    kind: 'filters',
    step,
    layer: 'conv1',
    total: count,
    kernels: pictures(kernels, size),
    lowest,
    highest: reach,
  }
}

function divergedBatch({ spec }: Run, step: number): Artifact {
  const random = uniformGenerator(step)
  const images = Array.from({ length: spec.training.batchSize }, () => Math.floor(random() * 60_000))
  return {
    kind: 'diverged-batch',
    step,
    what: 'loss',
    learningRate: spec.training.learningRate,
    images,
    labels: images.map((index) => (index * 7) % 10),
  }
}

/** The checkpoints that are kept of a run: the newest two, and the best or the last finite one. */
export function sampleCheckpoints({ run, records }: Pick<SampleRun, 'run' | 'records'>): CheckpointRecord[] {
  if (run.checkpointStep === null || run.checkpointStep === 0) return []
  const perEpoch = run.stepsPerEpoch ?? run.checkpointStep
  const ofEpochs = [0, 1].map((back) => (Math.floor(run.checkpointStep! / perEpoch) - back) * perEpoch)
  const best = run.best && run.best.step <= run.checkpointStep ? [run.best.step] : []
  const steps = [...new Set([run.checkpointStep, ...ofEpochs.slice(0, 1), ...best])].filter((step) => step > 0)
  const ended = { finished: 'finished', paused: 'pause', stopped: 'stop' } as const
  return steps
    .sort((a, b) => b - a)
    .map((step) => {
      const record = records[step - 1]!
      const isNewest = step === run.checkpointStep
      const reason = isNewest && run.state in ended ? ended[run.state as keyof typeof ended] : null
      return {
        directory: `step-${String(step).padStart(9, '0')}`,
        step,
        epoch: record.epoch,
        bytes: run.parameters * 8 + 4_812,
        manifestSha256: '7c'.repeat(32),
        reason: reason ?? (step % perEpoch === 0 ? 'epoch' : 'interval'),
        best: run.best,
        activeTime: record.activeTime,
        createdAt: record.wallTime,
        mark: isNewest && run.state === 'diverged' ? 'last-finite' : step === run.best?.step ? 'best' : null,
      }
    })
}
