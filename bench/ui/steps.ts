import type { Page } from '@playwright/test'
import * as at from './selectors.ts'

const patience = 120_000

/** Waits, looking at every frame, until the table shows rows and the number of all runs. */
export async function waitForRows(page: Page, runs: number): Promise<void> {
  await page.waitForFunction(
    ([row, count, text]) =>
      document.querySelector(row!) !== null && document.querySelector(count!)?.textContent?.includes(text!) === true,
    [at.firstRow, at.rowCount, runs.toLocaleString('en')] as const,
    { timeout: patience, polling: 'raf' },
  )
}

/** Loads the page anew from the table: the window comes back to the view that was open. */
export async function reloadToTable(page: Page): Promise<void> {
  await page.keyboard.press('Control+1')
  await page.reload()
}

/** Selects the first `count` rows of the table. */
export async function chooseForComparison(page: Page, count: number): Promise<void> {
  const first = page.locator(at.firstRow).first()
  await first.click()
  await page.keyboard.press('Space')
  for (let row = 1; row < count; row++) {
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
  }
}

/** Waits, looking at every frame, until the first chart shows points of `runs` runs, other ones than `before`. */
export async function chartDrawn(page: Page, runs: number, before: string | null = null): Promise<void> {
  await page.waitForFunction(
    ([chart, runs, before]) => {
      const points = document.querySelector<HTMLCanvasElement>(chart as string)?.dataset['points']
      return Number(points) >= Number(runs) && points !== before
    },
    [at.chart, runs, before] as const,
    { timeout: patience, polling: 'raf' },
  )
}

/** Filters the table, and leaves the field so that what it proposes does not cover the rows. */
export async function filterBy(page: Page, text: string): Promise<void> {
  await page.locator(at.filterField).fill(text)
  await page.locator(at.filterField).blur()
}

/** Selects the run of this name alone. */
export async function chooseNamed(page: Page, name: string): Promise<void> {
  await filterBy(page, name)
  await page.locator(at.firstRow).filter({ hasText: name }).first().click()
  await page.keyboard.press('Space')
}
