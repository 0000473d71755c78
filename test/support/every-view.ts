// What runs inside the page (`evaluate`) needs the types of a page.
/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import { newRunId } from '../../src-core/domain/ids.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { expect, type RunningApp } from './electron-app.ts'
import { insertComparedRuns } from './report-workspace.ts'

/** Runs to compare, with notes and tags, and one that was pre-trained, so that every tab has something to show. */
export function fillWorkspaceOfViews(directory: string): void {
  const record = openWorkspace(directory, { application: 'a test' })
  try {
    const [first] = insertComparedRuns(record, { seeds: 2, steps: 200 })
    record.runs.update(first!.id, { notes: '# Why\n\nLook at the **first** epochs.' })
    record.runs.changeTags(first!.id, { add: ['baseline', 'to-check-again'], remove: [] })
    const spec = recipeSpec('alexnet-small')
    spec.training.pretraining.kind = 'autoencoder'
    record.runs.insert({ id: newRunId(), name: 'Pre-trained', spec, parameters: 1_234_567, createdAt: 1 })
  } finally {
    record.close()
  }
}

/** Opens every view, every tab of a run, every way to compare and every dialog in turn, and calls `look` at each. */
export async function visitEveryView(app: RunningApp, look: (name: string) => Promise<void>): Promise<void> {
  const page = app.window
  const visit = async (name: string): Promise<void> => {
    await settled(page)
    await look(name)
  }
  const tabsOf = async (name: string, view: string): Promise<void> => {
    for (const tab of await page.getByRole('tablist', { name }).getByRole('tab').all()) {
      await tab.click()
      await visit(`${view}, ${await tab.textContent()}`)
    }
  }
  await page.keyboard.press('Control+1')
  await page.getByRole('row', { name: /LRN, seed 1/ }).click()
  await visit('Runs')
  await page.keyboard.press('Enter')
  await tabsOf('Views of the run', 'Run')
  await page.getByRole('tablist', { name: 'Views of the run' }).getByRole('tab').first().click()
  await tabsOf('About the run', 'Run')
  await page.keyboard.press('Control+1')
  await page.getByRole('row', { name: /Pre-trained/ }).click()
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'Pre-training' }).click()
  await visit('Run, Pre-training')
  await page.keyboard.press('Control+1')
  const select = page.getByRole('checkbox', { name: 'Select all runs' })
  if (!(await select.isChecked())) await select.check()
  await page.getByRole('toolbar', { name: 'Selected runs' }).getByRole('button', { name: /^Compare/ }).click() // prettier-ignore
  await tabsOf('Ways to compare', 'Compare')
  await page.getByRole('button', { name: 'Add a run…' }).click()
  await visit('Compare, add a run')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+n')
  await page.getByRole('radio', { name: 'One run', exact: true }).click()
  const unfold = page.getByRole('button', { name: 'Unfold all', exact: true })
  if (await unfold.isVisible()) await unfold.click()
  await visit('New run')
  await page.getByRole('radio', { name: 'Ablation', exact: true }).click()
  await visit('New ablation')
  for (const [keys, name] of [
    ['Control+3', 'Exports'],
    ['Control+4', 'Settings'],
  ] as const) {
    await page.keyboard.press(keys)
    await visit(name)
  }
  for (const [keys, name] of [
    ['Control+/', 'Shortcuts'],
    ['Control+k', 'Palette'],
  ] as const) {
    await page.keyboard.press(keys)
    await expect(page.getByRole('dialog')).toBeVisible()
    await visit(name)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
}

/** Resolves once what the page says has stayed the same for a while, and nothing in sight is still being loaded. */
async function settled(page: Page): Promise<void> {
  let before = ''
  const isSame = async (): Promise<boolean> => {
    const text = await page.locator('body').innerText()
    const same = text === before && !(await isLoading(page))
    before = text
    return same
  }
  await expect.poll(isSame, { intervals: [200] }).toBe(true)
}

/** Charts that are scrolled out of sight wait for it: they do not count. */
async function isLoading(page: Page): Promise<boolean> {
  const height = await page.evaluate(() => innerHeight)
  const boxes = await Promise.all((await page.getByText('Loading').all()).map((found) => found.boundingBox()))
  return boxes.some((box) => box !== null && box.y < height)
}
