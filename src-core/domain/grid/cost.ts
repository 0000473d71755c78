import { findDataset, type DatasetInfo } from '../dataset.ts'
import { planArchitecture } from '../network/architecture.ts'
import { networkCost } from '../preflight/network-cost.ts'
import type { MeasuredTime } from '../preflight/run-time.ts'
import type { RunSpec } from '../spec/run-spec.ts'
import { planWorkload, type Workload } from '../workload.ts'

/** Probes for one grid: what is left is estimated from them. */
export const mostProbes = 8

/** Runs whose steps take the same time: one network, one batch size, one way to make and use a batch. */
export interface ProbeGroup {
  /** The spec that stands for all of them. */
  readonly spec: RunSpec
  /** Multiply-accumulates of the forward pass of one step. */
  readonly stepMacs: number
  /** Indices of the runs. */
  readonly runs: readonly number[]
}

/** What decides how long a step takes; the values of rates, seeds and penalties do not. */
function stepSignature({ model, data, training }: RunSpec): string {
  const { batchSize, optimizer, precision, pretraining, transfer } = training
  // The share that is dropped costs nothing; that something is dropped does.
  const dropout = { ...model.dropout, rate: model.dropout.rate > 0 }
  const input = { dataset: data.dataset, resize: data.resize, tenCrop: data.tenCrop, augmentation: data.augmentation }
  return JSON.stringify({
    model: { ...model, dropout, initializer: null },
    input,
    batchSize,
    optimizer,
    precision,
    pretraining: pretraining.kind,
    frozen: transfer.frozen,
  })
}

/** The runs by the time that a step of them takes, in the order in which such groups first come. */
export function probeGroups(specs: readonly RunSpec[]): ProbeGroup[] {
  const groups = new Map<string, { spec: RunSpec; stepMacs: number; runs: number[] }>()
  specs.forEach((spec, index) => {
    const key = stepSignature(spec)
    const group = groups.get(key)
    if (group) group.runs.push(index)
    else groups.set(key, { spec, stepMacs: macsOf(spec), runs: [index] })
  })
  return [...groups.values()]
}

function macsOf(spec: RunSpec): number {
  return networkCost(planArchitecture(spec.model), spec).macs * spec.training.batchSize
}

/**
 * The groups to probe: all, or so many that are spread evenly over the multiply-accumulates, the cheapest and the
 * dearest among them.
 */
export function chooseProbes(groups: readonly ProbeGroup[], most = mostProbes): number[] {
  const byCost = groups.map((_, index) => index).sort((a, b) => groups[a]!.stepMacs - groups[b]!.stepMacs)
  if (byCost.length <= most) return byCost
  return Array.from({ length: most }, (_, index) => byCost[Math.round((index * (byCost.length - 1)) / (most - 1))]!)
}

/** What a probe of a group's spec found; null for one that could not be measured. */
export type ProbeTimes = ReadonlyMap<number, MeasuredTime>

export interface GridCost {
  /** Milliseconds of all runs, one after the other; null while no group was measured. */
  readonly time: number | null
  /** Milliseconds per run in the order of the specs; null where nothing is known. */
  readonly perRun: readonly (number | null)[]
  /** How many groups were measured, and how many are estimated by their multiply-accumulates. */
  readonly measured: number
  readonly estimated: number
  readonly steps: number
}

/** What all runs together cost, from what the probes measured. */
export function gridCost(
  specs: readonly RunSpec[],
  groups: readonly ProbeGroup[],
  probes: ProbeTimes,
  datasets: readonly DatasetInfo[],
): GridCost {
  const workload = (spec: RunSpec): Workload => planWorkload(spec, findDataset(spec.data.dataset, datasets))
  const perRun = specs.map((): number | null => null)
  groups.forEach((group, index) => {
    const source = probes.has(index) ? index : nearestProbe(groups, group.stepMacs, probes)
    if (source === null) return
    const parts = partsOf(probes.get(source)!, workload(groups[source]!.spec))
    const scale = group.stepMacs / Math.max(1, groups[source]!.stepMacs)
    for (const run of group.runs) perRun[run] = timeOf(parts, workload(specs[run]!), source === index ? 1 : scale)
  })
  const known = perRun.filter((time) => time !== null)
  return {
    time: known.length === 0 ? null : known.reduce((sum, time) => sum + time, 0),
    perRun,
    measured: probes.size,
    estimated: probes.size === 0 ? 0 : groups.length - probes.size,
    steps: specs.reduce((sum, spec) => sum + workload(spec).totalSteps, 0),
  }
}

/** The measured group with the nearest number of multiply-accumulates, as a ratio. */
function nearestProbe(groups: readonly ProbeGroup[], stepMacs: number, probes: ProbeTimes): number | null {
  const distance = (index: number): number => Math.abs(Math.log(stepMacs / Math.max(1, groups[index]!.stepMacs)))
  return [...probes.keys()].reduce<number | null>(
    (best, index) => (best === null || distance(index) < distance(best) ? index : best),
    null,
  )
}

/** A measured run's time in its parts, in milliseconds. */
interface TimeParts {
  readonly step: number
  /** To evaluate one image. */
  readonly image: number
  /** Of one pre-training step. */
  readonly pretrainingStep: number
  /** Until the first step. */
  readonly start: number
}

function supervisedSteps({ phases }: Workload): number {
  return phases.at(-1)!.steps
}

/** Images that are evaluated in a run: a validation after each epoch and after the last step, and the test. */
function evaluatedImages(workload: Workload): number {
  const validations = Math.ceil(supervisedSteps(workload) / workload.stepsPerEpoch)
  return validations * workload.validationImages + workload.testImages
}

/** Takes `measuredTime` (preflight/run-time.ts) apart again, so that it holds for more epochs or fewer images. */
function partsOf(time: MeasuredTime, workload: Workload): TimeParts {
  const { validationImages, stepsPerEpoch, pretrainingSteps } = workload
  const image = validationImages > 0 ? Math.max(0, time.epoch - stepsPerEpoch * time.step) / validationImages : 0
  const rest = Math.max(0, time.run - supervisedSteps(workload) * time.step - evaluatedImages(workload) * image)
  // Preparation is a second or two: where layers are pre-trained, that is what the rest is made of.
  return pretrainingSteps > 0
    ? { step: time.step, image, pretrainingStep: rest / pretrainingSteps, start: 0 }
    : { step: time.step, image, pretrainingStep: 0, start: rest }
}

function timeOf({ step, image, pretrainingStep, start }: TimeParts, workload: Workload, scale: number): number {
  const steps = supervisedSteps(workload) * step + workload.pretrainingSteps * pretrainingStep
  return start + scale * (steps + evaluatedImages(workload) * image)
}

/** A long time in words that can be planned with: "4 h 10 min", "12 min", "40 s". */
export function hoursText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${Math.max(1, seconds)} s`
  const minutes = Math.round(milliseconds / 60_000)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  if (hours >= 48) return withRest(`${Math.floor(hours / 24)} d`, hours % 24, 'h')
  return withRest(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min')
}

function withRest(text: string, rest: number, unit: string): string {
  return rest === 0 ? text : `${text} ${rest} ${unit}`
}
