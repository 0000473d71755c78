import { planArchitecture } from '../src-core/domain/network/architecture.ts'
import { profileRows, type ProfileRow } from '../src-core/domain/profile/layer-rows.ts'
import { noProfileText } from '../src-core/domain/profile/no-profile.ts'
import {
  coveredText,
  stepMilliseconds,
  stepParts,
  stepPartMeanings,
  stepPartTitles,
  type StepPart,
  type StepProfile,
} from '../src-core/domain/profile/step-profile.ts'
import type { Run } from '../src-core/domain/run.ts'
import type { ReadableWorkspace } from '../src-core/storage/workspace.ts'
import { lastArtifact } from '../src-core/report/evaluation.ts'
import { formatNumber, formatPercent } from './terminal/format.ts'
import { printLine, printTable, type Column } from './terminal/output.ts'

/** A run's newest profile with what follows from its network. Scripts depend on these names. */
export interface ShownProfile extends Pick<
  StepProfile,
  'firstStep' | 'steps' | 'synchronised' | 'evaluation' | 'checkpoint'
> {
  /** The last step that it covers. */
  readonly step: number
  /** Mean milliseconds of one step. */
  readonly milliseconds: number
  readonly parts: Readonly<Record<StepPart, number>>
  readonly layers: readonly ProfileRow[]
}

/** The newest profile; null when there is none. */
export function lastProfile(workspace: Pick<ReadableWorkspace, 'artifacts'>, run: Pick<Run, 'id' | 'spec'>) {
  const artifact = lastArtifact(workspace, run, 'profile')
  return artifact && shownProfile(artifact.step, artifact.profile, run)
}

function shownProfile(step: number, profile: StepProfile, { spec }: Pick<Run, 'spec'>): ShownProfile {
  const { firstStep, steps, synchronised, evaluation, checkpoint } = profile
  const parts = Object.fromEntries(stepParts(profile).map(({ part, milliseconds }) => [part, milliseconds]))
  return {
    step,
    firstStep,
    steps,
    synchronised,
    milliseconds: stepMilliseconds(profile),
    parts: parts as Record<StepPart, number>,
    layers: profileRows(profile, planArchitecture(spec.model), spec.training.batchSize),
    evaluation,
    checkpoint,
  }
}

const layerColumns: readonly Column<ProfileRow>[] = [
  { title: 'Layer', value: ({ name }) => name },
  { title: 'Type', value: ({ type }) => type },
  { title: 'Output', value: ({ output }) => output?.join(' x ') ?? '', align: 'right' },
  { title: 'Forward, ms', value: ({ forward }) => formatNumber(forward, 3), align: 'right' },
  { title: 'Backward, ms', value: ({ backward }) => formatNumber(backward, 3), align: 'right' },
  { title: 'Share, %', value: ({ share }) => formatPercent(share), align: 'right' },
  { title: 'Forward, GFLOP/s', value: (row) => rateText(row.forwardRate), align: 'right' },
  { title: 'Backward, GFLOP/s', value: (row) => rateText(row.backwardRate), align: 'right' },
]

function rateText(rate: number | null): string {
  return rate === null ? '' : formatNumber(rate, 1)
}

/** Prints a profile as two tables: the layers, and the parts of the step. */
export function printProfile(profile: ShownProfile | null, run: Run): void {
  if (!profile) return printLine(noProfileText(run))
  const { milliseconds, parts, layers, evaluation, checkpoint } = profile
  printLine(`Mean of ${coveredText(profile, profile.step)}, ${run.spec.training.batchSize} images each.`)
  if (profile.synchronised) printLine('Measured in steps that waited for the GPU after every part.')
  printLine()
  printTable(layerColumns, layers)
  printLine()
  const share = (value: number): string => formatPercent(milliseconds === 0 ? 0 : value / milliseconds)
  const rows = Object.entries(parts).map(([part, value]) => ({ part: part as StepPart, value }))
  printTable(
    [
      { title: 'Part of the step', value: ({ part }) => stepPartTitles[part] },
      { title: 'ms', value: ({ value }) => formatNumber(value, 3), align: 'right' },
      { title: '%', value: ({ value }) => share(value), align: 'right' },
      { title: '', value: ({ part }) => stepPartMeanings[part] },
    ],
    rows,
  )
  printLine(`\nWhole step   ${formatNumber(milliseconds, 3)} ms`)
  printLine(`Evaluations  ${formatNumber(evaluation, 0)} ms since the profile before, beside the steps`)
  printLine(`Checkpoints  ${formatNumber(checkpoint, 0)} ms since the profile before, beside the steps`)
}
