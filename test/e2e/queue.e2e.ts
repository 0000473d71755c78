import { expect, test, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { longSpec, smallSpec } from '../support/specs.ts'

/** Names of the queued runs, the next one first. */
async function queue(app: RunningApp): Promise<string[]> {
  const runs = await app.call('runs.list', { deleted: false })
  const queued = runs.filter(({ queuePosition }) => queuePosition !== null)
  return queued.sort((a, b) => a.queuePosition! - b.queuePosition!).map(({ name }) => name)
}

test('the queue keeps the order that it was given, over a restart too', async ({ launch }) => {
  const app = await launch()
  const { runs } = new WorkbenchPage(app.window)
  await app.call('runs.create', { name: 'at work', spec: longSpec(), start: true })
  for (const name of ['one', 'two', 'three'])
    await app.call('runs.create', { name, spec: smallSpec({ epochs: 1 }), start: true })
  for (const name of ['one', 'two', 'three']) await runs.expectState(name, 'Queued')
  expect(await queue(app)).toEqual(['one', 'two', 'three'])

  await runs.choose('three', 'Move up')
  await expect.poll(() => queue(app)).toEqual(['one', 'three', 'two'])
  await runs.choose('three', 'Move up')
  await expect.poll(() => queue(app)).toEqual(['three', 'one', 'two'])
  await runs.choose('two', 'Pause')
  await runs.expectState('two', 'Paused')
  expect(await app.close()).toBe(true)

  const again = await launch()
  const { runs: after } = new WorkbenchPage(again.window)
  // Nothing but the run that trained was touched by quitting: the queue goes on with what is next.
  await after.expectState('at work', 'Paused')
  await after.expectState('two', 'Paused')
  await after.expectState('three', 'Finished')
  await after.expectState('one', 'Finished')
  const [three, one] = await Promise.all(
    ['three', 'one'].map(async (name) =>
      (await again.call('runs.list', { deleted: false })).find((run) => run.name === name)!,
    ),
  )
  expect(three!.startedAt!).toBeLessThan(one!.startedAt!)
})
