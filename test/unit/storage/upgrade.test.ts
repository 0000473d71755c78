import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { openForWriting } from '../../../src-core/storage/database.ts'
import { migrate } from '../../../src-core/storage/migrate.ts'
import { migrations } from '../../../src-core/storage/migrations/index.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { openTestWorkspace, valuesOf } from '../../support/workspaces.ts'

const runId = 'r0123456789'
const specs = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/specs-version-1.json'), 'utf8'),
) as Record<string, { recipe: string }>
const oldSpec = specs['alexnet-small']!

/** A workspace as release 0.1.0 left it: only the first migration, a spec of version 1, a run with a checkpoint. */
function oldWorkspace(): string {
  const directory = temporaryDirectory()
  const database = openForWriting(join(directory, 'ablate.db'))
  migrate(database, [migrations[0]!])
  database
    .prepare(
      `INSERT INTO runs (id, name, state, spec, spec_hash, color, parameters, step, epoch, active_time, created_at)
       VALUES (?, 'an old run', 'stopped', ?, 'the hash of then', 0, 10, 2, 0.2, 2000, 1000)`,
    )
    .run(runId, JSON.stringify(oldSpec))
  database.exec(`
    INSERT INTO metrics (id, run_id, name) VALUES (1, '${runId}', 'train/loss');
    INSERT INTO metric_points VALUES (1, 1, 0, 0.1, 1, 1000, 0, 1.5), (1, 2, 1, 0.2, 2, 2000, 0, 0.5);
    INSERT INTO metric_buckets VALUES (1, 1, 0, 2, 0.2, 2, 2000, 0, 0.5, 0.5, 1.5);
    INSERT INTO checkpoints VALUES ('${runId}', 2, 'step-000000002', 0.2, 5, '${'a'.repeat(64)}', 'stop', NULL, 2000, 2, 9)`)
  database.close()
  return directory
}

describe('a workspace of release 0.1.0', () => {
  it('opens: its run has the same settings in today’s words, its history and its checkpoint', () => {
    const directory = oldWorkspace()
    const workspace = openTestWorkspace(directory)
    const run = workspace.runs.find(runId)!
    expect(run).toMatchObject({ name: 'an old run', state: 'stopped', step: 2, checkpointStep: 2 })
    expect(run.spec).toMatchObject({ version: 3, recipe: 'alexnet-small', model: { normalization: { kind: 'bn' } } })
    expect(run.spec.training).toMatchObject({ optimizer: 'momentum', schedule: { kind: 'constant' }, batchSize: 64 })
    expect(valuesOf(workspace, runId)).toEqual([
      [1, 1.5],
      [2, 0.5],
    ])
    expect(workspace.checkpoints.list(runId)).toMatchObject([{ step: 2, createdAt: 9, mark: null }])
    expect(workspace.artifacts.list(runId)).toEqual([])
    expect(workspace.runs.awaitedSources()).toEqual([])
  })

  it('gives a run the hash that a new run with equal settings gets; the file keeps what was written', () => {
    const directory = oldWorkspace()
    const workspace = openTestWorkspace(directory)
    const old = workspace.runs.find(runId)!
    const { specHash } = workspace.runs.insert({
      ...{ id: 'r0000000000', name: 'new', parameters: 10, createdAt: 1 },
      spec: recipeSpec('alexnet-small'),
    })
    expect(old.specHash).toBe(specHash)
    const changed = { ...old.spec, training: { ...old.spec.training, seed: 99 } }
    const other = workspace.runs.insert({ id: 'r0000000001', name: 'n', parameters: 10, createdAt: 1, spec: changed })
    expect(old.specHash).not.toBe(other.specHash)
    workspace.runs.update(runId, { name: 'renamed' })
    workspace.close()
    const database = new Database(join(directory, 'ablate.db'), { readonly: true })
    const row = database.prepare('SELECT spec, spec_hash FROM runs WHERE id = ?').get(runId)
    database.close()
    expect(row).toEqual({ spec: JSON.stringify(oldSpec), spec_hash: 'the hash of then' })
  })

  it('can be read without being changed', () => {
    const directory = oldWorkspace()
    const before = readFileSync(join(directory, 'ablate.db'))
    const reader = openWorkspace(directory, { application: 'a test', readOnly: true })
    expect(reader.runs.list({ deleted: false })).toMatchObject([{ id: runId, spec: { version: 3 } }])
    expect(reader.artifacts.list(runId)).toEqual([])
    reader.close()
    expect(readFileSync(join(directory, 'ablate.db')).equals(before)).toBe(true)
  })

  it('names the run whose settings are of no version that is known', () => {
    const directory = oldWorkspace()
    const database = new Database(join(directory, 'ablate.db'))
    database.prepare('UPDATE runs SET spec = ?').run(JSON.stringify({ ...oldSpec, version: 7 }))
    database.close()
    expect(() => openTestWorkspace(directory).runs.find(runId)).toThrow(
      expect.objectContaining({ code: 'workspace-damaged', message: expect.stringMatching(`${runId}.*version`) }),
    )
  })
})
