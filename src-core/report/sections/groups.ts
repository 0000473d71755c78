import { groupRuns } from '../../domain/comparison/groups.ts'
import { measureGroups, unfinishedReason, type MeasuredGroup } from '../../domain/comparison/measured-groups.ts'
import { readSeries, type MetricChoice } from '../../domain/comparison/readings.ts'
import { verdicts } from '../../domain/comparison/verdict.ts'
import { metricNames } from '../../domain/metrics.ts'
import { metricHead, metricText } from '../metric-words.ts'
import { cell, figure, paragraph, table, type Part } from '../report-document.ts'
import { seriesOf, type ReportContent } from '../report-content.ts'

/** More pairs than this are told against the first group alone. */
const mostPairs = 15

/** The metric that decides, the one that a reader expects first. */
function decisiveMetric({ metrics }: ReportContent): MetricChoice | null {
  const order = [metricNames.validationAccuracy, metricNames.validationLoss]
  const metric = order.find((name) => metrics.includes(name)) ?? metrics[0]
  return metric === undefined ? null : { metric, reading: 'best' }
}

function measured(content: ReportContent, choice: MetricChoice): MeasuredGroup[] {
  const groups = groupRuns(content.runs, 'everything-but-seed', content.datasets)
  return measureGroups(
    groups,
    ({ id }) => {
      const found = seriesOf(content, id, choice.metric)
      return (found && readSeries(found.columns, choice)) ?? { missing: 'never logged it' }
    },
    unfinishedReason,
  )
}

function groupsTable(groups: readonly MeasuredGroup[], { metric }: MetricChoice): Part {
  const head = [
    ...[cell('Variant'), figure('Runs'), figure(`Mean of the best: ${metricHead(metric)}`)],
    ...[figure('Standard deviation'), figure('95 % interval of the mean')],
  ]
  const rows = groups.map(({ label, summary: { n, mean, standardDeviation, interval } }) => [
    cell(label),
    figure(String(n)),
    figure(metricText(metric, mean)),
    figure(metricText(metric, standardDeviation)),
    figure(interval ? `${metricText(metric, interval[0])} to ${metricText(metric, interval[1])}` : '-'),
  ])
  return table('Variants over their seeds', head, rows)
}

function leftOut(groups: readonly MeasuredGroup[]): Part[] {
  const names = groups.flatMap((group) => group.leftOut.map(({ run, reason }) => `${run.name} ${reason}`))
  return names.length === 0 ? [] : [paragraph(`Left out: ${names.join('; ')}.`)]
}

/** Means over the seeds of each variant, and what may be concluded from them in words. */
export function groupsSection(content: ReportContent): Part[] {
  const choice = decisiveMetric(content)
  if (!choice || content.runs.length === 1) return []
  const groups = measured(content, choice)
  const pairs = (groups.length * (groups.length - 1)) / 2
  const baseline = pairs > mostPairs ? groups[0]!.key : null
  const sentences = verdicts(groups, choice, baseline).map(({ a, b, sentence }) =>
    groups.length === 2 ? paragraph(sentence) : paragraph(`${a.label} against ${b.label}: ${sentence}`),
  )
  return [groupsTable(groups, choice), ...sentences, ...leftOut(groups)]
}
