import { seriousFindings } from '../support/accessibility.ts'
import { fillComparedWorkspace } from '../support/compared-workspace.ts'
import { expect, test, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'

const names = ['LRN', 'BN'].flatMap((variant) => [1, 2, 3].map((seed) => `${variant}, seed ${seed}`))

async function openComparison(app: RunningApp, chosen: readonly string[], tab: string): Promise<void> {
  const bench = new WorkbenchPage(app.window)
  await bench.goTo('Runs')
  await bench.runs.select(...chosen)
  await bench.compareSelected()
  await bench.page.getByRole('tab', { name: tab, exact: true }).click()
}

test('groups over seeds are told apart in words, and one seed is refused', async ({ folders, launch }) => {
  fillComparedWorkspace(folders.workspace)
  const app = await launch()
  const { window: page } = app
  await openComparison(app, [...names, 'LRN, seed 4'], 'Is it real?')
  const groups = page.getByRole('table', { name: 'Groups', exact: true })
  await expect(groups.getByRole('rowheader')).toHaveText([/^\s*LRN\s*$/, /^\s*BN\s*$/])
  await expect(
    groups.getByRole('img', { name: /^LRN: .*92\.50 %.*; mean 92\.03 %; 95 % interval \[90\.91, 93\.15\]/ }),
  ).toBeVisible()
  await expect(page.getByText('LRN, seed 4 diverged.')).toBeVisible()
  const verdicts = page.getByRole('table', { name: 'Differences between groups' })
  await expect(verdicts).toContainText(
    /LRN is better by 10\.\d\d points \[.*\], p < 0\.001 \(paired t-test: the runs are twins\)/,
  )
  expect(await seriousFindings(page)).toEqual([])

  await page.getByLabel('Metric').selectOption('train/loss')
  await expect(groups.getByRole('columnheader', { name: 'Mean', exact: true })).toBeVisible()
  await page.getByLabel('Baseline').selectOption({ label: 'LRN' })
  await expect(verdicts.getByRole('rowheader')).toHaveText(/^BN\s*against LRN$/)
  await page.keyboard.press('Control+z')
  await expect(page.getByLabel('Baseline')).toHaveValue('')

  for (const name of names.filter((one) => !one.endsWith('seed 1'))) {
    await page.getByRole('group', { name, exact: true }).getByRole('button', { name: 'Remove' }).click()
  }
  await page.getByRole('group', { name: 'LRN, seed 4', exact: true }).getByRole('button', { name: 'Remove' }).click()
  await expect(verdicts).toContainText('Too few seeds')
  await expect(verdicts).toContainText('One seed each cannot tell.')
})

test('runs are ranked at equal budgets, and a change of the winner is said', async ({ folders, launch }) => {
  fillComparedWorkspace(folders.workspace)
  const app = await launch()
  const { window: page } = app
  await openComparison(app, ['LRN, seed 1', 'BN, seed 1'], 'Budget')
  const ranking = page.getByRole('table', { name: 'Ranking at the budget' })
  const change = 'The winner changes with the budget: BN, seed 1 leads up to 4 epochs, then LRN, seed 1 up to 6 epochs.'
  await expect(page.getByText(/^The winner changes with the budget/)).toHaveText(change)
  await expect(ranking.getByRole('rowheader')).toHaveText([/LRN, seed 1/, /BN, seed 1/])
  // What each came to is a dot, short of the edge.
  await expect(page.getByRole('figure', { name: /over the budget$/ }).locator('circle')).toHaveCount(2)
  await expect(page.getByRole('button', { name: 'What all reached' })).toBeDisabled()

  await page.getByRole('slider', { name: 'Budget' }).fill('60')
  await expect(page.getByRole('toolbar', { name: 'Budget' })).toContainText('3 epochs')
  await expect(ranking.getByRole('rowheader')).toHaveText([/BN, seed 1/, /LRN, seed 1/])
  expect(await seriousFindings(page)).toEqual([])

  await page.getByLabel('Equal').selectOption({ label: 'Training time' })
  await expect(page.getByText('The winner is the same at every budget up to 1 min 00 s: BN, seed 1.')).toBeVisible()
  await expect(ranking.getByRole('row', { name: /BN, seed 1/ })).toContainText('81.60')

  // The choice is kept in the workspace.
  await expect.poll(async () => (await app.call('layout.get'))['compare-budget']).toMatchObject({ kind: 'time' })
})
