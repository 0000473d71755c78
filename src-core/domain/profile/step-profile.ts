import { z } from 'zod'

const milliseconds = z.number().min(0)

/** Mean milliseconds per step. */
const timesSchema = z.strictObject({ forward: milliseconds, backward: milliseconds })
export type Times = z.infer<typeof timesSchema>

const layerTimesSchema = z.strictObject({ name: z.string(), type: z.string(), ...timesSchema.shape })
export type LayerTimes = z.infer<typeof layerTimesSchema>

/** What a step does beside its layers and its loss. */
export const workParts = ['data', 'update', 'results', 'checks', 'logging', 'other'] as const
export type WorkPart = (typeof workParts)[number]

/**
 * Where the time of some steps of the supervised training went. Exactly one thing is charged at any time, so the
 * layers, the loss and the parts add up to the step: from before its batch is read until its record is handed on.
 */
export const stepProfileSchema = z.strictObject({
  /** The first step that is covered, counted from 1. */
  firstStep: z.int().min(1),
  /** How many steps are covered. */
  steps: z.int().min(1),
  /** Whether the device was waited for after every part, as on a GPU, which otherwise works on while the CPU goes ahead. */
  synchronised: z.boolean(),
  /** In the order in which they compute; layers that training leaves out, such as the softmax, are not there. */
  layers: z.array(layerTimesSchema).max(2000),
  loss: timesSchema,
  parts: z.strictObject(Object.fromEntries(workParts.map((part) => [part, milliseconds])) as WorkPartsShape),
  /** Milliseconds of all evaluations and of all checkpoints since the profile before, beside the steps. */
  evaluation: milliseconds,
  checkpoint: milliseconds,
})
export type StepProfile = z.infer<typeof stepProfileSchema>

type WorkPartsShape = Record<WorkPart, typeof milliseconds>

export type StepPart = 'forward' | 'backward' | WorkPart

/** What the parts of a step are called, in the order in which they are shown. */
export const stepPartTitles: Readonly<Record<StepPart, string>> = {
  forward: 'Forward',
  backward: 'Backward',
  update: 'Update',
  data: 'Data wait',
  results: 'Read-back',
  checks: 'Checks',
  logging: 'Logging',
  other: 'Other',
}

/** What belongs to each part, for people who want to know. */
export const stepPartMeanings: Readonly<Record<StepPart, string>> = {
  forward: 'the layers and the loss, forward',
  backward: 'the gradients of the loss and of the layers',
  update: 'clipping the gradients, and the optimizer',
  data: 'until the batch is there: reading, preprocessing, augmentation',
  results: 'reading the loss and the accuracy of the batch back',
  checks: 'looking for weights that are not finite',
  logging: "handing on the step's record",
  other: "TensorFlow.js's own bookkeeping, such as the gradient tape",
}

/** Mean milliseconds of one step by part, in the order in which they are shown. */
export function stepParts({ layers, loss, parts }: StepProfile): { part: StepPart; milliseconds: number }[] {
  const sum = (direction: keyof Times): number =>
    layers.reduce((total, layer) => total + layer[direction], loss[direction])
  const values: Record<StepPart, number> = { ...parts, forward: sum('forward'), backward: sum('backward') }
  return (Object.keys(stepPartTitles) as StepPart[]).map((part) => ({ part, milliseconds: values[part] }))
}

/** Mean milliseconds of one step. */
export function stepMilliseconds(profile: StepProfile): number {
  return stepParts(profile).reduce((total, { milliseconds: value }) => total + value, 0)
}

/** "steps 2 to 21", or "5 of the steps 2 to 480" where some between were not measured. */
export function coveredText({ firstStep, steps }: Pick<StepProfile, 'firstStep' | 'steps'>, lastStep: number): string {
  if (steps === 1) return `step ${firstStep}`
  const range = `steps ${firstStep} to ${lastStep}`
  return steps === lastStep - firstStep + 1 ? range : `${steps} of the ${range}`
}

/** Profiles of a run that are kept: the first one, and of the others the newest. */
export const mostProfiles = 64

/** Which of a run's profiles, in the order of their steps, are no longer kept. */
export function surplusProfiles<Profile>(profiles: readonly Profile[]): Profile[] {
  return profiles.length <= mostProfiles ? [] : profiles.slice(1, profiles.length - mostProfiles + 1)
}
