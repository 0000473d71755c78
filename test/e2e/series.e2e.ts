import { mkdirSync } from 'node:fs'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { expect, newFolders, RunningApp, test, type Folders } from '../support/electron-app.ts'
import { writeHistories } from '../support/generated-histories.ts'
import { insertRun } from '../support/workspaces.ts'

const points = 20_000

/** A workspace with runs of a long loss each, written without training. */
function generated(runs: number): { folders: Folders; runIds: string[] } {
  const folders = newFolders()
  mkdirSync(folders.workspace, { recursive: true })
  const workspace = openWorkspace(folders.workspace, { application: 'a test' })
  const runIds = Array.from({ length: runs }, (_, run) => insertRun(workspace, `run ${run}`).id)
  workspace.close()
  const values = Float64Array.from({ length: points }, (_, i) => 1 / (i + 1) + (i === 12_345 ? 9 : 0))
  writeHistories(
    folders.workspace,
    runIds.map((runId) => ({ runId, metric: 'train/loss', values, stepsPerEpoch: 100 })),
  )
  return { folders, runIds }
}

test('the window reads long histories as columns, zooms into them, and imports reference curves', async () => {
  const { folders, runIds } = generated(5)
  const app = await RunningApp.launch(folders)
  try {
    const [drawn, zoomed] = await app.window.evaluate(async (runIds) => {
      const ask = async (fromStep: number | null, toStep: number | null) => {
        const smoothing = { kind: 'ema', amount: 0.9 }
        const query = { runIds, metrics: ['train/loss'], fromStep, toStep, maxPoints: 500, smoothing }
        const reply = (await window.ablate.invoke('metrics.history', query)) as {
          value: { total: number; columns: Record<string, Float64Array> }[]
        }
        return reply.value.map(({ total, columns }) => ({
          total,
          points: columns['step']!.length,
          areColumns: Object.values(columns).every((column) => column instanceof Float64Array),
          highest: Math.max(...columns['max']!),
          first: columns['step']![0],
        }))
      }
      return [await ask(null, null), await ask(12_300, 12_399)]
    }, runIds)
    expect(drawn).toHaveLength(5)
    expect(drawn![0]).toMatchObject({ total: points, areColumns: true })
    expect(drawn![0]!.points).toBeLessThanOrEqual(500)
    expect(drawn![0]!.highest).toBeGreaterThan(9)
    expect(zoomed![0]).toMatchObject({ total: 100, points: 100, first: 12_300 })

    const text = 'step,train/loss\n1,2\n2,1\n'
    await app.call('references.import', { from: 'text', name: 'paper.csv', text })
    const refused = await app.invoke('references.import', { from: 'text', name: 'paper.csv', text: `${text}3,oops` })
    expect(refused).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('line 4, column "train/loss"') },
    })
    const names = (await app.call('references.list')).map(({ name }) => name)
    expect(names).toEqual(['paper'])
  } finally {
    expect(await app.close()).toBe(true)
  }
})
