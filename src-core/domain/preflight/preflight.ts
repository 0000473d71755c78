import { z } from 'zod'
import { keptGenerations } from '../checkpoint.ts'
import type { DatasetInfo } from '../dataset.ts'
import { environmentSchema } from '../environment.ts'
import { planArchitecture } from '../network/architecture.ts'
import type { RunSpec } from '../spec/run-spec.ts'
import { planWorkload, type Workload } from '../workload.ts'
import { correctedBy, estimateMemory, largestFittingBatch, memoryOf, type MemoryNeed } from './memory-need.ts'
import { networkCost } from './network-cost.ts'
import type { Probe } from './probe.ts'
import { measuredTime, measuredTimeSchema } from './run-time.ts'

/** Share of the free memory that a run may take: the rest is left to the other programs. */
const usableShare = 0.95

/** On the disk at once while a run trains: the newest checkpoints, the best one, and the one that is being written. */
const checkpointsAtOnce = keptGenerations + 2

const bytes = z.number().min(0)

/** What a run will cost and whether it can be had. */
export const preflightSchema = z.strictObject({
  fits: z.boolean(),
  /** What there is too little of; empty when it fits. */
  lacks: z.array(z.enum(['memory', 'disk'])),
  batchSize: z.int(),
  /** A smaller batch size with which the run fits; null when it fits as it is, or with none. */
  proposedBatchSize: z.int().nullable(),
  memory: z.strictObject({
    /** The peak of the process that trains. */
    needed: bytes,
    available: bytes,
    /** measured: by steps of the run; estimated: from the network alone; exhausted: the steps used up all there was. */
    basis: z.enum(['measured', 'estimated', 'exhausted']),
  }),
  /** For the checkpoints that lie on the disk at once. */
  disk: z.strictObject({ needed: bytes, available: bytes }),
  /** null when no step could be taken. */
  time: measuredTimeSchema.nullable(),
  /** Where the steps were taken; null when none were. */
  device: environmentSchema.shape.device.nullable(),
  threads: environmentSchema.shape.threads.nullable(),
  /** Whether another run trained meanwhile, which makes the steps slower than they will be. */
  besideTraining: z.boolean(),
})
export type Preflight = z.infer<typeof preflightSchema>

/** What the machine has left, in bytes. */
export interface MachineLimits {
  readonly memory: number
  readonly disk: number
}

/** What can be told of a run before a step of it is taken. */
export interface PreflightPlan {
  readonly batchSize: number
  readonly need: MemoryNeed
  readonly diskBytes: number
  readonly workload: Workload
}

/** @throws WorkbenchError as `planArchitecture` */
export function planPreflight(spec: RunSpec, dataset: DatasetInfo): PreflightPlan {
  const { checkpointBytes } = networkCost(planArchitecture(spec.model), spec)
  return {
    batchSize: spec.training.batchSize,
    need: estimateMemory(spec, dataset),
    diskBytes: checkpointBytes * checkpointsAtOnce,
    workload: planWorkload(spec, dataset),
  }
}

function usable({ memory }: Pick<MachineLimits, 'memory'>): number {
  return Math.floor(memory * usableShare)
}

/** Whether so much memory is needed that not even a step should be tried. */
export function exceedsMemory({ need, batchSize }: PreflightPlan, limits: Pick<MachineLimits, 'memory'>): boolean {
  return memoryOf(need, batchSize) > usable(limits)
}

export interface Findings {
  readonly plan: PreflightPlan
  readonly limits: MachineLimits
  /** What the steps measured; `estimated` when none were tried, `exhausted` when they ran out of memory. */
  readonly found: Probe | 'estimated' | 'exhausted'
  readonly besideTraining: boolean
}

/** Whether a run fits, what it costs, and with which smaller batch it would fit. */
export function judge({ plan, limits, found, besideTraining }: Findings): Preflight {
  const probe = typeof found === 'string' ? null : found
  const memory = judgeMemory(plan, usable(limits), found)
  const lacksMemory = memory.basis === 'exhausted' || memory.needed > memory.available
  const lacksDisk = plan.diskBytes > limits.disk
  return {
    fits: !lacksMemory && !lacksDisk,
    lacks: [...(lacksMemory ? (['memory'] as const) : []), ...(lacksDisk ? (['disk'] as const) : [])],
    batchSize: plan.batchSize,
    // A smaller batch needs no less disk.
    proposedBatchSize: lacksMemory && !lacksDisk ? propose(plan, memory) : null,
    memory,
    disk: { needed: plan.diskBytes, available: limits.disk },
    time: probe && measuredTime(probe, plan.workload, plan.batchSize),
    device: probe?.device ?? null,
    threads: probe?.threads ?? null,
    besideTraining,
  }
}

function judgeMemory(
  { need, batchSize }: PreflightPlan,
  available: number,
  found: Findings['found'],
): Preflight['memory'] {
  if (typeof found !== 'string') return { needed: found.peakMemory, available, basis: 'measured' }
  const estimate = memoryOf(need, batchSize)
  return { needed: found === 'exhausted' ? Math.max(estimate, available) : estimate, available, basis: found }
}

/** Where memory ran out although the estimate fitted, the estimate is too low: at most half the batch is proposed. */
function propose({ need, batchSize }: PreflightPlan, { needed, available, basis }: Preflight['memory']): number | null {
  if (basis === 'exhausted') return largestFittingBatch(need, Math.floor(batchSize / 2) + 1, available)
  const known = basis === 'measured' ? correctedBy(need, batchSize, needed) : need
  return largestFittingBatch(known, batchSize, available)
}
