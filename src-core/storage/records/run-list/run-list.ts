import { environmentSchema, type Environment } from '../../../domain/environment.ts'
import { wireErrorSchema } from '../../../domain/errors.ts'
import { numberFields, summaryFields, type MetricSummaries, type RunList } from '../../../domain/run-list/run-list.ts'
import { runStateSchema, type RunState } from '../../../domain/run-status.ts'
import { partsOf } from '../../../domain/spec/parts.ts'
import { specVersion, storedRunSpecSchema } from '../../../domain/spec/run-spec.ts'
import type { ReadableDatabase } from '../../database.ts'
import { parseColumn, unreadable } from '../json-columns.ts'
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

/**
 * A function that reads every run, those in the trash included, newest first, as columns. A run that cannot be read is
 * left out and named, because the others can be worked with all the same.
 */
export function runListReader(database: ReadableDatabase): () => RunList {
  const columns = [...textColumns, ...partColumns, ...numberFields.map((name) => numberColumns[name])]
  const runs = database
    .prepare<[], Cell[]>(`SELECT ${columns.join(', ')} FROM runs ORDER BY created_at DESC, rowid`)
    .raw()
  const tags = database.prepare<[], [string, string]>('SELECT run_id, tag FROM run_tags ORDER BY run_id, tag').raw()
  const fillMetrics = metricFiller(database)
  const collectParts = partsCollector(database)
  // In one snapshot: a run that is recorded between two statements has tags and metrics but no row in the list.
  return database.transaction((): RunList => {
    const list = emptyList()
    const parts = collectParts()
    const environments = new Map<string, number>()
    const rows = runs.all().filter((row) => addRun({ list, parts, environments }, row))
    const places = new Map(list.ids.map((id, place) => [id, place]))
    for (const [runId, tag] of tags.iterate()) list.tags[places.get(runId) ?? -1]?.push(tag)
    return {
      ...list,
      environmentOf: Int32Array.from(list.environmentOf),
      numbers: numbersOf(rows),
      metrics: fillMetrics(places),
      ...parts.finish(),
    }
  })
}

/** The part of a `RunList` that is filled run by run. */
interface Filling {
  readonly ids: string[]
  readonly names: string[]
  readonly states: RunState[]
  readonly specHashes: string[]
  readonly weights: string[]
  readonly notes: string[]
  readonly bests: string[]
  readonly tags: string[][]
  readonly errors: RunList['errors'][number][]
  readonly unreadable: string[]
  readonly environments: Environment[]
  readonly environmentOf: number[]
}

function emptyList(): Filling {
  return {
    ...{ ids: [], names: [], states: [], specHashes: [], weights: [], notes: [], bests: [], tags: [], errors: [] },
    ...{ unreadable: [], environments: [], environmentOf: [] },
  }
}

/** What runs are added to. */
interface Target {
  readonly list: Filling
  readonly parts: PartsCollector
  /** Places of environments by their text. */
  readonly environments: Map<string, number>
}

/** Adds a run to the list; answers whether it could be read. */
function addRun({ list, parts, environments }: Target, row: Cell[]): boolean {
  const [id, name, state, specHash, weights, notes, best, error] = row as (string | null)[]
  try {
    // What may fail comes first: nothing of a run that cannot be read is added.
    const failure = error === null ? null : parseColumn(wireErrorSchema, error!, `run ${id}`)
    const known = runStateSchema.parse(state)
    const environment = environmentPlace(list, environments, row)
    parts.add(row)
    if (failure) list.errors.push({ index: list.ids.length, error: failure })
    list.states.push(known)
    list.environmentOf.push(environment)
  } catch (reason) {
    list.unreadable.push(`“${name}” is left out of the list: ${(reason as Error).message}`)
    return false
  }
  list.ids.push(id!)
  list.names.push(name!)
  list.specHashes.push(specHash!)
  list.weights.push(weights ?? '')
  list.notes.push(notes!)
  list.bests.push(best ?? '')
  list.tags.push([])
  return true
}

/** The fields that are numbers, as columns. */
function numbersOf(rows: readonly Cell[][]): RunList['numbers'] {
  const from = textColumns.length + partColumns.length
  const columns = numberFields.map((name, at) => {
    const column = new Float64Array(rows.length)
    rows.forEach((row, index) => (column[index] = (row[from + at] as number | null) ?? NaN))
    return [name, column]
  })
  return Object.fromEntries(columns) as RunList['numbers']
}

/** Runs of one machine have one environment: each is parsed once. */
function environmentPlace({ environments }: Filling, known: Map<string, number>, row: Cell[]): number {
  const text = row[8] as string | null
  if (text === null) return -1
  const place = known.get(text)
  if (place !== undefined) return place
  const environment = parseColumn(environmentSchema, text, `run ${row[0] as string}`)
  known.set(text, environments.push(environment) - 1)
  return environments.length - 1
}

type Parts = Pick<RunList, 'parts' | 'partOf' | 'partsFrom'>

interface PartsCollector {
  /** Takes the parts of a run, all or none. @throws WorkbenchError `workspace-damaged` for a spec that cannot be read. */
  add(row: Cell[]): void
  finish(): Parts
}

/** A function that begins to collect the parts of specs. A spec whose parts are not recorded is parsed. */
function partsCollector(database: ReadableDatabase): () => PartsCollector {
  const select = database.prepare<[], [number, string, string]>('SELECT id, path, value FROM spec_parts').raw()
  return () => {
    const paths: string[] = []
    const values: string[] = []
    const partOf: number[] = []
    const partsFrom = [0]
    const recorded = new Map(select.all().map(([id, path, value]) => [id, { path, value, place: -1 }]))
    /** Adds a part when its first run comes: the record may hold parts that no run has any more. */
    const placeOf: FindPlace = (id) => {
      const part = recorded.get(id)
      if (!part || part.place >= 0) return part?.place
      values.push(part.value)
      return (part.place = paths.push(part.path) - 1)
    }
    const addParsed = (spec: string, what: string): void => {
      for (const [path, value] of Object.entries(partsOf(parseColumn(storedRunSpecSchema, spec, what)))) {
        partOf.push(paths.push(path) - 1)
        values.push(value)
      }
    }
    return {
      add(row) {
        const [, bytes, spec] = row.slice(9, 12) as [number | null, Buffer | null, string | null]
        const what = `run ${row[0] as string}`
        if (spec === null && bytes) partOf.push(...placesOf(bytes, placeOf, what))
        else addParsed(spec ?? '', what)
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

/** The place of a part in the list by its number in the record. */
type FindPlace = (id: number) => number | undefined

function placesOf(bytes: Buffer, placeOf: FindPlace, what: string): number[] {
  const places: number[] = []
  for (let at = 0; at < bytes.length; at += 4) {
    const place = placeOf(bytes.readInt32LE(at))
    if (place === undefined) throw unreadable(what, 'a part of its spec is missing')
    places.push(place)
  }
  return places
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
      const place = places.get(runId)
      if (place === undefined) continue
      const metric = found.get(name) ?? { places: [], values: [] }
      found.set(name, metric)
      metric.places.push(place)
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
