import type { MeasuredNetwork } from '../../../domain/comparison/architecture-diff.ts'
import { groupRuns } from '../../../domain/comparison/groups.ts'
import { planArchitecture } from '../../../domain/network/architecture.ts'
import type { Run } from '../../../domain/run.ts'
import { flattenSpec } from '../../../domain/spec/paths.ts'
import type { ReportContent } from '../../report-content.ts'

/** A network of the compared runs, with the times of the first of its runs that has a profile. */
export interface ComparedNetwork extends MeasuredNetwork {
  /** What tells it from the others. */
  readonly label: string
  readonly runs: readonly Run[]
  /** Whose profile it is; null without one. */
  readonly profiled: Run | null
}

type NetworkContent = Pick<ReportContent, 'runs' | 'datasets' | 'profiles'>

/**
 * The different networks of the runs, in the order in which they first occur, and what is wrong with those that cannot be
 * laid out: a record may hold such a spec.
 */
export function comparedNetworks({ runs, datasets, profiles }: NetworkContent): {
  readonly networks: ComparedNetwork[]
  readonly problems: string[]
} {
  const fields = new Set(runs.flatMap(({ spec }) => Object.keys(flattenSpec(spec))))
  const groups = groupRuns(
    runs,
    [...fields].filter((path) => path.startsWith('model.')),
    datasets,
  )
  const networks: ComparedNetwork[] = []
  const problems: string[] = []
  for (const { label, runs: members } of groups) {
    const profiled = members.find(({ id }) => profiles.has(id)) ?? null
    try {
      networks.push({
        architecture: planArchitecture(members[0]!.spec.model),
        profile: (profiled && profiles.get(profiled.id)?.profile) ?? null,
        label: groups.length === 1 && members.length === 1 ? members[0]!.name : label,
        runs: members,
        profiled,
      })
    } catch (error) {
      const names = members.map(({ name }) => `“${name}”`).join(', ')
      problems.push(`The network of ${names} cannot be laid out: ${(error as Error).message}`)
    }
  }
  return { networks, problems }
}
