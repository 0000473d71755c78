import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, projectRoot, test, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { smallSpec } from '../support/specs.ts'

const pictures = join(projectRoot, 'test-results/screenshots')

/** Two networks after a few steps: enough to be right on some images and wrong on others. */
async function trainTwo(app: RunningApp): Promise<void> {
  const runs = (['bn', 'lrn'] as const).map((normalization) => {
    const spec = smallSpec({ normalization, images: 512, epochs: 2 })
    spec.training.learningRate = 0.02
    spec.training.batchSize = 64
    return { name: normalization, spec }
  })
  // One after the other: of two made at the same moment the order in the table is open.
  for (const { name, spec } of runs) {
    const { id } = await app.call('runs.create', { name, spec, start: true })
    const state = async () => (await app.call('runs.get', { runId: id })).state
    await expect.poll(state, { timeout: 60_000 }).toBe('finished')
  }
}

/** Pictures to look at, light and dark; only where they are asked for. */
async function look(app: RunningApp, name: string): Promise<void> {
  if (!process.env['ABLATE_LOOK']) return
  mkdirSync(pictures, { recursive: true })
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800))
  for (const theme of ['light', 'dark'] as const) {
    await app.call('settings.update', { theme })
    await app.window.waitForTimeout(400)
    await app.window.screenshot({ path: join(pictures, `${name}-${theme}.png`) })
  }
}

test('two networks are compared image by image, at the step that one slider chooses', async ({ app }) => {
  await trainTwo(app)
  const { window } = app
  const bench = new WorkbenchPage(window)
  await bench.goTo('Runs')
  await bench.runs.select('bn', 'lrn')
  await bench.button('Compare 2').click()
  const slider = window.getByRole('slider', { name: 'Step that is shown' })

  await test.step('the slider moves the charts and the results', async () => {
    await window.getByRole('tab', { name: 'Curves', exact: true }).click()
    await expect(window.getByRole('heading', { name: 'Results', exact: true })).toBeVisible()
    await slider.focus()
    await window.keyboard.press('ArrowLeft')
    const step = Number(await slider.inputValue())
    expect(step).toBeGreaterThan(0)
    await expect(window.getByRole('heading', { name: `Results at step ${step}`, exact: true })).toBeVisible()
    await expect(window.getByRole('table', { name: `Results at step ${step}` })).toContainText('Learning rate')
    await expect(window.locator(`[data-step="${step}"]`).first()).toBeVisible()
    await look(app, 'scrubber-curves')
    await window.getByRole('button', { name: 'Newest', exact: true }).click()
    await expect(window.getByRole('heading', { name: 'Results', exact: true })).toBeVisible()
  })

  await test.step('the same images, counted and shown', async () => {
    await window.getByRole('tab', { name: 'Images', exact: true }).click()
    const counts = window.getByRole('table', { name: 'Images by who gets them right' })
    await expect(counts).toContainText('256', { timeout: 30_000 })
    await expect(window.getByText(/McNemar's test of the|nothing to test/)).toBeVisible()
    await expect(window.getByRole('region', { name: 'Accuracy per class, B against A' }).getByRole('row')).toHaveCount(
      11,
    )
    await expect(window.getByRole('application', { name: /^Difference of the confusion matrices/ })).toBeVisible()
    expect(await seriousFindings(window)).toEqual([])
    await look(app, 'images')

    const cells = await counts.getByRole('cell').allTextContents()
    const ofB = await window.getByLabel('Run B').locator('option:checked').innerText()
    await window.getByRole('button', { name: 'Swap A and B' }).click()
    await expect(window.getByLabel('Run A').locator('option:checked')).toHaveText(ofB)
    // What only one got right, only the other got right now.
    const swapped = await counts.getByRole('cell').allTextContents()
    const numbers = (texts: string[]) => texts.filter((text) => /^\s*\d+\s*$/.test(text)).map(Number)
    expect([...numbers(swapped)].sort()).toEqual([...numbers(cells)].sort())
    expect(numbers(swapped)[1]).toBe(numbers(cells)[2])
  })

  await test.step('a picture is shown larger with the keyboard', async () => {
    const tile = window.getByRole('button', { name: /true/ }).first()
    await expect(tile.locator('canvas')).toBeVisible({ timeout: 20_000 })
    await tile.focus()
    await window.keyboard.press('Enter')
    const dialog = window.getByRole('dialog', { name: /^Test image/ })
    await expect(dialog).toContainText('True class')
    await expect(dialog).toContainText(/right/)
    await expect(dialog).toContainText(/wrong/)
    await look(app, 'images-dialog')
    await window.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await window.getByRole('heading', { name: 'Confusion' }).scrollIntoViewIfNeeded()
    await window.getByRole('application', { name: /^Difference/ }).scrollIntoViewIfNeeded()
    await look(app, 'images-confusion')
  })

  await test.step('an earlier checkpoint is asked as well', async () => {
    const newest = await window.getByRole('toolbar', { name: 'Images' }).textContent()
    await slider.focus()
    await window.keyboard.press('ArrowLeft')
    const step = await slider.inputValue()
    const bar = window.getByRole('toolbar', { name: 'Images' })
    await expect(bar).toContainText(`step ${step}`, { timeout: 20_000 })
    expect(await bar.textContent()).not.toBe(newest)
  })

  await test.step('a run moves with its own slider', async () => {
    await bench.goTo('Runs')
    await bench.runs.open('bn')
    await slider.focus()
    await window.keyboard.press('ArrowLeft')
    const step = await slider.inputValue()
    await expect(window.getByRole('heading', { name: `At step ${step}`, exact: true })).toBeVisible()
    await window.getByRole('tab', { name: 'Evaluation' }).click()
    await expect(window.getByRole('toolbar', { name: 'Evaluation' })).toContainText(`Step ${step}`)
    await look(app, 'scrubber-run')
  })
})
