import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../../support/renderer/sample-runs.ts'

async function openTable() {
  const workbench = new Workbench(createClient(new FakeWorkbench(sampleRuns()).transport))
  await workbench.load()
  const { table } = workbench
  const selected = (): string[] => table.selectedRuns.map(({ id }) => id)
  const ids = (): string[] => table.rows.map(({ id }) => id)
  return { table, selected, ids }
}

describe('a range of runs', () => {
  it('holds the runs that are shown between, not those that the order would put there', async () => {
    const { table, selected, ids } = await openTable()
    table.layout.change({ group: ['model.normalization.kind'] }, null)
    const group = table.groups!.find(({ runs }) => runs.length > 1)!
    const own = group.runs.map(({ id }) => id)
    const places = own.map((id) => ids().indexOf(id))
    // Runs of other groups lie between in the order: else the test would show nothing.
    expect(places.at(-1)! - places[0]!).toBeGreaterThan(own.length - 1)
    table.currentId = own[0]!
    table.selectTo(own.at(-1)!)
    expect(selected()).toEqual(own)
  })

  it('leaves out the runs of a folded group', async () => {
    const { table, selected } = await openTable()
    table.layout.change({ group: ['model.normalization.kind'] }, null)
    const [first, folded, last] = table.groups!
    table.toggleFold(folded!.key)
    table.currentId = first!.runs.at(-1)!.id
    table.selectTo(last!.runs[0]!.id)
    expect(new Set(selected())).toEqual(new Set([first!.runs.at(-1)!.id, last!.runs[0]!.id]))
  })

  it('grows and shrinks with the keys, from where it began', async () => {
    const { table, selected, ids } = await openTable()
    const all = ids()
    table.currentId = all[3]!
    table.step(1, true)
    table.step(2, true)
    expect(selected()).toEqual(all.slice(3, 7))
    table.step(-2, true)
    expect(selected()).toEqual(all.slice(3, 5))
    table.step(-3, true)
    expect([selected(), table.currentId]).toEqual([all.slice(1, 4), all[1]])
    table.step(-1e9, true)
    expect(selected()).toEqual(all.slice(0, 4))
  })

  it('begins anew where the current row was moved without it, and keeps what was selected before', async () => {
    const { table, selected, ids } = await openTable()
    const all = ids()
    table.currentId = all[0]!
    table.step(1, true)
    table.step(1)
    table.step(1)
    expect(selected()).toEqual(all.slice(0, 2))
    table.step(1, true)
    expect(selected()).toEqual([all[0], all[1], all[3], all[4]])
    table.currentId = all[6]!
    table.selectTo(all[7]!)
    expect(selected()).toEqual([all[0], all[1], all[3], all[4], all[6], all[7]])
  })

  it('begins at the first row when none is current, and ends at no row that is not shown', async () => {
    const { table, selected, ids } = await openTable()
    table.selectTo('r-not-shown')
    expect(selected()).toEqual([])
    table.selectTo(ids()[1]!)
    expect(selected()).toEqual(ids().slice(0, 2))
  })
})
