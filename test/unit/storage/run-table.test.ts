import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SummaryTable } from '../../../src-core/domain/run-table/summary-table.ts'
import type { RunPage } from '../../../src-core/domain/run-table/run-page.ts'
import { RunUnpacker, variantKey } from '../../../src-core/domain/run-table/unpack.ts'
import { openForWriting } from '../../../src-core/storage/database.ts'
import { generatedMetrics, generateWorkspace } from '../../support/generated-workspace.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { insertRun, openTestWorkspace } from '../../support/workspaces.ts'

function pages(workspace: ReturnType<typeof openTestWorkspace>): RunPage[] {
  const found: RunPage[] = []
  for (let after: number | null = null; ;) {
    const { text, next } = workspace.runs.page(after)
    found.push(JSON.parse(text) as RunPage)
    if (next === null) return found
    after = next
  }
}

describe('the pages of the run table', () => {
  it('tell the same as the list, a spec once per variant', () => {
    const directory = temporaryDirectory()
    generateWorkspace(directory, { runs: 40, seeds: 5 })
    const workspace = openTestWorkspace(directory)
    const found = pages(workspace)
    expect(new Set(found.flatMap(({ variants }) => variants)).size).toBe(8)
    const unpacker = new RunUnpacker(() => ({}))
    const runs = found.flatMap((page) => unpacker.unpack({ text: JSON.stringify(page) }).runs)
    const listed = workspace.runs.list({ deleted: false }).reverse()
    expect(runs).toEqual(listed.map((run) => ({ ...run, last: {} })))
    expect(new Set(runs.map(({ spec }) => variantKey(spec))).size).toBe(8)
    expect(new Set(listed.map(({ spec }) => variantKey(spec))).size).toBe(8)
  })

  it('hold every run once, the trash included', () => {
    const directory = temporaryDirectory()
    const ids = generateWorkspace(directory, { runs: 1100 })
    const workspace = openTestWorkspace(directory)
    workspace.runs.update(ids[7]!, { deletedAt: 5 })
    const found = pages(workspace)
    expect(found.length).toBeGreaterThan(1)
    expect(found.flatMap(({ runs }) => runs.map(({ id }) => id))).toEqual(ids)
  })

  it('leave out a run whose row is damaged, and say which', () => {
    const directory = temporaryDirectory()
    const [first, second] = generateWorkspace(directory, { runs: 2 })
    const database = openForWriting(join(directory, 'ablate.db'))
    database.prepare('UPDATE runs SET spec = ? WHERE id = ?').run('{"version":3}', first!)
    database.close()
    const found = pages(openTestWorkspace(directory))
    expect(found.flatMap(({ runs }) => runs.map(({ id }) => id))).toEqual([second])
    expect(found.flatMap(({ damaged }) => damaged)).toEqual([expect.stringContaining(first!)])
  })
})

describe('summaries', () => {
  it('are read in pages, or for some runs', () => {
    const directory = temporaryDirectory()
    const ids = generateWorkspace(directory, { runs: 30 })
    const workspace = openTestWorkspace(directory)
    const all = new SummaryTable()
    for (let after: number | null = null; ;) {
      const page = workspace.summaries.page(after)
      all.take(page)
      if (page.next === null) break
      after = page.next
    }
    const one = new SummaryTable()
    one.take(workspace.summaries.of([ids[3]!]))
    expect(all.metrics()).toEqual(generatedMetrics.toSorted())
    expect(one.last(ids[3]!)).toEqual(all.last(ids[3]!))
    expect(all.value(ids[3]!, 'train/loss', 'max')).toBe(1.2)
  })
})

describe('tags and notes', () => {
  it('are kept for many runs at once and come with the run', () => {
    const workspace = openTestWorkspace()
    const [a, b] = [insertRun(workspace, 'a'), insertRun(workspace, 'b')]
    workspace.runs.setTags([a.id, b.id], { add: ['zeta', 'alpha'], remove: [] })
    workspace.runs.setTags([b.id], { add: ['alpha'], remove: ['zeta'] })
    workspace.runs.setNotes([a.id], '**Why** it diverged')
    expect(workspace.runs.find(a.id)).toMatchObject({ tags: ['alpha', 'zeta'], notes: '**Why** it diverged' })
    expect(workspace.runs.find(b.id)).toMatchObject({ tags: ['alpha'], notes: '' })
    expect(pages(workspace).flatMap(({ runs }) => runs.map(({ tags }) => tags))).toEqual([['alpha', 'zeta'], ['alpha']])
  })

  it('change nothing when one of the runs is not recorded or a tag is no word', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const set = (ids: string[], tag: string) => () => workspace.runs.setTags(ids, { add: [tag], remove: [] })
    expect(set([id, 'r0000000000'], 'good')).toThrow(/no run r0000000000/)
    expect(set([id], 'two words')).toThrow(/no spaces/)
    expect(workspace.runs.find(id)!.tags).toEqual([])
  })

  it('outlive a change of the run', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.runs.setNotes([id], 'kept')
    expect(workspace.runs.update(id, { name: 'renamed' })).toMatchObject({ name: 'renamed', notes: 'kept' })
  })
})
