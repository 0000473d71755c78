import { defaultMetric, defaultReading } from '../domain/comparison/default-choice.ts'
import type { MetricChoice } from '../domain/comparison/readings.ts'
import { WorkbenchError } from '../domain/errors.ts'
import { metricNames } from '../domain/metrics.ts'
import { findReferences } from '../domain/references/drawn-references.ts'
import { mostReportRuns, type ReportRequest } from '../domain/report/report-request.ts'
import type { Run } from '../domain/run.ts'
import { migrations } from '../storage/migrations/index.ts'
import { latestVersion } from '../storage/migrate.ts'
import type { ReadableWorkspace } from '../storage/workspace.ts'
import { lastArtifact, lastEvaluation } from './evaluation.ts'
import type { MeasuredProfile, ReportContent } from './report-content.ts'
import type { RunLook } from './report-document.ts'

/** Weight of the past in the smoothed lines, as the window has it at first. */
const smoothing = 0.9
/** Points of one metric over all runs: more are not told apart on paper, and only make the file large. */
const pointsPerChart = 12_000
const [fewestPoints, mostPoints] = [150, 800]

const colors = 8
const dashes = 4

/** What is read of a workspace. */
export type ReportRecord = Pick<
  ReadableWorkspace,
  'runs' | 'metrics' | 'references' | 'artifacts' | 'datasets' | 'exports' | 'directory'
>

/** The looks that the runs have in the window; a run whose look is taken gets the next that is free. */
export function looksOf(runs: readonly Pick<Run, 'color'>[]): RunLook[] {
  const taken = new Set<number>()
  return runs.map(({ color }) => {
    let index = color % (colors * dashes)
    for (let tries = 0; taken.has(index) && tries < colors * dashes; tries++) index = (index + 1) % (colors * dashes)
    taken.add(index)
    return { color: index % colors, dash: Math.floor(index / colors) }
  })
}

function findRuns({ runs, directory }: ReportRecord, runIds: readonly string[]): Run[] {
  const unique = [...new Set(runIds)]
  if (unique.length === 0) throw new WorkbenchError('usage', 'A report needs at least one run.')
  if (unique.length > mostReportRuns) {
    throw new WorkbenchError('usage', `A report holds at most ${mostReportRuns} runs, but ${unique.length} were named.`)
  }
  return unique.map((runId) => {
    const run = runs.find(runId)
    if (run) return run
    throw new WorkbenchError('run-not-found', `There is no run "${runId}" in ${directory}.`, { run: runId })
  })
}

/** Loss and accuracy as far as they were logged, and the errors of the pre-training. */
function usualMetrics(logged: ReadonlySet<string>): string[] {
  const { trainLoss, validationLoss, trainAccuracy, validationAccuracy } = metricNames
  const usual = [trainLoss, validationLoss, trainAccuracy, validationAccuracy].filter((name) => logged.has(name))
  return [...usual, ...[...logged].filter((name) => name.startsWith('pretraining/')).sort()]
}

/** @throws WorkbenchError `usage` for a metric that no run logged. */
function chosenMetrics({ metrics }: ReportRecord, runs: readonly Run[], asked: readonly string[] | null): string[] {
  const logged = new Set(runs.flatMap(({ id }) => metrics.names(id)))
  if (asked === null) return usualMetrics(logged)
  const unknown = asked.find((name) => !logged.has(name))
  if (unknown === undefined) return [...new Set(asked)]
  const known = logged.size === 0 ? 'none' : [...logged].sort().join(', ')
  throw new WorkbenchError('usage', `None of the runs has a metric "${unknown}". Their metrics: ${known}.`)
}

/** What decides: of the metrics that were chosen the first, else what a comparison takes by itself. */
function decisiveChoice(runs: readonly Run[], asked: readonly string[] | null): MetricChoice {
  const metric = asked?.[0] ?? defaultMetric(runs, { atBudget: false })
  return { metric, reading: defaultReading(metric) }
}

/** For each run that has one. */
function found<T>(runs: readonly Run[], find: (run: Run) => T | null): Map<string, T> {
  return new Map(
    runs.flatMap((run): [string, T][] => {
      const value = find(run)
      return value === null ? [] : [[run.id, value]]
    }),
  )
}

/**
 * Reads everything that a report of these runs needs.
 * @param writtenAt milliseconds since 1970, told in the report.
 * @throws WorkbenchError `run-not-found`; `usage` for too many runs or a metric that none of them has.
 */
export function gatherReport(record: ReportRecord, request: ReportRequest, writtenAt: number): ReportContent {
  const runs = findRuns(record, request.runIds)
  const runIds = runs.map(({ id }) => id)
  const metrics = chosenMetrics(record, runs, request.metrics)
  const maxPoints = Math.max(fewestPoints, Math.min(mostPoints, Math.floor(pointsPerChart / runs.length)))
  const query = { runIds, metrics, fromStep: null, toStep: null, maxPoints }
  return {
    title: request.title,
    blocks: request.blocks,
    runs,
    looks: looksOf(runs),
    metrics,
    decisive: decisiveChoice(runs, request.metrics),
    series: record.metrics.drawn({ ...query, smoothing: { kind: 'ema', amount: smoothing } }),
    references: request.references.length === 0 ? [] : findReferences(record.references.list(), request.references),
    smoothing,
    evaluations: found(runs, (run) => lastEvaluation(record, run)),
    profiles: found(runs, (run): MeasuredProfile | null => lastArtifact(record, run, 'profile')),
    exports: record.exports.list().filter(({ runId }) => runIds.includes(runId)),
    datasets: record.datasets.list(),
    schemaVersion: latestVersion(migrations),
    writtenAt,
  }
}
