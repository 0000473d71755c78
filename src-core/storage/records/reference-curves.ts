import { jsonNumber } from '../../domain/metrics.ts'
import {
  referenceCurvesSchema,
  type ParsedCurves,
  type ReferenceCurves,
} from '../../domain/references/reference-curves.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { parseJson, parseStored } from './json-columns.ts'

interface ReferenceRow {
  id: number
  name: string
  body: string
  created_at: number
}

/** Columns as JSON: numbers, with NaN and infinities as words. */
interface Body {
  readonly step: readonly unknown[] | null
  readonly epoch: readonly unknown[] | null
  readonly curves: readonly { readonly label: string; readonly values: readonly unknown[] }[]
}

export interface ReferenceReader {
  /** By name. */
  list(): ReferenceCurves[]
}

export interface ReferenceWriter extends ReferenceReader {
  /** Records curves; answers their id. `body` is what `referenceBody` made. */
  insert(curves: { readonly name: string; readonly body: string; readonly createdAt: number }): number
  /** False when there are none of this id. */
  rename(id: number, name: string): boolean
  delete(id: number): void
}

/** The columns as they are recorded. */
export function referenceBody({ step, epoch, curves }: ParsedCurves): string {
  const list = (column: Float64Array): unknown[] => Array.from(column, jsonNumber)
  const body: Body = {
    step: step && list(step),
    epoch: epoch && list(epoch),
    curves: curves.map(({ label, values }) => ({ label, values: list(values) })),
  }
  return JSON.stringify(body)
}

export function referenceReader(database: ReadableDatabase): ReferenceReader {
  const all = database.prepare<[], ReferenceRow>('SELECT * FROM reference_curves ORDER BY name COLLATE NOCASE, id')
  return { list: () => all.all().map(toReference) }
}

/** Queries and changes of reference curves. */
export function referenceWriter(database: WritableDatabase): ReferenceWriter {
  const insert = database.prepare('INSERT INTO reference_curves (name, body, created_at) VALUES (?, ?, ?)')
  const rename = database.prepare('UPDATE reference_curves SET name = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM reference_curves WHERE id = ?')
  return {
    ...referenceReader(database),
    insert: ({ name, body, createdAt }) => Number(insert.run(name, body, createdAt).lastInsertRowid),
    rename: (id, name) => rename.run(name, id).changes > 0,
    delete: (id) => void remove.run(id),
  }
}

function toReference({ id, name, body, created_at: createdAt }: ReferenceRow): ReferenceCurves {
  const what = `reference curve ${id}`
  const columns = (parseJson(body, what) ?? {}) as Partial<Body>
  const numbers = (column: unknown): unknown => (Array.isArray(column) ? Float64Array.from(column, Number) : null)
  const curves = Array.isArray(columns.curves)
    ? columns.curves.map(({ label, values }) => ({ label, values: numbers(values) }))
    : []
  const value = { id, name, createdAt, step: numbers(columns.step), epoch: numbers(columns.epoch), curves }
  return parseStored(referenceCurvesSchema, value, what)
}
