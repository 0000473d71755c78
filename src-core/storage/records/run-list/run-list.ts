import { environmentSchema, type Environment } from '../../../domain/environment.ts'
import { wireErrorSchema } from '../../../domain/errors.ts'
import { numberFields, summaryFields, type MetricSummaries, type RunList } from '../../../domain/run-list/run-list.ts'
import { runStateSchema, type RunState } from '../../../domain/run-status.ts'
import { partsOf } from '../../../domain/spec/parts.ts'
import { specVersion, storedRunSpecSchema } from '../../../domain/spec/run-spec.ts'
import type { ReadableDatabase } from '../../database.ts'
import { parseColumn } from '../json-columns.ts'
import { toValue } from '../metrics/rows.ts'

type Cell = string | number | Buffer | null

/** The columns of the statement, in the order in which `addRow` takes them. */
const textColumns = ['id', 'name', 'state', 'spec_hash', 'weights_sha256', 'notes', 'best', 'error', 'environment']
const partColumns = [
  'spec_parts_version',
  'spec_parts',
  `CASE WHEN spec_parts_version IS ${specVersion} THEN NULL ELSE spec END`,
]
const numberColumns: Readonly<Record<(typeof numberFields)[number], string>> = {
  color: 'color',
  parameters: 'parameters',
  step: 'step',
  totalSteps: 'total_steps',
  stepsPerEpoch: 'steps_per_epoch',
  epoch: 'epoch',
  activeTime: 'active_time',
  imagesPerSecond: 'images_per_second',
  queuePosition: 'queue_position',
  checkpointStep: '(SELECT max(step) FROM checkpoints WHERE run_id = runs.id)',
  createdAt: 'created_at',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  deletedAt: 'deleted_at',
}

/** A function that reads every run, those in the trash included, newest first, as columns. */
export function runListReader(database: ReadableDatabase): () => RunList {
  const columns = [...textColumns, ...partColumns, ...numberFields.map((name) => numberColumns[name])]
  const runs = database
    .prepare<[], Cell[]>(`SELECT ${columns.join(', ')} FROM runs ORDER BY created_at DESC, rowid`)
    .raw()
  const tags = database.prepare<[], [string, string]>('SELECT run_id, tag FROM run_tags ORDER BY run_id, tag').raw()
  const fillMetrics = metricFiller(database)
  const fillParts = partsCollector(database)
  return () => {
    const rows = runs.all()
    const list = emptyList(rows.length)
    const places = new Map<string, number>()
    const parts = fillParts()
    const environments = new Map<string, number>()
    rows.forEach((row, index) => {
      addTexts(list, row, index)
      list.environmentOf[index] = environmentPlace(list, environments, row)
      places.set(row[0] as string, index)
      parts.add(row)
      numberFields.forEach((name, place) => (list.numbers[name][index] = (row[12 + place] as number | null) ?? NaN))
    })
    for (const [runId, tag] of tags.iterate()) list.tags[places.get(runId)!]!.push(tag)
    return { ...list, metrics: fillMetrics(places), ...parts.finish() }
  }
}

/** As `RunList`, while it is filled. */
interface Filling extends RunList {
  readonly ids: string[]
  readonly names: string[]
  readonly states: RunState[]
  readonly specHashes: string[]
  readonly weights: string[]
  readonly notes: string[]
  readonly bests: string[]
  readonly tags: string[][]
}

function emptyList(count: number): Filling {
  const numbers = Object.fromEntries(numberFields.map((name) => [name, new Float64Array(count)]))
  return {
    ...{ ids: [], names: [], states: [], specHashes: [], weights: [], notes: [], bests: [], errors: [] },
    tags: Array.from({ length: count }, () => []),
    numbers: numbers as RunList['numbers'],
    environments: [],
    environmentOf: new Int32Array(count),
    metrics: [],
    parts: { paths: [], values: [] },
    partOf: new Int32Array(),
    partsFrom: new Int32Array(),
  }
}

function addTexts(list: Filling, row: Cell[], index: number): void {
  const [id, name, state, specHash, weights, notes, best, error] = row as (string | null)[]
  list.ids.push(id!)
  list.names.push(name!)
  list.states.push(runStateSchema.parse(state))
  list.specHashes.push(specHash!)
  list.weights.push(weights ?? '')
  list.notes.push(notes!)
  list.bests.push(best ?? '')
  if (error) list.errors.push({ index, error: parseColumn(wireErrorSchema, error, `run ${id}`) })
}

/** Runs of one machine have one environment: each is parsed once. */
function environmentPlace(list: Filling, known: Map<string, number>, row: Cell[]): number {
  const text = row[8] as string | null
  if (text === null) return -1
  const place = known.get(text)
  if (place !== undefined) return place
  const environment: Environment = parseColumn(environmentSchema, text, `run ${row[0] as string}`)
  known.set(text, list.environments.push(environment) - 1)
  return list.environments.length - 1
}

type Parts = Pick<RunList, 'parts' | 'partOf' | 'partsFrom'>

/** A function that begins to collect the parts of specs. A spec whose parts are not recorded is parsed. */
function partsCollector(database: ReadableDatabase): () => { add(row: Cell[]): void; finish(): Parts } {
  const select = database.prepare<[], [number, string, string]>('SELECT id, path, value FROM spec_parts').raw()
  return () => {
    const paths: string[] = []
    const values: string[] = []
    const placeOfId = new Map<number, number>()
    const partOf: number[] = []
    const partsFrom = [0]
    for (const [id, path, value] of select.all()) {
      placeOfId.set(id, paths.push(path) - 1)
      values.push(value)
    }
    return {
      add(row) {
        const [, bytes, spec] = row.slice(9, 12) as [number | null, Buffer | null, string | null]
        if (spec === null && bytes)
          for (let at = 0; at < bytes.length; at += 4) partOf.push(placeOfId.get(bytes.readInt32LE(at))!)
        else {
          for (const [path, value] of Object.entries(
            partsOf(parseColumn(storedRunSpecSchema, spec ?? '', `run ${row[0] as string}`)),
          )) {
            partOf.push(paths.push(path) - 1)
            values.push(value)
          }
        }
        partsFrom.push(partOf.length)
      },
      finish: () => ({
        parts: { paths, values },
        partOf: Int32Array.from(partOf),
        partsFrom: Int32Array.from(partsFrom),
      }),
    }
  }
}

/** A function that sums up the metrics of all runs; `places` gives each run its row. */
function metricFiller(database: ReadableDatabase): (places: ReadonlyMap<string, number>) => MetricSummaries[] {
  const select = database
    .prepare<[], (string | number | null)[]>(
      `SELECT run_id, name, last_kind, points, last_value, last_step, last_epoch, min_value, min_step, min_epoch,
         max_value, max_step, max_epoch FROM metrics WHERE last_kind IS NOT NULL`,
    )
    .raw()
  return (places) => {
    const found = new Map<string, { readonly places: number[]; readonly values: number[] }>()
    for (const [runId, name, kind, ...values] of select.all() as [string, string, number, ...(number | null)[]][]) {
      const metric = found.get(name) ?? { places: [], values: [] }
      found.set(name, metric)
      metric.places.push(places.get(runId)!)
      summaryFields.forEach((field, at) => {
        metric.values.push(field === 'last' && kind !== 0 ? toValue(kind, null) : (values[at] ?? NaN))
      })
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { places, values }]) => ({
        name,
        places: Int32Array.from(places),
        values: Float64Array.from(values),
      }))
  }
}
