import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { newRunId } from '../../../src-core/domain/ids.ts'
import { packedRunListSchema, packRunList, unpackRunList } from '../../../src-core/domain/run-list/run-list.ts'
import { runSchema } from '../../../src-core/domain/run.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { recipes, recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { openForReading, openForWriting, type ReadableDatabase } from '../../../src-core/storage/database.ts'
import { runListReader } from '../../../src-core/storage/records/run-list/run-list.ts'
import type { Workspace } from '../../../src-core/storage/workspace.ts'
import { runsOfList } from '../../../src-renderer/lib/runs/runs-of-list.ts'
import { runListOf } from '../../support/run-list.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { insertRun, openTestWorkspace, stepRecord } from '../../support/workspaces.ts'

/** One run of every recipe, in every condition that a column must keep. */
function fill({ runs, metrics }: Workspace): void {
  recipes.forEach(({ id: recipe }, index) => {
    const id = newRunId()
    const spec = setAtPath(recipeSpec(recipe), 'training.seed', index % 2)
    runs.insert({ id, name: `“${recipe}” =${index}`, spec, parameters: index, createdAt: 1000 - index })
    const { environment, best } = sampleRun({ environment: null })
    if (index % 3 === 0) metrics.append(id, [stepRecord(1, { 'train/loss': 2, 'test/loss': NaN }), stepRecord(4)])
    if (index % 3 === 1) runs.update(id, { best, environment, deletedAt: 9, weightsSha256: 'f'.repeat(64) })
    if (index % 3 === 2)
      runs.update(id, { error: { code: 'diverged', message: 'm', details: { step: 1 } }, notes: '# n' })
    runs.changeTags(id, { add: index % 2 === 0 ? ['b', 'a'] : [], remove: [] })
  })
}

function everyRun(workspace: Workspace) {
  return [...workspace.runs.list({ deleted: false }), ...workspace.runs.list({ deleted: true })]
}

/** Does something once, just before the tags of runs are read. */
function beforeTags(database: ReadableDatabase, work: () => void): ReadableDatabase {
  const prepare = database.prepare.bind(database)
  database.prepare = ((sql: string) => {
    const statement = prepare(sql)
    if (!sql.includes('FROM run_tags')) return statement
    const iterate = statement.iterate.bind(statement)
    let isDone = false
    statement.iterate = () => {
      if (!isDone) work()
      isDone = true
      return iterate()
    }
    return statement
  }) as typeof database.prepare
  return database
}

function recordTagged(workspace: Workspace, name: string): void {
  const { id } = insertRun(workspace, name, 2000)
  workspace.runs.changeTags(id, { add: ['new'], remove: [] })
  workspace.metrics.append(id, [stepRecord(1)])
}

describe('the list of runs in columns', () => {
  it('holds every run as it is when it is read alone', () => {
    const workspace = openTestWorkspace()
    fill(workspace)
    const list = unpackRunList(packedRunListSchema.parse(packRunList(workspace.runs.columns())))
    const made = runsOfList(list).map((run) => runSchema.parse({ ...run }))
    expect(made.map(({ createdAt }) => createdAt)).toEqual(made.map(({ createdAt }) => createdAt).sort((a, b) => b - a))
    const byId = new Map(made.map((run) => [run.id, run]))
    for (const run of everyRun(workspace)) expect(byId.get(run.id)).toEqual(run)
    expect(made).toHaveLength(recipes.length)
  })

  it('holds runs whose parts an older Ablate did not record, and has them recorded at the next opening', () => {
    const workspace = openTestWorkspace()
    fill(workspace)
    const before = runsOfList(workspace.runs.columns()).map((run) => ({ ...run }))
    const behind = openForWriting(join(workspace.directory, 'ablate.db'))
    behind.exec('UPDATE runs SET spec_parts = NULL, spec_parts_version = NULL')
    expect(runsOfList(workspace.runs.columns()).map((run) => ({ ...run }))).toEqual(before)
    workspace.close()
    const again = openTestWorkspace(workspace.directory)
    expect(behind.prepare('SELECT count(*) FROM runs WHERE spec_parts IS NULL').pluck().get()).toBe(0)
    expect(runsOfList(again.runs.columns()).map((run) => ({ ...run }))).toEqual(before)
    behind.close()
  })

  it('is one snapshot: what is recorded while it is read is in the next one', () => {
    const workspace = openTestWorkspace()
    const first = insertRun(workspace, 'first')
    const database = openForReading(join(workspace.directory, 'ablate.db'))
    onTestFinished(() => void database.close())
    const columns = runListReader(beforeTags(database, () => recordTagged(workspace, 'meanwhile')))
    expect(columns()).toMatchObject({ ids: [first.id], tags: [[]], metrics: [] })
    expect(columns()).toMatchObject({ names: ['meanwhile', 'first'], tags: [['new'], []] })
  })

  it('leaves out a run that cannot be read, names it, and holds all others', () => {
    const workspace = openTestWorkspace()
    fill(workspace)
    const all = runsOfList(workspace.runs.columns()).map((run) => ({ ...run }))
    const [spec, environment, error, parts, ...others] = all
    const behind = openForWriting(join(workspace.directory, 'ablate.db'))
    onTestFinished(() => void behind.close())
    const spoil = (changes: string, { id }: { id: string }) =>
      behind.prepare(`UPDATE runs SET ${changes} WHERE id = ?`).run(id)
    spoil(`spec = '{"version": 77}', spec_parts_version = NULL`, spec!)
    spoil(`environment = '{}'`, environment!)
    spoil(`error = 'no JSON'`, error!)
    spoil(`spec_parts = x'ffffff7f'`, parts!)
    const list = workspace.runs.columns()
    expect(runsOfList(list).map((run) => ({ ...run }))).toEqual(others)
    const spoiled = [spec!, environment!, error!, parts!]
    expect(list.unreadable).toHaveLength(spoiled.length)
    spoiled.forEach(({ id, name }, at) => {
      expect(list.unreadable[at]).toContain(`“${name}” is left out of the list: run ${id} in the record cannot be read`)
    })
  })

  it('is not opened when the parts of specs cannot be recorded, and says why', () => {
    const workspace = openTestWorkspace()
    insertRun(workspace)
    workspace.close()
    const behind = openForWriting(join(workspace.directory, 'ablate.db'))
    behind.exec(`UPDATE runs SET spec_parts = NULL;
      CREATE TRIGGER full BEFORE UPDATE OF spec_parts ON runs BEGIN SELECT RAISE(ABORT, 'no room'); END`)
    behind.close()
    expect(() => openTestWorkspace(workspace.directory)).toThrow('no room')
  })

  it('holds no parts of runs that are no more; the record forgets them when parts are made anew', () => {
    const workspace = openTestWorkspace()
    const [kept, gone] = [1, 2].map((seed) => {
      const spec = setAtPath(recipeSpec('alexnet-small'), 'training.seed', seed)
      return workspace.runs.insert({ id: newRunId(), name: `seed ${seed}`, spec, parameters: 1, createdAt: seed })
    })
    workspace.runs.remove(gone!.id)
    const { parts, ids } = workspace.runs.columns()
    expect(ids).toEqual([kept!.id])
    expect(parts.values.filter((_, at) => parts.paths[at] === 'training.seed')).toEqual(['1'])
    workspace.close()
    const behind = openForWriting(join(workspace.directory, 'ablate.db'))
    onTestFinished(() => void behind.close())
    const seeds = behind.prepare("SELECT value FROM spec_parts WHERE path = 'training.seed'").pluck()
    expect(seeds.all()).toEqual(['1', '2'])
    behind.exec('UPDATE runs SET spec_parts_version = 0')
    const again = openTestWorkspace(workspace.directory)
    expect(seeds.all()).toEqual(['1'])
    expect(runsOfList(again.runs.columns())[0]!.spec).toEqual(kept!.spec)
  })

  it('is what tests feign', () => {
    const runs = [sampleRun(), sampleRun({ id: 'r0000000001', tags: ['x'], error: { code: 'internal', message: 'm' } })]
    expect(runsOfList(runListOf(runs)).map((run) => ({ ...run }))).toEqual(runs)
  })
})
