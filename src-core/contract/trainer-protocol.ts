import { z } from 'zod'
import { checkpointInfoSchema } from '../domain/checkpoint.ts'
import { environmentSchema } from '../domain/environment.ts'
import { wireErrorSchema } from '../domain/errors.ts'
import { artifactSchema, augmentationPreviewSchema } from '../domain/evaluation/artifact.ts'
import { answerSchema, imagesAnswerSchema } from '../domain/inspection/answers.ts'
import { questionSchema } from '../domain/inspection/questions.ts'
import { bestMetricSchema, stepRecordSchema } from '../domain/metrics.ts'
import { exportFormatSchema, exportResultSchema } from '../domain/model-export.ts'
import { probeSchema } from '../domain/preflight/probe.ts'
import { runSpecSchema } from '../domain/spec/run-spec.ts'

/** Where the first weights come from when training.transfer.from names a source; not read when resuming. */
const startFrom = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('checkpoint'), directory: z.string() }),
    z.strictObject({ kind: z.literal('file'), path: z.string() }),
  ])
  .nullable()

/** Folder of an imported data set; null for one that comes with Ablate. */
const datasetDirectory = z.string().nullable()

/**
 * Messages between the process that owns the record and a trainer process. A trainer does one job and ends:
 *
 *   owner                      trainer
 *     <------- ready ----------          TensorFlow is loaded
 *     -------- train --------->          or export, preview, probe
 *     <------- started --------
 *     <------- records --------          batches, in order
 *     <------- checkpoint -----          the directory lies whole on the disk
 *     -------- recorded ------>          the row and the points it covers are committed
 *     <------- ended ----------          then the process exits with status 0
 */
const trainJob = z.strictObject({
  type: z.literal('train'),
  spec: runSpecSchema,
  datasetDirectory,
  checkpointsDirectory: z.string(),
  /** Directory of the checkpoint to go on from; null starts at step 0. */
  resumeFrom: z.string().nullable(),
  startFrom,
})

const previewJob = z.strictObject({ type: z.literal('preview'), spec: runSpecSchema, datasetDirectory })

/** Takes the first steps of a run to tell what it will cost; nothing is written. */
const probeJob = z.strictObject({ type: z.literal('probe'), spec: runSpecSchema, datasetDirectory, startFrom })

const exportJob = z.strictObject({
  type: z.literal('export'),
  spec: runSpecSchema,
  datasetDirectory,
  checkpointDirectory: z.string(),
  format: exportFormatSchema,
  outDirectory: z.string(),
  /** Where the files are written until they are checked, beside `outDirectory`. The owner removes what is left there. */
  temporaryDirectory: z.string(),
})

/** One question about a trained network. The process answers any number of them and ends when it is told to stop. */
const inspectJob = z.strictObject({
  type: z.literal('inspect'),
  id: z.int(),
  spec: runSpecSchema,
  datasetDirectory,
  checkpointDirectory: z.string(),
  question: questionSchema,
})
export type InspectJob = z.infer<typeof inspectJob>

/** Images of a data set for the window, read by the same process. */
const imagesJob = z.strictObject({
  type: z.literal('read-images'),
  id: z.int(),
  dataset: z.string(),
  datasetDirectory,
  part: z.enum(['train', 'test']),
  indices: z.array(z.int().min(0)).min(1).max(64),
})
export type ImagesJob = z.infer<typeof imagesJob>

export const toTrainerSchema = z.discriminatedUnion('type', [
  trainJob,
  exportJob,
  previewJob,
  probeJob,
  inspectJob,
  imagesJob,
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('stop') }),
  /** Answers `checkpoint`: that directory and the points up to its step are durable in the record. */
  z.strictObject({ type: z.literal('recorded'), directory: z.string() }),
])
export type ToTrainer = z.infer<typeof toTrainerSchema>

export const fromTrainerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), environment: environmentSchema }),
  z.strictObject({ type: z.literal('preparing'), stage: z.string() }),
  z.strictObject({
    type: z.literal('started'),
    parameters: z.int(),
    stepsPerEpoch: z.int(),
    totalSteps: z.int(),
    step: z.int(),
    epoch: z.number(),
    activeTime: z.number(),
    best: bestMetricSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('records'), records: z.array(stepRecordSchema).max(10_000) }),
  /** Sent after the record of its step. */
  z.strictObject({ type: z.literal('artifact'), artifact: artifactSchema }),
  z.strictObject({ type: z.literal('checkpoint'), checkpoint: checkpointInfoSchema }),
  z.strictObject({
    type: z.literal('ended'),
    outcome: z.enum(['finished', 'paused', 'stopped', 'diverged']),
    step: z.int(),
    weightsSha256: z.string(),
    /** Why it ended where the outcome alone does not say: stopped early, or what was not finite. */
    note: z.string().nullable(),
  }),
  z.strictObject({ type: z.literal('exported'), result: exportResultSchema }),
  z.strictObject({ type: z.literal('previewed'), preview: augmentationPreviewSchema }),
  z.strictObject({ type: z.literal('probed'), probe: probeSchema }),
  z.strictObject({ type: z.literal('inspected'), id: z.int(), answer: z.union([answerSchema, imagesAnswerSchema]) }),
  /** A question that could not be answered; the process goes on. */
  z.strictObject({ type: z.literal('not-inspected'), id: z.int(), error: wireErrorSchema }),
  z.strictObject({ type: z.literal('failed'), error: wireErrorSchema }),
])
export type FromTrainer = z.infer<typeof fromTrainerSchema>

/** Environment variable with the process id that the trainer watches: when it is gone, the trainer ends. */
export const ownerPidVariable = 'ABLATE_OWNER_PID'
