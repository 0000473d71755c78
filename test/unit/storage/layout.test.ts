import { describe, expect, it } from 'vitest'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { openTestWorkspace } from '../../support/workspaces.ts'

describe('the layout', () => {
  it('keeps its sections over a restart and replaces only those that are given', () => {
    const { layout, close, directory } = openTestWorkspace()
    layout.update({ charts: { pinned: ['loss'] }, table: [1, null, 'x'] })
    layout.update({ charts: { pinned: [] } })
    close()
    const again = openWorkspace(directory, { application: 'a test' })
    expect(again.layout.get()).toEqual({ charts: { pinned: [] }, table: [1, null, 'x'] })
    again.close()
  })

  it('keeps views by name, one of each name in a section', () => {
    const { layout } = openTestWorkspace()
    const first = layout.saveView({ section: 'table', name: 'seeds', value: 1 })
    layout.saveView({ section: 'table', name: 'Best', value: 2 })
    layout.saveView({ section: 'charts', name: 'seeds', value: 3 })
    expect(layout.saveView({ section: 'table', name: 'seeds', value: 4 })).toEqual({ ...first, value: 4 })
    expect(layout.views().map(({ name, value }) => [name, value])).toEqual([
      ['Best', 2],
      ['seeds', 4],
      ['seeds', 3],
    ])
    layout.deleteView(first.id)
    expect(layout.views()).toHaveLength(2)
  })
})
