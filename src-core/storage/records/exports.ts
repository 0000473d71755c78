import { exportRecordSchema, type ExportRecord } from '../../domain/model-export.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { parseStored } from './json-columns.ts'

interface ExportRow {
  id: number
  run_id: string
  format: string
  step: number
  directory: string
  bytes: number
  files: string
  check: string
  created_at: number
}

export interface ExportReader {
  /** All exports, newest first; also those of runs that were purged. */
  list(): ExportRecord[]
  find(id: number): ExportRecord | null
}

export interface ExportWriter extends ExportReader {
  /** Records an export that lies whole on the disk. */
  add(record: Omit<ExportRecord, 'id'>): ExportRecord
}

function toRecord(row: ExportRow): ExportRecord {
  const record = {
    id: row.id,
    runId: row.run_id,
    format: row.format,
    step: row.step,
    directory: row.directory,
    bytes: row.bytes,
    files: JSON.parse(row.files) as unknown,
    check: JSON.parse(row.check) as unknown,
    createdAt: row.created_at,
  }
  return parseStored(exportRecordSchema, record, `export ${row.id}`)
}

export function exportReader(database: ReadableDatabase): ExportReader {
  const all = database.prepare<[], ExportRow>('SELECT * FROM exports ORDER BY id DESC')
  const byId = database.prepare<[number], ExportRow>('SELECT * FROM exports WHERE id = ?')
  return {
    list: () => all.all().map(toRecord),
    find: (id) => {
      const row = byId.get(id)
      return row ? toRecord(row) : null
    },
  }
}

export function exportWriter(database: WritableDatabase): ExportWriter {
  const insert = database.prepare(`
    INSERT INTO exports (run_id, format, step, directory, bytes, files, "check", created_at)
    VALUES (@runId, @format, @step, @directory, @bytes, @files, @check, @createdAt)`)
  return {
    ...exportReader(database),
    add: (record) => {
      const files = JSON.stringify(record.files)
      const check = JSON.stringify(record.check)
      const { lastInsertRowid } = insert.run({ ...record, files, check, createdAt: Math.round(record.createdAt) })
      return { ...record, id: Number(lastInsertRowid) }
    },
  }
}
