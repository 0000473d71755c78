import { createHash } from 'node:crypto'
import { WorkbenchError } from '../domain/errors.ts'
import { applicationId, transact, type ReadableDatabase, type WritableDatabase } from './database.ts'
import { migrations as allMigrations, type Migration } from './migrations/index.ts'

const createHistory = `
CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT`

/** SHA-256 of a migration's SQL. */
export function migrationHash(migration: Migration): string {
  return createHash('sha256').update(migration.up).digest('hex')
}

/** The schema version of a file; 0 for an empty one. */
export function schemaVersion(database: ReadableDatabase): number {
  return database.pragma('user_version', { simple: true }) as number
}

/** The version to which `migrate` brings a file. */
export function latestVersion(migrations: readonly Migration[] = allMigrations): number {
  return migrations.at(-1)?.version ?? 0
}

/**
 * Brings the schema to the newest version in one transaction: all of it or nothing.
 * @throws WorkbenchError `workspace-damaged` when a migration that was applied is not the one that we know.
 */
export function migrate(database: WritableDatabase, migrations: readonly Migration[] = allMigrations): void {
  transact(database, () => {
    const present = schemaVersion(database)
    if (present > 0) requireKnownHistory(database, migrations)
    else prepareEmptyFile(database)
    for (const migration of migrations.filter(({ version }) => version > present)) apply(database, migration)
  })
}

function prepareEmptyFile(database: WritableDatabase): void {
  database.exec(createHistory)
  database.pragma(`application_id = ${applicationId}`)
}

function apply(database: WritableDatabase, migration: Migration): void {
  database.exec(migration.up)
  database
    .prepare('INSERT INTO schema_migrations (version, name, hash, applied_at) VALUES (?, ?, ?, ?)')
    .run(migration.version, migration.name, migrationHash(migration), Date.now())
  database.pragma(`user_version = ${migration.version}`)
}

function requireKnownHistory(database: WritableDatabase, migrations: readonly Migration[]): void {
  const applied = database.prepare('SELECT version, name, hash FROM schema_migrations').all() as {
    version: number
    name: string
    hash: string
  }[]
  for (const { version, name, hash } of applied) {
    const known = migrations.find((migration) => migration.version === version)
    if (known && migrationHash(known) === hash) continue
    throw new WorkbenchError(
      'workspace-damaged',
      `The workspace was made by another build: its schema change ${version} (${name}) is not the one known here.`,
      { version, name },
    )
  }
}
