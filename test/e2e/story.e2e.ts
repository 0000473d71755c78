import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, projectRoot, test } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'

/** Small enough for a test, large enough to be paused in the middle. */
const fields = {
  'Width multiplier': '0.1',
  'Training images': '1536',
  'Test images': '256',
  Epochs: '3',
  'Batch size': '64',
  'Learning rate': '1/100',
  Seed: '7',
}

interface Prediction {
  readonly backend: string
  readonly probabilities: Readonly<Record<string, number>>
}

/** Lets a plain Node process load the model and predict. */
function predictOutside(directory: string): Prediction {
  const program = join(projectRoot, 'test/support/load-exported.ts')
  return JSON.parse(
    execFileSync(process.execPath, [program, directory], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as Prediction
}

test('train, pause, quit, come back, resume, compare, export', async ({ launch }) => {
  test.setTimeout(300_000)
  const first = await launch()
  const workbench = new WorkbenchPage(first.window)

  await test.step('start a run and watch its curves grow', async () => {
    await workbench.openNewRun()
    await workbench.newRun.fill({ name: 'with batch norm', normalisation: 'Batch normalisation', fields })
    await workbench.newRun.start()
    await workbench.runs.open('with batch norm')
    await expect.poll(() => workbench.pointsOf('Loss'), { timeout: 60_000 }).toBeGreaterThan(2)
    const points = await workbench.pointsOf('Loss')
    await expect.poll(() => workbench.pointsOf('Loss')).toBeGreaterThan(points)
  })

  await test.step('pause it, and quit', async () => {
    await workbench.button('Pause').click()
    await expect(workbench.button('Resume')).toBeVisible()
    await workbench.goTo('Runs')
    await workbench.runs.expectState('with batch norm', 'Paused')
    expect(await first.close()).toBe(true)
  })

  const second = await launch()
  const again = new WorkbenchPage(second.window)
  await test.step('come back to it, and let it finish', async () => {
    await again.runs.expectState('with batch norm', 'Paused')
    await again.runs.open('with batch norm')
    await expect.poll(() => again.pointsOf('Loss')).toBeGreaterThan(0)
    await again.button('Resume').click()
    await again.goTo('Runs')
    await again.runs.expectState('with batch norm', 'Finished')
  })

  await test.step('train the other variant', async () => {
    await again.openNewRun()
    await again.newRun.fill({ name: 'with LRN', normalisation: 'LRN', fields })
    await again.newRun.start()
    await again.runs.expectState('with LRN', 'Finished')
  })

  await test.step('compare both', async () => {
    await again.runs.select('with batch norm', 'with LRN')
    await again.compareSelected()
    const results = again.page.getByRole('table', { name: 'Results' })
    for (const name of ['with batch norm', 'with LRN']) await expect(results).toContainText(name)
    // One point per epoch of each run; then one per step.
    await expect.poll(() => again.pointsOf('Validation loss')).toBe(6)
    await again.page.getByRole('button', { name: 'Pin Train loss' }).click()
    await expect.poll(() => again.pointsOf('Train loss')).toBeGreaterThan(100)
  })

  await test.step('export one, and load it where Ablate is not', async () => {
    await again.goTo('Runs')
    await again.runs.open('with LRN')
    await again.button('Export').click()
    await expect.poll(async () => (await second.call('exports.list')).length, { timeout: 60_000 }).toBe(1)
    const row = again.page.getByRole('table', { name: 'Exports' }).getByRole('row').filter({ hasText: 'with LRN' })
    await expect(row).toContainText('100.00')
    const [record] = await second.call('exports.list')
    expect(record!.check).toEqual({ images: 256, maxAbsDiff: record!.check.maxAbsDiff, top1Agreement: 1 })
    expect(record!.check.maxAbsDiff).toBeLessThan(1e-5)
    for (const { path } of record!.files) expect(existsSync(join(record!.directory, path))).toBe(true)
    const { backend, probabilities } = predictOutside(record!.directory)
    expect(backend).toBe('cpu')
    expect(Object.values(probabilities)).toHaveLength(10)
    expect(Object.values(probabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4)
  })
})
