import { z } from 'zod'
import { costKeys, type CostKey, type LayerCosts } from '../../../../src-core/domain/comparison/architecture-diff.ts'
import { planArchitecture, type Architecture } from '../../../../src-core/domain/network/architecture.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { explain } from '../../../lib/error-hints.ts'
import { formatBytes, formatCompact, formatFixed, missing } from '../../../lib/format.ts'

export const architectureSection = 'compare-architecture'
export const architectureSchema = z.object({ figures: z.enum(['all', ...costKeys]), differing: z.boolean() })
export type ArchitectureChoice = z.infer<typeof architectureSchema>
export const defaultArchitecture: ArchitectureChoice = { figures: 'all', differing: false }

export const costTitles: Readonly<Record<CostKey, { readonly title: string; readonly meaning: string }>> = {
  params: { title: 'Parameters', meaning: 'Weights, trainable or not' },
  macs: { title: 'MACs', meaning: 'Multiply-accumulates of one forward pass of one image' },
  activationBytes: { title: 'Activations', meaning: 'Memory of the output for one image in float32' },
  milliseconds: { title: 'ms', meaning: 'Measured milliseconds per step, forward and backward' },
}

const texts: Readonly<Record<CostKey, (value: number) => string>> = {
  params: formatCompact,
  macs: formatCompact,
  activationBytes: formatBytes,
  milliseconds: (value) => formatFixed(value, value < 10 ? 2 : 1),
}

/** A figure of a layer; empty for the 0 parameters or multiply-accumulates of a layer without weights. */
export function costText(key: CostKey, value: number | null): string {
  if (value === null) return key === 'milliseconds' ? missing : ''
  return value === 0 && key !== 'milliseconds' ? '' : texts[key](value)
}

/** The signed difference against the base, empty where there is none or nothing to compare. */
export function differenceText(key: CostKey, costs: LayerCosts | null, base: LayerCosts | null): string {
  // What was not measured cannot be compared; a layer that is not there costs nothing.
  if (costs?.[key] === null || base?.[key] === null) return ''
  const difference = (costs?.[key] ?? 0) - (base?.[key] ?? 0)
  if (difference === 0) return ''
  const text = texts[key](Math.abs(difference))
  return Number.parseFloat(text) === 0 ? '' : `${difference > 0 ? '+' : '−'}${text}`
}

export const stateGlyphs = { base: '', same: '', absent: '', changed: '≠', added: '+', removed: '−' } as const

export interface PlannedRun {
  readonly run: Run
  readonly architecture: Architecture
}

/** The networks of runs; those that cannot be laid out, by what is wrong with them. A record may hold such a spec. */
export function planRuns(runs: readonly Run[]): { planned: PlannedRun[]; problems: string[] } {
  const planned: PlannedRun[] = []
  const problems: string[] = []
  for (const run of runs) {
    try {
      planned.push({ run, architecture: planArchitecture(run.spec.model) })
    } catch (error) {
      problems.push(`“${run.name}” is left out, its network cannot be laid out: ${explain(error)}`)
    }
  }
  return { planned, problems }
}
