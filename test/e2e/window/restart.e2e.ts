import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { expect, test } from '../../support/electron-app.ts'
import { insertComparedRuns } from '../../support/report-workspace.ts'

test('a restart brings back the open view, the tab and the compared runs that are left', async ({
  folders,
  launch,
}) => {
  test.setTimeout(180_000)
  const record = openWorkspace(folders.workspace, { application: 'a test' })
  const [, second, third] = insertComparedRuns(record, {
    seeds: 2,
    steps: 200,
    names: ['one', 'two', 'three', 'four'],
  })
  record.close()

  const app = await launch()
  await app.window.getByRole('row', { name: /one/ }).click()
  await app.window.keyboard.press('Control+a')
  await app.window
    .getByRole('toolbar', { name: 'Selected runs' })
    .getByRole('button', { name: /^Compare/ })
    .click()
  await app.window.getByRole('slider', { name: 'Step that is shown' }).fill('100')
  await expect(app.window.getByRole('slider', { name: 'Step that is shown' })).toHaveValue('100')
  await app.window.getByRole('tab', { name: 'Architecture' }).click()
  // At once: what was not written yet is written before the window goes.
  expect(await app.close()).toBe(true)

  const again = await launch()
  const chips = again.window.locator('.chip')
  await expect(again.window.getByRole('heading', { name: 'Compare', exact: true })).toBeVisible()
  await expect(again.window.getByRole('tab', { name: 'Architecture' })).toHaveAttribute('aria-selected', 'true')
  await expect(chips).toHaveText(['four', 'three', 'two', 'one'])
  await expect(again.window.getByRole('slider', { name: 'Step that is shown' })).toHaveValue('200')
  await again.window.keyboard.press('Escape')
  await again.window.getByText('three', { exact: true }).dblclick()
  await again.window.getByRole('tab', { name: 'Checkpoints' }).click()
  expect(await again.close()).toBe(true)

  const later = await launch()
  await expect(later.window.getByRole('heading', { name: 'three', exact: true })).toBeVisible()
  await expect(later.window.getByRole('tab', { name: 'Checkpoints' })).toHaveAttribute('aria-selected', 'true')
  await later.call('runs.delete', { runId: second!.id })
  expect(await later.close()).toBe(true)

  // One is in the trash, one is gone for good, and the one that was open with it.
  const between = openWorkspace(folders.workspace, { application: 'a test' })
  between.runs.remove(third!.id)
  between.close()
  const last = await launch()
  await expect(last.window.getByRole('treegrid', { name: 'Runs' }).getByRole('row', { name: /four/ })).toBeVisible()
  await last.window.keyboard.press('Control+2')
  await expect(last.window.locator('.chip')).toHaveText(['four', 'one'])
  await expect(last.window.getByRole('alert')).toHaveCount(0)
})
