import type { BestMetric, MetricSummary } from '../../../src-core/domain/metrics.ts'
import { summaryFields, type RunList } from '../../../src-core/domain/run-list/run-list.ts'
import { bestMetricSchema } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { runStateSchema } from '../../../src-core/domain/run-status.ts'
import { readPart, rememberParts, specOfParts, type ReadPart } from '../../../src-core/domain/spec/parts.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

/**
 * Makes the runs of a list. A spec and the summaries are put together when they are first read: a table of ten thousand
 * runs shows thirty. Specs share their parts, so nobody may change one in place.
 */
export function runsOfList(list: RunList): Run[] {
  const specOf = specReader(list)
  const errors = new Map(list.errors.map(({ index, error }) => [index, error]))
  return list.ids.map((id, index) => {
    const number = (name: keyof RunList['numbers']): number => list.numbers[name][index]!
    const orNull = (name: keyof RunList['numbers']): number | null => nullOf(number(name))
    let spec: RunSpec | null = null
    let metrics: Record<string, MetricSummary> | null = null
    return {
      id,
      name: list.names[index]!,
      state: runStateSchema.parse(list.states[index]),
      get spec() {
        return (spec ??= specOf(index))
      },
      specHash: list.specHashes[index]!,
      color: number('color'),
      parameters: number('parameters'),
      step: number('step'),
      totalSteps: orNull('totalSteps'),
      stepsPerEpoch: orNull('stepsPerEpoch'),
      epoch: number('epoch'),
      activeTime: number('activeTime'),
      imagesPerSecond: orNull('imagesPerSecond'),
      best: bestOf(list.bests[index]!),
      get last() {
        return Object.fromEntries(Object.entries(this.metrics).map(([name, { last }]) => [name, last]))
      },
      get metrics() {
        return (metrics ??= metricsOf(list, index))
      },
      tags: [...list.tags[index]!],
      notes: list.notes[index]!,
      error: errors.get(index) ?? null,
      queuePosition: orNull('queuePosition'),
      checkpointStep: orNull('checkpointStep'),
      environment: list.environments[list.environmentOf[index]!] ?? null,
      weightsSha256: list.weights[index] || null,
      createdAt: number('createdAt'),
      startedAt: orNull('startedAt'),
      endedAt: orNull('endedAt'),
      deletedAt: orNull('deletedAt'),
    }
  })
}

function nullOf(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

function bestOf(text: string): BestMetric | null {
  return text === '' ? null : bestMetricSchema.parse(JSON.parse(text))
}

function specReader({ parts, partOf, partsFrom }: RunList): (index: number) => RunSpec {
  const read: ReadPart[] = []
  return (index) => {
    const places = Array.from(partOf.subarray(partsFrom[index], partsFrom[index + 1]))
    const spec = specOfParts(
      places.map((place) => (read[place] ??= readPart(parts.paths[place]!, parts.values[place]!))),
    )
    rememberParts(spec, () => places.map((place) => [parts.paths[place]!, parts.values[place]!] as const))
    return spec
  }
}

function metricsOf({ metrics }: RunList, index: number): Record<string, MetricSummary> {
  return Object.fromEntries(
    metrics
      .filter(({ summary }) => summary.points[index]! > 0)
      .map(({ name, summary }) => {
        const values = summaryFields.map((field) => {
          const value = summary[field][index]!
          return [field, field === 'last' ? value : nullOf(value)]
        })
        return [name, Object.fromEntries(values) as MetricSummary]
      }),
  )
}
