import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import { applicationId, isSafeSqlite } from '../../../src-core/storage/database.ts'
import { migrations } from '../../../src-core/storage/migrations/index.ts'
import { leaveCleanMark, takeCleanMark } from '../../../src-core/storage/folder/clean-mark.ts'
import { openWorkspace, type OpenOptions, type Workspace } from '../../../src-core/storage/workspace.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { insertRun, openTestWorkspace, stepRecord, valuesOf } from '../../support/workspaces.ts'

const options = { application: 'a test' } satisfies OpenOptions

/** A closed workspace with one run of as many steps. */
function closedWorkspace(steps = 50): { directory: string; file: string; runId: string } {
  const directory = temporaryDirectory()
  const workspace = openTestWorkspace(directory)
  const { id } = insertRun(workspace)
  workspace.metrics.append(
    id,
    Array.from({ length: steps }, (_, index) => stepRecord(index + 1)),
  )
  workspace.close()
  return { directory, file: join(directory, 'ablate.db'), runId: id }
}

function errorOf(work: () => unknown): { code: string; message: string } {
  try {
    work()
  } catch (error) {
    return error as { code: string; message: string }
  }
  return { code: 'none', message: '' }
}

describe('opening a workspace', () => {
  it('makes the folders, sets the pragmas and starts empty', () => {
    const workspace = openTestWorkspace()
    expect(readdirSync(workspace.directory).sort()).toEqual(
      expect.arrayContaining(['ablate.db', 'checkpoints', 'datasets', 'exports', 'lock']),
    )
    expect(workspace.runs.list({ deleted: false })).toEqual([])
    const database = new Database(join(workspace.directory, 'ablate.db'), { readonly: true })
    const pragma = (name: string): unknown => database.pragma(name, { simple: true })
    expect([pragma('journal_mode'), pragma('application_id'), pragma('user_version')]).toEqual([
      'wal',
      applicationId,
      migrations.length,
    ])
    const tables = database.prepare(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    expect((tables.all() as { name: string; strict: number }[]).filter(({ strict }) => !strict)).toEqual([])
    expect(tables.all().length).toBeGreaterThan(8)
    database.close()
  })

  it('gives the lock back when it closes', () => {
    const { directory } = closedWorkspace()
    expect(existsSync(join(directory, 'lock'))).toBe(false)
    openTestWorkspace(directory)
  })

  it('keeps a record of what was written', () => {
    const { directory, runId } = closedWorkspace(3)
    expect(valuesOf(openTestWorkspace(directory), runId)).toEqual([
      [1, 1],
      [2, 1 / 2],
      [3, 1 / 3],
    ])
  })

  it('reads a folder without a record as an empty workspace and writes nothing', () => {
    const directory = join(temporaryDirectory(), 'not-there')
    const workspace = openWorkspace(directory, { ...options, readOnly: true })
    expect(workspace.runs.list({ deleted: false })).toEqual([])
    workspace.close()
    expect(existsSync(directory)).toBe(false)
  })

  it('can be read while it is being written, and reading does not write', () => {
    const writer = openTestWorkspace()
    const { id } = insertRun(writer)
    const reader = openWorkspace(writer.directory, { ...options, readOnly: true })
    writer.metrics.append(id, [stepRecord(1)])
    expect(valuesOf(reader, id)).toEqual([[1, 1]])
    writer.metrics.append(id, [stepRecord(2)])
    expect(reader.metrics.last(id)).toEqual({ 'train/loss': 0.5 })
    reader.close()
  })

  it('does not show as running what a crash interrupted', () => {
    const writer = openTestWorkspace()
    const { id } = insertRun(writer)
    writer.runs.update(id, { state: 'running' })
    const reader = openWorkspace(writer.directory, { ...options, readOnly: true })
    expect(reader.runs.find(id)!.state).toBe('running')
    writer.close()
    expect(reader.runs.find(id)!.state).toBe('interrupted')
    expect(reader.runs.list({ deleted: false })[0]!.state).toBe('interrupted')
    reader.close()
  })

  it('counts what lies on the disk', () => {
    const workspace = openTestWorkspace()
    writeFileSync(join(workspace.exportsDirectory, 'model.json'), 'x'.repeat(1000))
    expect(workspace.usage()).toMatchObject({ checkpointBytes: 0, datasetBytes: 0, exportBytes: 1000 })
    mkdirSync(join(workspace.datasetsDirectory, 'flowers'))
    writeFileSync(join(workspace.datasetsDirectory, 'flowers', 'train-images.bin'), Buffer.alloc(70))
    expect(workspace.usage().datasetBytes).toBe(70)
    expect(workspace.usage().databaseBytes).toBeGreaterThan(4096)
  })
})

describe('a file that is not for us', () => {
  it('refuses the record of a newer version and leaves it as it was', () => {
    const { directory, file } = closedWorkspace()
    const database = new Database(file)
    database.pragma('user_version = 999')
    database.close()
    const before = readFileSync(file)
    expect(errorOf(() => openWorkspace(directory, options))).toMatchObject({ code: 'workspace-newer' })
    expect(errorOf(() => openWorkspace(directory, { ...options, readOnly: true })).code).toBe('workspace-newer')
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(directory)).not.toContain('lock')
  })

  it('refuses the database of another program and leaves it as it was', () => {
    for (const foreignId of [0, 42]) {
      const directory = temporaryDirectory()
      const file = join(directory, 'ablate.db')
      const database = new Database(file)
      database.pragma(`application_id = ${foreignId}`)
      database.exec('CREATE TABLE photos (id INTEGER)')
      database.close()
      const before = readFileSync(file)
      expect(errorOf(() => openWorkspace(directory, options))).toMatchObject({ code: 'workspace-foreign' })
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  })

  it('takes a file of 0 bytes for a new one, unless a write-ahead log lies beside it', () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'ablate.db'), '')
    openTestWorkspace(directory).close()
    const other = temporaryDirectory()
    writeFileSync(join(other, 'ablate.db'), '')
    writeFileSync(join(other, 'ablate.db-wal'), 'something')
    expect(errorOf(() => openWorkspace(other, options)).code).toBe('workspace-damaged')
    expect(readdirSync(other).filter((name) => name.startsWith('ablate.damaged-'))).toHaveLength(2)
  })
})

describe('a damaged file', () => {
  const damages: Record<string, (file: string) => void> = {
    'garbage in the header': (file) => overwrite(file, 0, Buffer.from('garbage garbage garbage')),
    'not a database': (file) => writeFileSync(file, 'hello'),
    'cut in half': (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
    'cut within the header': (file) => truncateSync(file, 60),
    'a page of noise': (file) => overwrite(file, 4096, Buffer.alloc(4096, 0xa5)),
  }

  it.each(Object.entries(damages))('%s: is set aside, never deleted, and said so', (_name, damage) => {
    const { directory, file } = closedWorkspace()
    damage(file)
    const bytes = readFileSync(file)
    expect(errorOf(() => openWorkspace(directory, { ...options, readOnly: true })).code).toMatch(
      /workspace-damaged|none/,
    )
    const error = errorOf(() => openWorkspace(directory, options))
    expect(error.code).toBe('workspace-damaged')
    const aside = readdirSync(directory).filter((name) => /^ablate\.damaged-.*\.db$/.test(name))
    expect(aside).toHaveLength(1)
    expect(error.message).toContain(aside[0])
    expect(error.message).toContain('begins a new record')
    expect(readFileSync(join(directory, aside[0]!)).equals(bytes)).toBe(true)
    expect(openTestWorkspace(directory).runs.list({ deleted: false })).toEqual([])
  })

  it('names the newest backup', () => {
    const { directory, file } = closedWorkspace()
    openTestWorkspace(directory).close()
    writeFileSync(file, 'no database')
    const error = errorOf(() => openWorkspace(directory, options))
    const [backup] = readdirSync(join(directory, 'backups'))
    expect(error.message).toContain(join(directory, 'backups', backup!))
  })

  it('is found or survived whichever page is hit: no other error, no silent empty record', () => {
    const random = uniformGenerator(7)
    const outcomes = { damaged: 0, opened: 0 }
    const { directory, file } = closedWorkspace(2000)
    const sound = readFileSync(file)
    for (let attempt = 0; attempt < 60; attempt++) {
      const bytes = Buffer.from(sound)
      for (let flip = 0; flip < 20; flip++) bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8)
      writeFileSync(file, bytes)
      const error = errorOf(() => {
        const workspace = openWorkspace(directory, options)
        try {
          expect(workspace.runs.list({ deleted: false })).toHaveLength(1)
        } finally {
          workspace.close()
        }
      })
      expect(['none', 'workspace-damaged', 'workspace-foreign', 'workspace-newer'], error.message).toContain(error.code)
      outcomes[error.code === 'none' ? 'opened' : 'damaged']++
    }
    // Flips inside stored values are not visible to SQLite: some pass.
    expect(outcomes.damaged).toBeGreaterThan(20)
  })
})

/** Damages the last page, which no opening reads by itself, as a failing disk does: nobody notes that the file changed. */
function damageUnseen({ directory, file }: { directory: string; file: string }): void {
  overwrite(file, statSync(file).size - 4096, Buffer.alloc(4096, 0xa5))
  leaveCleanMark(directory, file)
}

describe('a record that was closed properly', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is checked all the same by who leaves nothing for later, before it is written on and backed up', () => {
    const closed = closedWorkspace(2000)
    damageUnseen(closed)
    expect(errorOf(() => openWorkspace(closed.directory, options)).code).toBe('workspace-damaged')
    expect(existsSync(join(closed.directory, 'backups'))).toBe(false)
  })

  it('is checked later by who asks for it; what was not is checked at the next opening', () => {
    const { directory } = closedWorkspace()
    const later = { ...options, deferUpkeep: true }
    const opened = (use: (workspace: Workspace) => void = () => {}): boolean => {
      const workspace = openWorkspace(directory, later)
      use(workspace)
      workspace.close()
      return workspace.upkeepDue.check
    }
    expect(opened((workspace) => workspace.trust())).toBe(true)
    expect(opened()).toBe(true)
    expect(opened((workspace) => expect(workspace.distrust()).toContain('damaged'))).toBe(false)
    expect(opened()).toBe(false)
    expect(opened()).toBe(true)
  })

  it('gives its lock back when its log cannot be emptied, and is checked at the next opening', () => {
    const { directory, file } = closedWorkspace()
    const workspace = openTestWorkspace(directory)
    vi.spyOn(Database.prototype, 'pragma').mockImplementation(() => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    })
    workspace.close()
    vi.restoreAllMocks()
    expect([existsSync(join(directory, 'lock')), takeCleanMark(directory, file)]).toEqual([false, false])
    openTestWorkspace(directory)
  })
})

describe('backups', () => {
  it('are made once a day when there is something to lose', () => {
    const { directory, runId } = closedWorkspace(5)
    expect(existsSync(join(directory, 'backups'))).toBe(false)
    openTestWorkspace(directory).close()
    openTestWorkspace(directory).close()
    const backups = readdirSync(join(directory, 'backups'))
    expect(backups).toHaveLength(1)
    const copy = new Database(join(directory, 'backups', backups[0]!), { readonly: true })
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(copy.prepare('SELECT id FROM runs').pluck().all()).toEqual([runId])
    copy.close()
  })
})

it('knows which SQLite versions are safe', () => {
  expect(['3.51.3', '3.51.10', '3.54.1', '4.0.0'].map(isSafeSqlite)).toEqual([true, true, true, true])
  expect(['3.51.2', '3.50.9', '3.9.0', '2.99.99'].map(isSafeSqlite)).toEqual([false, false, false, false])
})

function overwrite(file: string, offset: number, content: Buffer): void {
  const bytes = readFileSync(file)
  content.copy(bytes, offset)
  writeFileSync(file, bytes)
}
