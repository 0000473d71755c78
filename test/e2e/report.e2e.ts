import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { insertComparedRuns } from '../support/report-workspace.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, test, type Folders, type RunningApp } from '../support/electron-app.ts'

/** Answers the next dialog to save a file with a place in the test's folder. */
async function saveTo(app: RunningApp, file: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, file)
}

function fill({ workspace }: Folders): void {
  const record = openWorkspace(workspace, { application: 'a test' })
  insertComparedRuns(record, { seeds: 2, steps: 400, names: ['<b>LRN</b> "one"'] })
  record.close()
}

test('a report is arranged, previewed, saved as a page and as a PDF, and remembered', async ({ launch, folders }) => {
  fill(folders)
  const app = await launch()
  const page = app.window
  await page.getByRole('row', { name: /BN, seed 2/ }).click()
  await page.keyboard.press('Control+a')
  await page
    .getByRole('button', { name: /^Compare/ })
    .last()
    .click()
  await page.getByRole('tab', { name: 'Report' }).click()
  const preview = page.getByRole('region', { name: 'Preview of the report' })
  await expect(preview.getByRole('heading', { name: 'Comparison of 4 runs' })).toBeVisible()
  await expect(preview.locator('svg.chart').first()).toBeVisible()
  await expect(preview.getByText('<b>LRN</b> "one"').first()).toBeVisible()

  await page.getByRole('checkbox', { name: 'Environment' }).uncheck()
  await page.getByRole('button', { name: 'Add note' }).click()
  await page.getByRole('textbox', { name: 'Note in Markdown' }).fill('## Why\n\n**Because** <i>of</i> it.')
  await page.getByRole('textbox', { name: 'Title' }).fill('Normalisation')
  await expect(preview.getByText('Because', { exact: true })).toBeVisible()
  await expect(preview.getByRole('heading', { name: 'Environment' })).toHaveCount(0)
  expect(await seriousFindings(page)).toEqual([])

  const html = join(folders.userData, 'report.html')
  await saveTo(app, html)
  await page.getByRole('button', { name: 'Save as HTML' }).click()
  await expect(page.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  const text = readFileSync(html, 'utf8')
  expect(text).toContain('<h1><bdi>Normalisation</bdi></h1>')
  expect(text).toContain('<strong>Because</strong> &lt;i&gt;of&lt;/i&gt;')

  const pdf = join(folders.userData, 'report.pdf')
  await saveTo(app, pdf)
  await page.getByRole('button', { name: 'Save as PDF' }).click()
  await expect.poll(() => existsSync(pdf)).toBe(true)
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-')
  expect(readFileSync(pdf).length).toBeGreaterThan(20_000)
  // The window that printed it is gone.
  await expect.poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)

  await page.getByRole('button', { name: 'Copy as Markdown' }).click()
  await expect.poll(() => app.electron.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/^# Normalisation/)
})

test('reports that are printed at the same time are all whole, and dialogs belong to the window', async ({
  launch,
  folders,
}) => {
  fill(folders)
  const app = await launch()
  const runIds = (await app.call('runs.list', { deleted: false })).map(({ id }) => id)
  await app.electron.evaluate(({ dialog }, folder) => {
    const owners: string[] = []
    const show = (...[window, options]: [Electron.BrowserWindow, Electron.SaveDialogOptions]) => {
      owners.push(window.webContents.getURL())
      return Promise.resolve({ canceled: false, filePath: `${folder}/${options.defaultPath}` })
    }
    Object.assign(dialog, { showSaveDialog: show })
    Object.assign(globalThis, { owners })
  }, folders.userData)
  const titles = ['One', 'Two', 'Three', 'Four']
  await Promise.all(
    titles.map((title) => {
      const request = { title, runIds, metrics: null, blocks: [{ kind: 'section', section: 'summary' }] } as const
      return app.call('reports.save', { request: { ...request, blocks: [...request.blocks] }, format: 'pdf' })
    }),
  )
  for (const title of titles) {
    expect(readFileSync(join(folders.userData, `${title}.pdf`)).length).toBeGreaterThan(10_000)
  }
  const owners = await app.electron.evaluate(() => (globalThis as unknown as { owners: string[] }).owners)
  expect(new Set(owners)).toEqual(new Set(['app://ablate/index.html']))
})
