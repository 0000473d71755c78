import type { Page } from '@playwright/test'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { seriousFindings } from '../../support/accessibility.ts'
import { expect, test } from '../../support/electron-app.ts'
import { generateWorkspace } from '../../support/generated-workspace.ts'
import { insertComparedRuns } from '../../support/report-workspace.ts'

const field = 'Find a command, run, view or chart'

/** Opens the palette and chooses what fits the words best. */
async function choose(page: Page, words: string, option: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: field }).fill(words)
  await expect(page.getByRole('option', { name: option }).first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: field })).toHaveCount(0)
}

test('the palette opens saved views, tabs of the run and of the comparison, and charts', async ({
  folders,
  launch,
}) => {
  const record = openWorkspace(folders.workspace, { application: 'a test' })
  insertComparedRuns(record, { seeds: 2, steps: 200 })
  record.close()
  const { window: page } = await launch()
  const rows = page.getByRole('treegrid', { name: 'Runs' }).getByRole('row')

  await page.getByRole('combobox', { name: 'Filter', exact: true }).fill('BN')
  await expect(rows).toHaveCount(3)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByLabel('Name of the view').fill('Only BN')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('combobox', { name: 'Filter', exact: true }).fill('')
  await expect(rows).toHaveCount(5)
  await page.keyboard.press('Control+4')
  await choose(page, 'only bn', 'View: Only BN')
  await expect(rows).toHaveCount(3)

  await page.getByRole('row', { name: /BN, seed 2/ }).click()
  await choose(page, 'run: profile', 'Run: Profile')
  await expect(page.getByRole('tab', { name: 'Profile' })).toHaveAttribute('aria-selected', 'true')
  await choose(page, 'run: check', 'Run: Checkpoints')
  await expect(page.getByRole('tab', { name: 'Checkpoints' })).toHaveAttribute('aria-selected', 'true')
  await choose(page, 'budget', 'Compare: Budget')
  await expect(page.getByText('No runs chosen')).toBeVisible()

  await page.getByRole('button', { name: 'Add a run…' }).click()
  await page.getByRole('option', { name: /LRN, seed 1/ }).click()
  await page.getByRole('option', { name: /BN, seed 2/ }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tab', { name: 'Budget' })).toHaveAttribute('aria-selected', 'true')

  await page.getByRole('tab', { name: 'Curves' }).click()
  await page.getByRole('button', { name: /^Training/ }).click()
  const card = page.getByRole('group', { name: 'Card Learning rate', exact: true })
  await expect(card).toHaveCount(0)
  await page.keyboard.press('Control+1')
  await choose(page, 'chart: rate', 'Chart: Learning rate')
  await expect(card).toBeFocused()
  await expect(card).toBeInViewport({ ratio: 0.9 })
  await choose(page, 'pin rate', 'Pin chart: Learning rate')
  await expect(page.getByRole('region', { name: 'Pinned' }).locator(card)).toBeVisible()
  await choose(page, 'pin rate', 'Unpin chart: Learning rate')
  await expect(page.getByRole('region', { name: 'Pinned' })).toHaveCount(0)
})

test('a thousand runs: the palette and the list of runs to add show fifty and say how many more', async ({
  folders,
  launch,
}) => {
  generateWorkspace(folders.workspace, { runs: 1_000 })
  const { window: page } = await launch()
  await expect(page.getByRole('treegrid', { name: 'Runs' })).toHaveAttribute('aria-rowcount', '1001')
  await page.keyboard.press('Control+k')
  const options = page.getByRole('option')
  await expect(options).toHaveCount(50)
  const status = page.getByRole('dialog').getByRole('status')
  await expect(status).toHaveText(/^9\d\d more/)
  await page.getByRole('combobox', { name: field }).fill('dropout 0.5, lr 0.001 seed 4 gn')
  await expect(options.first()).toHaveText(/^\s*GN, dropout 0.5, lr 0.001, seed 4/)
  await page.getByRole('combobox', { name: field }).fill('nothing is called like this')
  await expect(status).toHaveText('Nothing is called “nothing is called like this”.')
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+2')
  await page.getByRole('button', { name: 'Add a run…' }).click()
  await expect(page.getByRole('combobox', { name: 'Find a run to add' })).toBeFocused()
  await expect(options).toHaveCount(50)
  await expect(page.getByText('950 more: type more of the name.')).toBeVisible()
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.type('seed 3')
  const more = page.getByText(/ more: type more of the name\.$/)
  const before = Number((await more.textContent())!.replace(/\D/g, ''))
  await page.keyboard.press('ArrowDown')
  const name = (await options.nth(1).locator('.truncate').first().textContent())!
  await page.keyboard.press('Enter')
  await expect(page.locator('.chip')).toHaveText(new RegExp(name))
  // It is no longer offered, so that one fewer is out of sight.
  await expect.poll(async () => Number((await more.textContent())!.replace(/\D/g, ''))).toBe(before - 1)
})
