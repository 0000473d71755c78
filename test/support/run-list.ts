import { numberFields, summaryFields, type RunList } from '../../src-core/domain/run-list/run-list.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { partsOf } from '../../src-core/domain/spec/parts.ts'

/** Runs as the columns that main answers with. */
export function runListOf(runs: readonly Run[]): RunList {
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort()
  const column = (value: (run: Run) => number | null | undefined): Float64Array<ArrayBuffer> =>
    Float64Array.from(runs, (run) => value(run) ?? NaN)
  const parts = runs.map(({ spec }) => Object.entries(partsOf(spec)))
  let next = 0
  const partsFrom = [0, ...parts.map((one) => (next += one.length))]
  const environments = runs.flatMap(({ environment }) => environment ?? [])
  return {
    ids: runs.map(({ id }) => id),
    names: runs.map(({ name }) => name),
    states: runs.map(({ state }) => state),
    specHashes: runs.map(({ specHash }) => specHash),
    weights: runs.map(({ weightsSha256 }) => weightsSha256 ?? ''),
    notes: runs.map(({ notes }) => notes),
    bests: runs.map(({ best }) => (best ? JSON.stringify(best) : '')),
    tags: runs.map(({ tags }) => tags),
    unreadable: [],
    numbers: Object.fromEntries(numberFields.map((name) => [name, column((run) => run[name])])) as RunList['numbers'],
    errors: runs.flatMap(({ error }, index) => (error ? [{ index, error }] : [])),
    environments,
    environmentOf: Int32Array.from(runs, ({ environment }) => (environment ? environments.indexOf(environment) : -1)),
    metrics: names.map((name) => {
      const places = runs.flatMap(({ metrics }, place) => (metrics[name] ? [place] : []))
      const values = places.flatMap((place) => summaryFields.map((field) => runs[place]!.metrics[name]![field] ?? NaN))
      return { name, places: Int32Array.from(places), values: Float64Array.from(values) }
    }),
    parts: { paths: parts.flat().map(([path]) => path), values: parts.flat().map(([, value]) => value) },
    partOf: Int32Array.from(parts.flat(), (_, index) => index),
    partsFrom: Int32Array.from(partsFrom),
  }
}
