import { groupRuns } from '../../domain/comparison/groups.ts'
import { measureGroups, unfinishedReason, type MeasuredGroup } from '../../domain/comparison/measured-groups.ts'
import { readSummary, type MetricChoice } from '../../domain/comparison/readings.ts'
import { verdicts, type Verdict } from '../../domain/comparison/verdict.ts'
import { correctionText, freeTestName } from '../../domain/comparison/verdict-sentence.ts'
import {
  cutIntervalsText,
  intervalText,
  meanIntervalText,
  numberText,
  probabilityText,
} from '../../domain/comparison/words.ts'
import { isShare } from '../../domain/metrics.ts'
import { powerWords } from '../../domain/statistics/tests/seeds-needed.ts'
import { formatInteger } from '../format.ts'
import { metricWords } from '../metric-words.ts'
import { cell, figure, paragraph, table, withoutEmptyColumns, type Cell, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'

/** More pairs than this are told against the first group alone. */
const mostPairs = 15

function measured({ runs, datasets, decisive }: ReportContent): MeasuredGroup[] {
  return measureGroups(
    groupRuns(runs, 'everything-but-seed', datasets),
    ({ metrics }) => {
      const summary = metrics[decisive.metric]
      return (summary && readSummary(summary, decisive)) ?? { missing: 'never logged it' }
    },
    unfinishedReason,
  )
}

function choiceText({ metric, reading }: MetricChoice): string {
  const { title } = metricWords(metric)
  return `Compared is the ${reading} ${title.toLowerCase()} of every run.`
}

const seedsOf = (runs: MeasuredGroup['measured']): string =>
  runs
    .map(({ run }) => run.spec.training.seed)
    .sort((a, b) => a - b)
    .join(', ')

function groupsTable(groups: readonly MeasuredGroup[], { metric }: MetricChoice): Part[] {
  const number = (value: number | null): Cell => figure(value === null ? '-' : numberText(metric, value))
  const head = [
    ...[cell('Variant'), figure('Runs'), figure(isShare(metric) ? 'Mean, %' : 'Mean')],
    ...[figure('Standard deviation'), figure('95 % interval of the mean'), cell('Seeds')],
  ]
  const rows = groups.map(({ label, measured: runs, summary: { n, mean, standardDeviation, interval } }) => [
    ...[cell(label), figure(String(n)), number(mean), number(standardDeviation)],
    figure(interval ? meanIntervalText(metric, interval) : '-'),
    cell(seedsOf(runs)),
  ])
  const cut = cutIntervalsText(
    metric,
    groups.map(({ summary }) => summary.interval),
  )
  return [table('Variants over their seeds', head, rows), ...(cut ? [paragraph(cut)] : [])]
}

function testName(verdict: Verdict): string {
  if (verdict.test.p === null) return freeTestName(verdict)
  return verdict.paired ? 'paired t-test' : 'Welch’s t-test'
}

/** "4.07 [3.49, 4.65]". */
const withInterval = (value: string, interval: string | null): string =>
  interval === null ? value : `${value} ${interval}`

const signed = (value: number): string => value.toFixed(2).replace('-', '−')

/** The tests behind the sentences; nothing where no pair has the seeds to be tested. */
function testsTable(all: readonly Verdict[], metric: string): Part[] {
  const tested = all.filter(({ outcome }) => outcome !== 'refused')
  if (tested.length === 0) return []
  const head = [
    ...[cell('Compared'), figure(isShare(metric) ? 'Difference, points' : 'Difference'), cell('Test'), figure('p')],
    ...[figure('Permutation p'), figure('Hedges’ g'), figure('Seeds needed')],
  ]
  const rows = tested.map((verdict) => {
    const { a, b, test, p, permutation, effect, needed } = verdict
    return [
      cell(`${a.label} against ${b.label}`),
      figure(
        test.difference === null
          ? '-'
          : withInterval(numberText(metric, test.difference), test.interval && intervalText(metric, test.interval)),
      ),
      cell(testName(verdict)),
      ...[p, permutation.p].map((value) => figure(value === null ? '-' : probabilityText(value))),
      figure(effect ? withInterval(signed(effect.g), `[${effect.interval.map(signed).join(', ')}]`) : '-'),
      figure(needed ? formatInteger(needed.perGroup) : '-'),
    ]
  })
  return [withoutEmptyColumns(table('Tests of the differences', head, rows)), paragraph(testsNote(tested))]
}

function testsNote(tested: readonly Verdict[]): string {
  const isCorrected = tested.some(({ comparisons }) => comparisons > 1)
  return [
    'Differences are the first variant less the second.',
    correctionText(tested),
    ...(isCorrected ? ['The permutation p is not corrected.'] : []),
    ...(tested.some(({ paired }) => paired)
      ? ['Twins share seed, data and batch size: they are compared pair by pair, also when signs are permuted.']
      : []),
    'Hedges’ g is the difference in standard deviations, with its 95 % interval.',
    `Seeds needed are those of each variant for ${powerWords}, if the difference is what it was so far.`,
  ].join(' ')
}

function leftOut(groups: readonly MeasuredGroup[]): Part[] {
  const names = groups.flatMap((group) => group.leftOut.map(({ run, reason }) => `${run.name} ${reason}`))
  return names.length === 0 ? [] : [paragraph(`Left out: ${names.join('; ')}.`)]
}

/** Means over the seeds of each variant, and what may be concluded from them, in words and in numbers. */
export function groupsSection(content: ReportContent): Part[] {
  const { decisive, runs } = content
  if (runs.length === 1) return []
  const groups = measured(content)
  const pairs = (groups.length * (groups.length - 1)) / 2
  const compared = verdicts(groups, decisive, pairs > mostPairs ? groups[0]!.key : null)
  const sentences = compared.map(({ a, b, sentence }) =>
    groups.length === 2 ? paragraph(sentence) : paragraph(`${a.label} against ${b.label}: ${sentence}`),
  )
  return [
    paragraph(choiceText(decisive)),
    ...groupsTable(groups, decisive),
    ...sentences,
    ...testsTable(compared, decisive.metric),
    ...leftOut(groups),
  ]
}
