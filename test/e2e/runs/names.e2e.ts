// What runs inside the page (`evaluate`) needs the types of a page.
/// <reference lib="dom" />
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { dropoutCells, dropoutTitle, writeDropoutWorkspace } from '../../support/dropout-workspace.ts'
import { expect, projectRoot, test, type RunningApp } from '../../support/electron-app.ts'
import { WorkbenchPage } from '../../support/pages/workbench.ts'

const pictures = join(projectRoot, 'test-results/screenshots')

async function setSize(app: RunningApp, width: number, height: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
    [width, height],
  )
  await expect.poll(() => app.window.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height])
}

/** Pictures to look at, light and dark; only where they are asked for. */
async function look(app: RunningApp, name: string): Promise<void> {
  if (!process.env['ABLATE_LOOK']) return
  mkdirSync(pictures, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    await app.call('settings.update', { theme })
    await app.window.waitForTimeout(400)
    await app.window.screenshot({ path: join(pictures, `names-${name}-${theme}.png`) })
  }
}

/** What can be read of names: the ends that are not cut, and nothing that is there for screen readers alone. */
function readable(names: Locator): Promise<string[]> {
  return names.evaluateAll((elements) =>
    elements.map((element) => {
      const parts = [...element.querySelectorAll<HTMLElement>('.middle, .end')]
      if (parts.some((part) => part.scrollWidth > part.clientWidth)) return `cut: ${element.textContent}`
      const texts = parts.flatMap((part) => [...part.childNodes])
      return texts.map((node) => (node.nodeType === 3 ? node.textContent : '')).join('')
    }),
  )
}

test('runs of a grid are told apart in a small window, wherever they are named', async ({ folders, launch }) => {
  writeDropoutWorkspace(folders.workspace)
  const app = await launch()
  const page = app.window
  const bench = new WorkbenchPage(page)
  await setSize(app, 1280, 800)
  await bench.runs.current(`${dropoutTitle}: ${dropoutCells[0]!}`)
  await expect(page.getByRole('heading', { name: `${dropoutTitle}: ${dropoutCells[0]!}` })).toBeVisible()
  // The current row has its buttons; the inspector says its name.
  await page.mouse.move(0, 0)
  const others = bench.runs.table.locator('tr:not([aria-current]) .name')
  expect(await readable(others)).toEqual([...dropoutCells.slice(1), 'batch normalisation', 'LRN'])
  await look(app, 'table')

  // What New run has told is told of a run that waits as well.
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(/Step\s*0 of \d+/)
  const head = page.getByRole('columnheader', { name: /^Best val\. acc\./ })
  await head.hover()
  await expect(head.locator('.header-menu')).toHaveCSS('opacity', '1')
  const [menu, title] = await Promise.all([
    head.locator('.header-menu').boundingBox(),
    head.locator('.title').boundingBox(),
  ])
  expect(title!.x).toBeGreaterThanOrEqual(menu!.x + menu!.width - 4)
  await look(app, 'head')

  const filter = page.getByRole('combobox', { name: 'Filter' })
  const query = 'training.seed = 1 and state = paused'
  await filter.fill(query)
  const isWhole = (): Promise<boolean> => filter.evaluate((input) => input.scrollWidth <= input.clientWidth)
  expect(await isWhole()).toBe(true)
  await look(app, 'filter')
  await filter.fill('"learning rate" > 1')
  await expect(page.getByText('No run matches')).toBeVisible()
  await filter.fill('Dropout > 0.3')
  await expect(bench.runs.table.locator('.name')).toHaveCount(5)
  await filter.fill('seed = 1')
  await page.getByRole('heading', { name: 'Runs', exact: true }).click()
  await expect(page.getByText('5 of 11 runs')).toBeVisible()
  await look(app, 'count')
  await filter.fill('')

  await page.getByTitle('Group the rows').click()
  await page.getByRole('button', { name: 'Everything except the seed' }).click()
  await page.keyboard.press('Escape')
  await look(app, 'groups')
  await page.keyboard.press('Control+z')

  for (const cell of dropoutCells) await bench.runs.select(`${dropoutTitle}: ${cell}`)
  const bar = page.getByRole('toolbar', { name: 'Selected runs' })
  await expect(bar.getByRole('button', { name: /^(Resume|Pause|Stop)/ })).toHaveText(['Resume 9', 'Stop 9'])
  expect((await bar.boundingBox())!.height).toBeLessThan(44)
  await look(app, 'selected')
  await bench.compareSelected()
  const chips = page.getByRole('group', { name: dropoutTitle })
  await expect(chips).toHaveCount(9)
  expect(new Set(await readable(chips.locator('.name')))).toEqual(new Set(dropoutCells))
  for (const tab of ['Configuration', 'Architecture']) {
    await page.getByRole('tab', { name: tab, exact: true }).click()
    const heads = page.getByRole('columnheader', { name: dropoutTitle }).locator('.name')
    expect((await readable(heads)).slice(0, 3)).toEqual(dropoutCells.slice(0, 3))
    await look(app, tab.toLowerCase())
  }
  await page.getByRole('tab', { name: 'Images', exact: true }).click()
  await expect(page.getByLabel('Run A').locator('option')).toHaveText(dropoutCells)
  await look(app, 'images')
})
