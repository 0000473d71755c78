import { areTwins, whyNoTwins } from '../../../../src-core/domain/comparison/twins.ts'
import { gatherRuns } from '../../../../src-core/domain/comparison/groups.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { variantKey } from '../../../../src-core/domain/spec/parts.ts'
import { fieldLabel } from '../../spec/labels.ts'
import { differingFields, fewNamed, valueWords } from './grouping.ts'

/** A run and its twin of the variant that is subtracted. */
export interface Pair {
  readonly run: Run
  readonly base: Run
}

/** The pairs of a paired difference, and the runs that have no twin to be subtracted. */
export interface Pairing {
  readonly pairs: readonly Pair[]
  readonly left: readonly LeftRun[]
}

export interface LeftRun {
  readonly run: Run
  /** The fields that keep it from being a twin of the subtracted run that is nearest to one. */
  readonly fields: readonly string[]
}

function ofVariant(runs: readonly Run[], base: Run): Run[] {
  const key = variantKey(base.spec)
  return runs.filter(({ id, spec }) => id !== base.id && variantKey(spec) === key)
}

/**
 * Each run with its twin among the runs of the base's variant: the one with the same seed, data and batch size. The base
 * itself comes before other runs with its seed; these are subtracted from nothing and compared with it.
 */
export function pairsWith(runs: readonly Run[], base: Run): Pairing {
  const subtracted = [base, ...ofVariant(runs, base)]
  const pairs: Pair[] = []
  const left: LeftRun[] = []
  for (const run of runs) {
    const twin = subtracted.find((other) => areTwins(run.spec, other.spec))
    if (!twin) left.push({ run, fields: fewestReasons(run, subtracted) })
    else if (twin.id !== run.id) pairs.push({ run, base: twin })
  }
  return { pairs, left }
}

function fewestReasons(run: Run, subtracted: readonly Run[]): string[] {
  return subtracted.map(({ spec }) => whyNoTwins(run.spec, spec)).reduce((a, b) => (b.length < a.length ? b : a))
}

/** The run whose variant is subtracted: the chosen one, else the first with values that has a twin with some. */
export function baseOf(runs: readonly Run[], chosen: string | null): Run | null {
  const wanted = runs.find(({ id }) => id === chosen)
  if (wanted) return wanted
  const begun = runs.filter(({ step }) => step > 0)
  return begun.find((run) => begun.some((other) => other.id !== run.id && areTwins(run.spec, other.spec))) ?? null
}

/** A variant that can be subtracted, by one of its runs. */
export interface BaseChoice {
  readonly run: Run
  readonly label: string
}

/** The variants of the runs, with what tells them apart; the base stands for its own. */
export function baseChoices(runs: readonly Run[], base: Run): BaseChoice[] {
  const sets = gatherRuns(runs, 'everything-but-seed')
  const fields = differingFields(sets.map((set) => set.runs[0]!))
  return sets.map(({ runs: members }) => {
    const run = members.find(({ id }) => id === base.id) ?? members[0]!
    const several = members.length > 1 && sets.length > 1
    return { run, label: several ? `${valueWords(run, fields)} (n ${members.length})` : run.name }
  })
}

/** In one sentence, how many runs have no twin and why; null when there is none. */
export function whyLeftOut({ left }: Pairing): string | null {
  if (left.length === 0) return null
  const fields = new Set(left.flatMap((one) => one.fields))
  const names = fewNamed([...fields].map((path) => fieldLabel(path).toLowerCase()))
  const who = left.length === 1 ? `“${left[0]!.run.name}” is left out` : `${left.length} runs are left out`
  return `${who}, without a twin there: other ${names}.`
}
