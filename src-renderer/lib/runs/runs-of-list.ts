import type { BestMetric, MetricSummary } from '../../../src-core/domain/metrics.ts'
import { summaryFields, type RunList } from '../../../src-core/domain/run-list/run-list.ts'
import { bestMetricSchema } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { specAssembler } from '../../../src-core/domain/spec/parts.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

type NumberField = keyof RunList['numbers']

/**
 * Makes the runs of a list. A spec and the summaries are put together when they are first read: a table of ten thousand
 * runs shows thirty. Specs share their parts, so nobody may change one in place.
 */
export function runsOfList(list: RunList): Run[] {
  const { partOf, partsFrom } = list
  const assemble = specAssembler(list.parts)
  const specOf = (index: number): RunSpec => assemble(partOf.subarray(partsFrom[index], partsFrom[index + 1]))
  const metricsOf = summaryReader(list)
  const number = (name: NumberField, index: number): number => list.numbers[name][index]!
  const orNull = (name: NumberField, index: number): number | null => nullOf(number(name, index))
  const errors = new Map(list.errors.map(({ index, error }) => [index, error]))
  return list.ids.map((id, index) => {
    let spec: RunSpec | null = null
    let metrics: Record<string, MetricSummary> | null = null
    return {
      id,
      name: list.names[index]!,
      state: list.states[index]!,
      get spec() {
        return (spec ??= specOf(index))
      },
      specHash: list.specHashes[index]!,
      color: number('color', index),
      parameters: number('parameters', index),
      step: number('step', index),
      totalSteps: orNull('totalSteps', index),
      stepsPerEpoch: orNull('stepsPerEpoch', index),
      epoch: number('epoch', index),
      activeTime: number('activeTime', index),
      imagesPerSecond: orNull('imagesPerSecond', index),
      best: bestOf(list.bests[index]!),
      get last() {
        return Object.fromEntries(Object.entries(this.metrics).map(([name, { last }]) => [name, last]))
      },
      get metrics() {
        return (metrics ??= metricsOf(index))
      },
      tags: [...list.tags[index]!],
      notes: list.notes[index]!,
      error: errors.get(index) ?? null,
      queuePosition: orNull('queuePosition', index),
      checkpointStep: orNull('checkpointStep', index),
      environment: list.environments[list.environmentOf[index]!] ?? null,
      weightsSha256: list.weights[index] || null,
      createdAt: number('createdAt', index),
      startedAt: orNull('startedAt', index),
      endedAt: orNull('endedAt', index),
      deletedAt: orNull('deletedAt', index),
    }
  })
}

function nullOf(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

function bestOf(text: string): BestMetric | null {
  return text === '' ? null : bestMetricSchema.parse(JSON.parse(text))
}

/** A function that reads the summaries of a run's metrics. */
function summaryReader({ ids, metrics }: RunList): (index: number) => Record<string, MetricSummary> {
  let rows: Int32Array[] | null = null
  return (index) => {
    rows ??= metrics.map(({ places }) => rowsByPlace(places, ids.length))
    const found = metrics.flatMap(({ name, values }, metric) => {
      const row = rows![metric]![index]!
      if (row < 0) return []
      const entries = summaryFields.map((field, at) => {
        const value = values[row * summaryFields.length + at]!
        return [field, field === 'last' ? value : nullOf(value)]
      })
      return [[name, Object.fromEntries(entries) as MetricSummary] as const]
    })
    return Object.fromEntries(found)
  }
}

/** Which row belongs to each place; -1 for a place without. */
function rowsByPlace(places: Int32Array, count: number): Int32Array {
  const rows = new Int32Array(count).fill(-1)
  places.forEach((place, row) => (rows[place] = row))
  return rows
}
