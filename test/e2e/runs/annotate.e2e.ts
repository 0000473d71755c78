import { writeDropoutWorkspace } from '../../support/dropout-workspace.ts'
import { expect, test } from '../../support/electron-app.ts'
import { WorkbenchPage } from '../../support/pages/workbench.ts'

const name = 'Small AlexNet, LRN'

test('a typed tag counts when the dialog is done, and one that is refused is told and not kept', async ({
  folders,
  launch,
}) => {
  writeDropoutWorkspace(folders.workspace)
  const { window: page } = await launch()
  const { runs } = new WorkbenchPage(page)
  const field = page.getByRole('textbox', { name: 'New tag' })
  const done = page.getByRole('button', { name: 'Done' })
  await runs.current(name)
  await page.keyboard.press('t')
  await field.fill('lecture3')
  await done.click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Tags and notes' })).toContainText('lecture3')

  await page.getByRole('button', { name: 'Tags…' }).click()
  await field.fill('lecture 4')
  await done.click()
  await expect(page.getByRole('dialog')).toContainText('a tag is one word, without commas or quotes.')
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: 'Tags…' }).click()
  await expect(field).toHaveValue('')
})

test('undo takes back what is looked at, also the removal of all compared runs', async ({ folders, launch }) => {
  writeDropoutWorkspace(folders.workspace)
  const { window: page } = await launch()
  const bench = new WorkbenchPage(page)
  const state = page.getByRole('columnheader', { name: /^State/ })
  await state.getByRole('button', { name: 'State' }).first().click()
  await expect(state).toHaveAttribute('aria-sort', 'ascending')
  await bench.runs.select(name, 'Small AlexNet, batch normalisation')
  await bench.compareSelected()
  const chips = page.getByRole('group', { name: 'Small AlexNet' })
  await expect(chips).toHaveCount(2)
  await bench.button('Remove all').click()
  await expect(chips).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(chips).toHaveCount(2)
  await page.keyboard.press('Control+z')
  await expect(page.getByText('Nothing to undo in this view.')).toBeVisible()
  await bench.goTo('Runs')
  await expect(state).toHaveAttribute('aria-sort', 'ascending')
  await page.keyboard.press('Control+z')
  await expect(state).not.toHaveAttribute('aria-sort', 'ascending')
})
