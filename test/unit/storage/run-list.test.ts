import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newRunId } from '../../../src-core/domain/ids.ts'
import { packedRunListSchema, packRunList, unpackRunList } from '../../../src-core/domain/run-list/run-list.ts'
import { runSchema } from '../../../src-core/domain/run.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { recipes, recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { openForWriting } from '../../../src-core/storage/database.ts'
import type { Workspace } from '../../../src-core/storage/workspace.ts'
import { runsOfList } from '../../../src-renderer/lib/runs/runs-of-list.ts'
import { runListOf } from '../../support/run-list.ts'
import { sampleRun } from '../../support/sample-run.ts'
import { openTestWorkspace, stepRecord } from '../../support/workspaces.ts'

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
    runs.setTags(id, index % 2 === 0 ? ['b', 'a'] : [])
  })
}

function everyRun(workspace: Workspace) {
  return [...workspace.runs.list({ deleted: false }), ...workspace.runs.list({ deleted: true })]
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

  it('is what tests feign', () => {
    const runs = [sampleRun(), sampleRun({ id: 'r0000000001', tags: ['x'], error: { code: 'internal', message: 'm' } })]
    expect(runsOfList(runListOf(runs)).map((run) => ({ ...run }))).toEqual(runs)
  })
})
