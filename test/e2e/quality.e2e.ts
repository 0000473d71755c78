import type { Page } from '@playwright/test'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { insertComparedRuns } from '../support/report-workspace.ts'
import { expect, test } from '../support/electron-app.ts'

/** What lies wider than the window: nothing may. */
function overflowing(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

test('every view and every way to compare is without findings, light and dark', async ({ launch, folders }) => {
  test.setTimeout(180_000)
  const record = openWorkspace(folders.workspace, { application: 'a test' })
  insertComparedRuns(record, { seeds: 2, steps: 200 })
  record.close()
  const app = await launch()
  const page = app.window
  const found: string[] = []
  const check = async (where: string): Promise<void> => {
    found.push(...(await seriousFindings(page)).map((finding) => `${where}: ${finding}`))
    if (await overflowing(page)) found.push(`${where}: wider than the window`)
  }
  await page.getByRole('row', { name: /BN, seed 2/ }).click()
  await page.keyboard.press('Control+a')
  await page
    .getByRole('button', { name: /^Compare/ })
    .last()
    .click()
  for (const theme of ['light', 'dark'] as const) {
    await app.call('settings.update', { theme })
    for (const [width, height] of [[1280, 800]] as const) {
      await app.electron.evaluate(
        ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
        [width, height],
      )
      for (const key of ['1', '3', '4', 'n']) {
        await page.keyboard.press(`Control+${key}`)
        await check(`${theme} ${width}, Ctrl+${key}`)
      }
      await page.keyboard.press('Control+2')
      const tabs = page.getByRole('tablist', { name: 'Ways to compare' }).getByRole('tab')
      for (const tab of await tabs.all()) {
        await tab.click()
        await check(`${theme} ${width}, ${await tab.textContent()}`)
      }
    }
  }
  expect(found).toEqual([])
})
