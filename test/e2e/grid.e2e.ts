import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, projectRoot, test, type RunningApp } from '../support/electron-app.ts'
import { writeGridWorkspace } from '../support/grid-workspace.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { longSpec } from '../support/specs.ts'

/** Pictures, at both sizes, only for who wants to look at them. */
const isLooking = Boolean(process.env['ABLATE_LOOK'])
const pictures = join(projectRoot, 'test-results/screenshots')

async function openGrid(app: RunningApp): Promise<void> {
  const page = app.window
  const [grid] = await app.call('grids.list')
  await new WorkbenchPage(page).goTo('Compare')
  await page.getByRole('button', { name: 'Add a run…' }).click()
  for (const { runId } of grid!.runs.slice(0, 2)) {
    const { name } = await app.call('runs.get', { runId })
    await page.getByRole('combobox', { name: 'Find a run to add' }).fill(name)
    await page.getByRole('option', { name }).first().click()
  }
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Grid' }).click()
  await page.getByLabel('Stored grid').selectOption({ value: String(grid!.id) })
}

async function setTheme(app: RunningApp, theme: 'light' | 'dark'): Promise<void> {
  await app.call('settings.update', { theme })
  await expect
    .poll(() => app.window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
    .toBe(theme === 'dark')
}

test('a stored grid is judged by cells, heat map, parallel coordinates, scatter and effects', async ({
  folders,
  launch,
}) => {
  test.setTimeout(120_000)
  mkdirSync(pictures, { recursive: true })
  writeGridWorkspace(folders.workspace)
  const app = await launch()
  const page = app.window
  await openGrid(app)
  const view = (name: string) => page.getByRole('radio', { name, exact: true })

  const cells = page.getByRole('table', { name: 'Cells of the grid' })
  await expect(
    cells.getByRole('button', { name: /^Dropout rate 0\.5, Learning rate 0\.01: 9\d\.\d\d.*n 4/ }),
  ).toBeVisible()
  await expect(page.getByText(/over the n runs of each cell that have a value, 36 runs in all/)).toBeVisible()
  await page.getByRole('combobox', { name: 'Activation' }).selectOption({ label: 'relu' })
  await expect(page.getByText(/over the n seeds of each cell that have a value, 18 runs in all/)).toBeVisible()
  await page.getByRole('combobox', { name: 'Activation' }).selectOption({ label: 'All together' })
  await cells.getByRole('button', { name: /Dropout rate 0, Learning rate 0\.1:/ }).click()
  await expect(page.getByRole('region', { name: 'Runs of the cell' }).getByRole('rowheader')).toHaveCount(4)

  await view('Heat map').click()
  const heat = page.getByRole('application', { name: /the arrow keys move from cell to cell/ })
  await heat.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText(/^Dropout rate 0, Learning rate 0\.01: \d\d\.\d\d ± .*, n 4$/)).toBeVisible()

  await view('Parallel').click()
  await page.getByRole('button', { name: 'log axis: Learning rate' }).click()
  const rate = page.getByRole('application', { name: /^Learning rate: no brush/ })
  await rate.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('24 of 36 runs chosen')).toBeVisible()
  const box = (await page.getByRole('application', { name: /^Dropout rate/ }).boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + 4)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + 100, { steps: 4 })
  await page.mouse.up()
  await expect(page.getByText('16 of 36 runs chosen')).toBeVisible()

  await view('Scatter').click()
  await expect(page.locator('canvas[data-points="36"]')).toBeVisible()
  const plot = page.getByRole('application', { name: /the arrow keys go from point to point/ })
  await plot.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText(/^Rates: .*Dropout rate 0,/)).toBeVisible()

  await view('Effects').click()
  const importance = page.getByRole('table', { name: 'Share of the variance explained' })
  await expect(importance.getByRole('rowheader').first()).toHaveText('Learning rate')
  await expect(importance.getByRole('row', { name: /^Seeds \d+\.\d %/ })).toBeVisible()
  await expect(page.getByText(/Exact: every combination has runs\./)).toBeVisible()

  const findings: string[] = []
  const heats = new Set<string>()
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(app, theme)
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ].slice(0, isLooking ? 2 : 1) as [number, number][]) {
      await app.electron.evaluate(
        ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
        [width, height],
      )
      await view('Heat map').click()
      const fill = await heat.locator('rect').first().getAttribute('fill')
      heats.add(fill!)
      for (const name of ['Cells', 'Heat map', 'Parallel', 'Scatter', 'Effects']) {
        await view(name).click()
        await page.mouse.move(width / 2, height - 4)
        const file = `grid-${name.toLowerCase().replace(' ', '-')}-${theme}-${width}x${height}.png`
        if (isLooking) await page.screenshot({ path: join(pictures, file), animations: 'disabled' })
        if (width === 1280) findings.push(...(await seriousFindings(page)).map((text) => `${name} ${theme}: ${text}`))
      }
    }
  }
  expect(findings).toEqual([])
  // Much stands out from the page: dark on light, bright on dark.
  expect(heats.size).toBe(2)
})

test('lists in New run make a grid: cost before the start, crossed-out cells, and a queue ordered by cells', async ({
  app,
}) => {
  test.setTimeout(120_000)
  mkdirSync(pictures, { recursive: true })
  const workbench = new WorkbenchPage(app.window)
  const { page, newRun } = workbench
  await app.call('runs.create', { name: 'at work', spec: longSpec(), start: true })
  await workbench.openNewRun()
  await newRun.fill({
    name: 'Mine',
    fields: {
      'Training images': '320',
      'Width multiplier': '0.1',
      Epochs: '1',
      'Dropout rate': '0, 0.5',
      'Learning rate': '1e-3..1e-1 log 3',
      Seed: '1, 2',
    },
  })
  const panel = page.getByRole('region', { name: 'Grid', exact: true })
  await expect(panel.getByText('2 × 3 × 2 seeds = 12 runs')).toBeVisible()
  await panel.getByRole('button', { name: 'Measure all runs' }).click()
  await expect(panel.getByText(/12 runs, about \d+ (s|min)/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: 'Measure one run' })).toBeVisible()
  await expect(
    page.getByText(/^The network of the first combination: Dropout rate 0, Learning rate 0\.001/),
  ).toBeVisible()
  if (isLooking) await page.screenshot({ path: join(pictures, 'grid-new-run-light-1280x800.png') })

  await page.getByLabel('Validation share', { exact: true }).fill('0, 0.1')
  await page.locator('[data-path="training.schedule.kind"]').getByRole('button', { name: 'Vary' }).click()
  await page.getByRole('button', { name: 'Reduce on plateau', exact: true }).click()
  const start = page.getByRole('button', { name: /^Start \d+ runs$/ })
  await expect(start).toBeDisabled()
  if (isLooking) await page.screenshot({ path: join(pictures, 'grid-crossed-out-light-1280x800.png') })
  await panel.getByRole('checkbox', { name: /Leave out 6 combinations/ }).check()
  await expect(start).toBeEnabled()
  await start.click()

  const cells = page.getByRole('table', { name: 'Cells of the grid' })
  await expect(cells).toBeVisible()
  const first = async () => {
    const runs = await app.call('runs.list', { deleted: false })
    return runs.find(({ queuePosition }) => queuePosition === 0)!.spec.training.learningRate
  }
  expect(await first()).toBe(0.001)
  await page.locator('label', { hasText: /^Rows/ }).getByRole('combobox').selectOption({ label: 'Learning rate' })
  await cells.getByRole('button', { name: /^Learning rate 0\.1, Dropout rate 0:/ }).focus()
  for (let press = 0; press < 5; press++) await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(first).toBe(0.1)
  if (isLooking) await page.screenshot({ path: join(pictures, 'grid-queued-light-1280x800.png') })
})
