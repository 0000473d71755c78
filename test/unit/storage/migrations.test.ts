import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { migrationHash } from '../../../src-core/storage/migrate.ts'
import { migrations } from '../../../src-core/storage/migrations/index.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { insertRun, openTestWorkspace } from '../../support/workspaces.ts'

const version = migrations.length + 1
const next = { version, name: 'add-remarks', up: 'ALTER TABLE runs ADD COLUMN remarks TEXT' }
const broken = { version, name: 'broken', up: 'CREATE TABLE half (id INTEGER) STRICT; SELECT nonsense;' }

function closedWorkspace(): string {
  const workspace = openTestWorkspace()
  insertRun(workspace)
  workspace.close()
  return workspace.directory
}

function inspect<T>(directory: string, look: (database: Database.Database) => T): T {
  const database = new Database(join(directory, 'ablate.db'), { readonly: true })
  try {
    return look(database)
  } finally {
    database.close()
  }
}

describe('migrations', () => {
  it('never change once they are released', () => {
    expect(migrations.map((migration) => [migration.version, migration.name, migrationHash(migration)])).toEqual([
      [1, 'initial', '71a5482f208cc8b869a3008911a995f6b96577223f49ce0095b02b669e75ec4a'],
      [2, 'artifacts', 'b913e11883d35450e3477e9db5bff27630f0594efa42ebf46fef464f07a3b945'],
      [3, 'comparison', 'cd446ea68e7c6bfeea0774ef57b0685fd2a7715d326ee94fdaf6d1226298c40b'],
      [4, 'not-finite', '24ed111c21fdea5ed0752d8839109412a1f133de0b8b0cc630b6123a8e1bb5d2'],
    ])
  })

  it('rise by one', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1))
  })

  it('upgrade a file after copying it', () => {
    const directory = closedWorkspace()
    openWorkspace(directory, { application: 'a test', migrations: [...migrations, next] }).close()
    expect(inspect(directory, (database) => database.pragma('user_version', { simple: true }))).toBe(version)
    expect(inspect(directory, (database) => database.prepare('SELECT remarks FROM runs').all())).toEqual([
      { remarks: null },
    ])
    const backups = readdirSync(join(directory, 'backups'))
    expect(backups.some((name) => name.endsWith(`-before-version-${version}.db`))).toBe(true)
    const copy = new Database(join(directory, 'backups', backups[0]!), { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(version - 1)
    copy.close()
  })

  it('are applied whole or not at all', () => {
    const directory = closedWorkspace()
    const open = () => openWorkspace(directory, { application: 'a test', migrations: [...migrations, broken] })
    expect(open).toThrow(/nonsense/)
    expect(existsSync(join(directory, 'lock'))).toBe(false)
    expect(inspect(directory, (database) => database.pragma('user_version', { simple: true }))).toBe(version - 1)
    const half = "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"
    expect(inspect(directory, (database) => database.prepare(half).pluck().get())).toBe(0)
    expect(openTestWorkspace(directory).runs.list({ deleted: false })).toHaveLength(1)
  })

  it('are refused when what was applied is not what is known here', () => {
    const directory = closedWorkspace()
    const [first, ...others] = migrations
    const changed = [{ ...first!, up: `${first!.up}\n-- changed` }, ...others]
    expect(() => openWorkspace(directory, { application: 'a test', migrations: changed })).toThrow(
      expect.objectContaining({ code: 'workspace-damaged', message: expect.stringContaining('another build') }),
    )
    openTestWorkspace(directory)
  })

  it('happen in memory when a file of an older version is only read', () => {
    const directory = closedWorkspace()
    const options = { application: 'a test', readOnly: true, migrations: [...migrations, next] } as const
    const reader = openWorkspace(directory, options)
    expect(reader.runs.list({ deleted: false })).toHaveLength(1)
    reader.close()
    expect(inspect(directory, (database) => database.pragma('user_version', { simple: true }))).toBe(version - 1)
  })
})
