import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import { isShownIn } from '../../../../src-renderer/lib/sections-in-view.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../../support/renderer/sample-runs.ts'

async function open(): Promise<{ workbench: Workbench; ids: string[] }> {
  const workbench = new Workbench(createClient(new FakeWorkbench(sampleRuns()).transport))
  await workbench.load()
  const ids = workbench.runs.all.filter(({ deletedAt }) => deletedAt === null).map(({ id }) => id)
  return { workbench, ids: ids.slice(0, 4) }
}

describe('undo', () => {
  let time = 0
  beforeEach(() => {
    vi.spyOn(Date, 'now').mockImplementation(() => (time += 5000))
  })
  afterEach(() => vi.restoreAllMocks())

  it('takes back what the open view shows, and says so when there is nothing', async () => {
    const { workbench } = await open()
    workbench.table.sortBy('created')
    const sorted = workbench.table.layout.settings.sort
    workbench.router.go({ view: 'compare' })
    workbench.undo()
    expect(workbench.notices.passing?.message).toBe('Nothing to undo in this view.')
    expect(workbench.table.layout.settings.sort).toEqual(sorted)
    workbench.redo()
    expect(workbench.notices.passing?.message).toBe('Nothing to do again in this view.')

    workbench.charts.change({ sameScales: false }, 'Same scales')
    workbench.router.go({ view: 'runs' })
    workbench.undo()
    expect(workbench.notices.passing?.message).toBe('Undone: Sort.')
    expect(workbench.table.layout.settings.sort).not.toEqual(sorted)
    expect(workbench.charts.settings.sameScales).toBe(false)
    workbench.redo()
    expect(workbench.table.layout.settings.sort).toEqual(sorted)
    workbench.router.go({ view: 'compare' })
    workbench.undo()
    expect(workbench.notices.passing?.message).toBe('Undone: Same scales.')
  })

  it('brings removed runs back into the comparison, one by one or all', async () => {
    const { workbench, ids } = await open()
    const { comparison } = workbench
    workbench.compare(ids.map((id) => workbench.runs.get(id)!))
    comparison.removeAll()
    comparison.add(ids[2]!)
    workbench.undo()
    expect(comparison.runIds).toEqual([])
    workbench.undo()
    expect(comparison.runIds).toEqual(ids)
    workbench.redo()
    expect(comparison.runIds).toEqual([])
    workbench.undo()
    comparison.remove(ids[1]!)
    workbench.undo()
    expect(comparison.runIds).toEqual(ids)
    workbench.compare([workbench.runs.get(ids[3]!)!])
    workbench.undo()
    expect(comparison.runIds).toEqual(ids)
    workbench.undo()
    expect(comparison.runIds, 'the first comparison is nothing to be taken back').toEqual(ids)
  })

  it('takes quick changes of one kind back together, also when others lie between', async () => {
    const { workbench, ids } = await open()
    workbench.compare(ids.map((id) => workbench.runs.get(id)!))
    vi.mocked(Date.now).mockReturnValue(1)
    workbench.comparison.remove(ids[0]!)
    workbench.charts.change({ sameScales: false }, 'Same scales')
    workbench.comparison.remove(ids[1]!)
    workbench.undo()
    expect(workbench.comparison.runIds).toEqual(ids)
    workbench.undo()
    expect(workbench.charts.settings.sameScales).toBe(true)
  })
})

describe('sections of the layout', () => {
  it('are seen in the views that they arrange', () => {
    const seen = (section: string) =>
      ['runs', 'run', 'compare', 'new', 'exports', 'settings'].filter((view) => isShownIn(view, section))
    expect(seen('runs-table')).toEqual(['runs'])
    expect(seen('charts')).toEqual(['run', 'compare'])
    expect(seen('reference-curves')).toEqual(['run', 'compare'])
    expect(seen('features')).toEqual(['run', 'compare'])
    expect(seen('compare-grid')).toEqual(['compare'])
  })
})
