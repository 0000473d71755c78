import type { RunEvent } from '../../../src-core/contract/procedures/index.ts'
import type { DatasetInfo } from '../../../src-core/domain/dataset.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { learningRateAt } from '../../../src-core/domain/schedule/learning-rate.ts'
import { planWorkload } from '../../../src-core/domain/workload.ts'
import { formatNumber } from '../format.ts'
import { phaseMarks, phasesOf, type StepMark } from '../run/phases.ts'
import type { DrawnSeries } from './columns.ts'

/** Schedules that change at every step have a curve of their own; only steps are marked. */
const stepped: readonly string[] = ['table', 'step', 'exponential']
const mostDrops = 12
/** A smaller change is no drop. */
const smallestDrop = 0.9

/** Where the schedule lowers the learning rate, as the spec says; where it follows the results, as the curve says. */
export function rateMarks(run: Run, dataset: DatasetInfo | undefined, rates: DrawnSeries | null): StepMark[] {
  const { schedule } = run.spec.training
  const drops = stepped.includes(schedule.kind)
    ? plannedDrops(run, dataset)
    : schedule.kind === 'plateau'
      ? seenDrops(rates)
      : []
  return drops.length > mostDrops ? [] : drops
}

function plannedDrops(run: Run, dataset: DatasetInfo | undefined): StepMark[] {
  if (!dataset) return []
  const { stepsPerEpoch, pretrainingSteps, totalSteps } = planWorkload(run.spec, dataset)
  if (stepsPerEpoch < 1) return []
  const supervised = totalSteps - pretrainingSteps
  const rate = (step: number): number =>
    learningRateAt(run.spec.training, { step, stepsPerEpoch, totalSteps: supervised, history: [] })
  const marks: StepMark[] = []
  for (let step = stepsPerEpoch; step < supervised && marks.length <= mostDrops; step += stepsPerEpoch) {
    if (rate(step) < rate(step - 1) * smallestDrop) marks.push(dropTo(pretrainingSteps + step, rate(step)))
  }
  return marks
}

function seenDrops(rates: DrawnSeries | null): StepMark[] {
  const marks: StepMark[] = []
  if (!rates) return marks
  const { step, last } = rates.columns
  for (let i = 1; i < rates.length; i++) {
    if (last[i]! < last[i - 1]! * smallestDrop) marks.push(dropTo(step[i]!, last[i]!))
  }
  return marks
}

function dropTo(step: number, rate: number): StepMark {
  return { step, label: `lr ${formatNumber(rate)}` }
}

const marked: readonly { readonly says: RegExp; readonly label: string }[] = [
  { says: /^Paused/, label: 'paused' },
  { says: /^Prepares to go on/, label: 'resumed' },
  { says: /^Interrupted/, label: 'interrupted' },
]

/** Where a run was paused, went on or broke off. */
export function eventMarks(events: readonly RunEvent[]): StepMark[] {
  return events
    .filter(({ kind, step }) => kind === 'state' && step > 0)
    .flatMap(({ step, message }) => {
      const found = marked.find(({ says }) => says.test(message))
      return found ? [{ step, label: found.label }] : []
    })
}

/** Where the first weights of a run come from: a mark at its beginning. */
function transferMark({ spec }: Run): StepMark[] {
  const { from } = spec.training.transfer
  return from === null ? [] : [{ step: 0, label: from.startsWith('run:') ? 'weights of a run' : 'weights of a file' }]
}

/** All marks of a run in the order of their steps; marks at the same step share a label. */
export function runMarks(
  run: Run,
  dataset: DatasetInfo | undefined,
  seen: { readonly events: readonly RunEvent[]; readonly rates: DrawnSeries | null },
): StepMark[] {
  const all = [
    ...transferMark(run),
    ...phaseMarks(phasesOf(run, dataset)),
    ...rateMarks(run, dataset, seen.rates),
    ...eventMarks(seen.events),
  ]
  const labels = new Map<number, string[]>()
  for (const { step, label } of all) labels.set(step, [...new Set([...(labels.get(step) ?? []), label])])
  return [...labels].sort(([a], [b]) => a - b).map(([step, texts]) => ({ step, label: texts.join(', ') }))
}
