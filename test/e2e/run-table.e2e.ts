// What runs inside the page (`evaluate`) needs the types of a page.
/// <reference lib="dom" />
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, projectRoot, test, type RunningApp } from '../support/electron-app.ts'
import { generateWorkspace } from '../support/generated-workspace.ts'
import { RunsView } from '../support/pages/runs-view.ts'

const pictures = join(projectRoot, 'test-results/screenshots')

async function setSize(app: RunningApp, width: number, height: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
    [width, height],
  )
  await expect.poll(() => app.window.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height])
}

test('two hundred runs are filtered, sorted, grouped, measured against a baseline, tagged and saved', async ({
  folders,
  launch,
}) => {
  generateWorkspace(folders.workspace, { runs: 200, seeds: 5, points: 60 })
  const app = await launch()
  const page = app.window
  const { table } = new RunsView(page)
  const count = (text: string | RegExp) =>
    expect(page.getByRole('toolbar', { name: 'Runs' }).getByText(text)).toBeVisible()
  mkdirSync(pictures, { recursive: true })
  const picture = async (name: string): Promise<void> => {
    if (!process.env['ABLATE_LOOK']) return
    for (const theme of ['light', 'dark'] as const) {
      await app.call('settings.update', { theme })
      for (const [width, height] of [
        [1280, 800],
        [1920, 1080],
      ] as const) {
        await setSize(app, width, height)
        await page.screenshot({ path: join(pictures, `table-${name}-${theme}-${width}x${height}.png`) })
      }
    }
    await setSize(app, 1280, 800)
  }

  await setSize(app, 1280, 800)
  await count('200 runs')
  const viewport = page.locator('.runs-viewport')
  const overflow = () => viewport.evaluate((element) => element.scrollWidth - element.clientWidth)
  await expect.poll(overflow).toBeLessThanOrEqual(0)
  await expect(table.locator('svg path').nth(3)).toBeAttached()
  await picture('default')
  expect(await seriousFindings(page)).toEqual([])

  // The query, typed: names are offered, mistakes pointed at.
  const filter = page.getByRole('combobox', { name: 'Filter' })
  await filter.fill('model.drop')
  await page.getByRole('option', { name: 'model.dropout.rate' }).click()
  await expect(filter).toHaveValue('model.dropout.rate')
  await filter.fill('model.droput.rate > 0')
  await expect(page.getByText('Did you mean model.dropout.rate?')).toBeVisible()
  await picture('wrong-query')
  await filter.fill('model.dropout.rate >= 0.3 and state = finished and tag:baseline')
  await expect(page.getByText('Did you mean')).toBeHidden()
  await count(/^\d+ of 200 runs$/)
  await filter.fill('')

  // The baseline, and groups over seeds.
  await table.getByRole('row').nth(1).focus()
  await page.keyboard.press('b')
  await expect(table.getByText('(baseline)')).toBeAttached()
  await picture('baseline')
  await page.getByRole('button', { name: 'Group', exact: true }).click()
  await page.getByRole('button', { name: 'Everything except the seed' }).click()
  await page.keyboard.press('Escape')
  await expect(table.getByText('5 runs').first()).toBeVisible()
  await expect(table.locator('tbody tr[aria-expanded]').first().getByText(/±/).first()).toBeVisible()
  await picture('groups')
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.press('Control+z')
  await expect(table.locator('tbody tr[aria-expanded]')).toHaveCount(0)

  // Columns: one is found and shown, and its statistic changed in its header.
  await page.getByRole('button', { name: 'Columns', exact: true }).click()
  await page.getByRole('searchbox', { name: 'Search columns' }).fill('validation loss')
  await page.getByRole('checkbox', { name: /^Val. loss/ }).check()
  await picture('columns')
  await page.keyboard.press('Escape')
  const head = (name: string | RegExp) => table.getByRole('columnheader', { name })
  await head(/^Val. loss/)
    .getByRole('button', { name: /column menu/ })
    .click()
  await page.getByRole('menuitemcheckbox', { name: 'Best', exact: true }).click()
  await expect(head(/^Best val. loss/)).toBeVisible()
  await head(/^Best val. loss/)
    .getByRole('button')
    .first()
    .click()
  await expect(head(/^Best val. loss/)).toHaveAttribute('aria-sort', 'ascending')
  await head(/^Seed/)
    .getByRole('button')
    .first()
    .click({ modifiers: ['Shift'] })
  await expect(head(/^Seed/)).toHaveAttribute('aria-sort', 'descending')

  // Bulk: tag the first rows, then save what is shown.
  const rows = table.locator('tbody tr[data-run]')
  for (const place of [1, 2, 3]) await rows.nth(place).getByRole('checkbox').check()
  const bar = page.getByRole('toolbar', { name: 'Selected runs' })
  await expect(bar.getByText('3 selected')).toBeVisible()
  await picture('selected')
  await bar.getByRole('button', { name: 'Tag' }).click()
  await page.getByRole('textbox', { name: 'New tag' }).fill('promising')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('checkbox', { name: 'promising' })).toBeChecked()
  await picture('tags')
  await page.getByRole('button', { name: 'Done' }).click()
  await filter.fill('tag:promising')
  await count('3 of 200 runs')
  const file = join(folders.userData, 'runs.csv')
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, file)
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: 'CSV of 3 rows' }).click()
  await expect
    .poll(() => {
      try {
        return readFileSync(file, 'utf8').split('\r\n').length
      } catch {
        return 0
      }
    })
    .toBe(5)
  expect(readFileSync(file, 'utf8')).toContain('best(validation/loss)')

  // A view brings all of it back.
  await page.getByRole('button', { name: 'Views', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name of the view' }).fill('Promising ones')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Saved the view “Promising ones”.')).toBeVisible()
  await filter.fill('')
  // Beside the inspector the number of all runs stands in the choice that is made; a filter's is gone with the filter.
  await expect(page.getByRole('radio', { name: 'All' })).toContainText('200')
  await expect(page.getByText('3 of 200 runs')).toHaveCount(0)
  await page.getByRole('button', { name: 'Views', exact: true }).click()
  await page.getByRole('button', { name: 'Promising ones', exact: true }).click()
  await count('3 of 200 runs')

  // Notes are kept with the run: beside the table as what they mean, in the table as their words alone.
  await rows.nth(1).click()
  const inspector = page.getByRole('region', { name: 'Inspector' })
  await inspector.getByRole('textbox', { name: 'Notes' }).fill('**Look** again\n\n- at <img src=x onerror=alert(1)>')
  await rows.nth(1).getByRole('rowheader').click()
  const words = 'Look again at <img src=x onerror=alert(1)>'
  await expect(rows.nth(1).getByRole('img', { name: 'Has notes' })).toHaveAttribute('title', words)
  const notes = inspector.getByRole('group', { name: 'Notes' })
  await expect(notes.locator('strong')).toHaveText('Look')
  await expect(notes.getByRole('listitem')).toHaveText('at <img src=x onerror=alert(1)>')
  await expect(notes.locator('img')).toHaveCount(0)
  await page.getByRole('button', { name: 'Columns', exact: true }).click()
  await page.getByRole('searchbox', { name: 'Search columns' }).fill('notes')
  await page.getByRole('checkbox', { name: /^Notes/ }).check()
  await page.keyboard.press('Escape')
  await expect(rows.nth(1).getByRole('gridcell', { name: words })).toBeVisible()
  await inspector.getByRole('button', { name: 'Edit the notes' }).click()
  await expect(inspector.getByRole('textbox', { name: 'Notes' })).toBeFocused()
  await inspector.getByRole('textbox', { name: 'Notes' }).fill('')
  await page.keyboard.press('Escape')
  await expect(rows.nth(1).getByRole('img', { name: 'Has notes' })).toHaveCount(0)
  await inspector.getByRole('textbox', { name: 'Notes' }).fill('**Look** again')
  await rows.nth(1).getByRole('rowheader').click()
  await picture('inspector')
})

test('runs are selected in ranges, with the mouse and with the keys', async ({ folders, launch }) => {
  generateWorkspace(folders.workspace, { runs: 12, seeds: 3, points: 10 })
  const app = await launch()
  const page = app.window
  const rows = new RunsView(page).table.locator('tbody tr[data-run]')
  const ticked = () => rows.evaluateAll((all) => all.map((row) => row.querySelector('input')!.checked))
  const places = (...from: number[]) => Array.from({ length: 12 }, (_, index) => from.includes(index))
  await expect(rows).toHaveCount(12)
  await rows.nth(2).click()
  await rows.nth(5).click({ modifiers: ['Shift'] })
  await expect.poll(ticked).toEqual(places(2, 3, 4, 5))
  // The keys go on with the range, and the focus with them.
  await page.keyboard.press('Shift+ArrowUp')
  await expect.poll(ticked).toEqual(places(2, 3, 4))
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await expect.poll(ticked).toEqual(places(2, 3, 4, 5, 6))
  await expect(rows.nth(6)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Shift+End')
  await expect.poll(ticked).toEqual(places(2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
  await page.keyboard.press('Control+a')
  await expect.poll(ticked).toEqual(places(...Array.from({ length: 12 }, (_, index) => index)))
})

test('a condition that is built keeps the filter that was typed, whatever its tags and words are', async ({
  folders,
  launch,
}) => {
  generateWorkspace(folders.workspace, { runs: 12, seeds: 3, points: 10 })
  const page = (await launch()).window
  const filter = page.getByRole('combobox', { name: 'Filter' })
  await filter.fill(`tag:"a(b)" or Normalisation: or Ann's`)
  await page.getByRole('button', { name: 'Build a filter' }).click()
  await page.getByRole('textbox', { name: 'With' }).fill('0.1')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const built = `(tag:"a(b)" or "Normalisation:" or "Ann's") and model.dropout.rate >= 0.1`
  await expect(filter).toHaveValue(built)
  await page.getByRole('button', { name: /^Remove .*Ann/ }).click()
  await expect(filter).toHaveValue('model.dropout.rate >= 0.1')
})
