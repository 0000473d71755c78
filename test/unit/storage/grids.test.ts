import { describe, expect, it } from 'vitest'
import { fieldFactor, type NewGrid } from '../../../src-core/domain/grid/grid.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { insertRun, openTestWorkspace, testSpec } from '../../support/workspaces.ts'

const grid: NewGrid = {
  name: 'Dropout by rate',
  spec: testSpec(),
  factors: [
    fieldFactor('model.dropout.rate', [0, 0.5]),
    { id: 'variant', levels: [{ name: 'first blocks', set: { 'model.normalization.blocks': [1, 2] } }] },
  ],
  cells: [1, 0],
}

describe('grids', () => {
  it('are kept over a restart with their factors and the cell of each run, newest first', () => {
    const { runs, grids, close, directory, ...rest } = openTestWorkspace()
    const members = [
      insertRun({ runs, grids, close, directory, ...rest }),
      insertRun({ runs, grids, close, directory, ...rest }),
    ]
    grids.insert(grid, members)
    grids.insert({ ...grid, name: 'Second', cells: [0] }, members.slice(0, 1))
    close()
    const again = openWorkspace(directory, { application: 'a test' })
    const [second, first] = again.grids.list()
    expect(second!.name).toBe('Second')
    expect(first).toEqual({
      name: grid.name,
      spec: grid.spec,
      factors: grid.factors,
      id: expect.any(Number),
      createdAt: 1000,
      runs: [
        { runId: members[1]!.id, cell: 0 },
        { runId: members[0]!.id, cell: 1 },
      ],
    })
    again.close()
  })

  it('do not show runs in the trash, and go with the last of their runs', () => {
    const workspace = openTestWorkspace()
    const members = [insertRun(workspace), insertRun(workspace)]
    workspace.grids.insert(grid, members)
    workspace.runs.update(members[0]!.id, { deletedAt: 5 })
    expect(workspace.grids.list().map(({ runs }) => runs.map(({ cell }) => cell))).toEqual([[0]])
    workspace.runs.remove(members[1]!.id)
    expect(workspace.grids.list()).toEqual([])
    // The other run may still come back from the trash.
    workspace.runs.update(members[0]!.id, { deletedAt: null })
    expect(workspace.grids.list()).toHaveLength(1)
    workspace.runs.remove(members[0]!.id)
    const again = insertRun(workspace)
    workspace.grids.insert({ ...grid, cells: [0] }, [again])
    expect(workspace.grids.list()).toHaveLength(1)
  })
})
