import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, projectRoot, test, type Folders, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { insertComparedRuns } from '../support/report-workspace.ts'

const steps = 400
const names = ['BN', 'LRN'].flatMap((kind) => [1, 2].map((seed) => `Small AlexNet, ${kind}, seed ${seed}`))
const runs = names.length

function fill({ workspace }: Folders): void {
  const record = openWorkspace(workspace, { application: 'a test' })
  insertComparedRuns(record, { seeds: 2, steps })
  record.close()
}

/** Twenty points of a paper, up to half as many steps again as the runs have. */
const paper = [
  'step,train_loss,val acc (%),baseline',
  ...Array.from({ length: 20 }, (_, index) => {
    const step = (index + 1) * 30
    const reached = 1 - Math.exp(-step / 120)
    return [step, (2.4 - 2.1 * reached).toFixed(4), (96 * reached).toFixed(2), (2.2 - 1.7 * reached).toFixed(4)].join()
  }),
].join('\n')

/** Answers the next dialogs of the system: a file to open, a place to save. */
async function choose(app: RunningApp, file: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] })
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, file)
}

/** Pictures to look at, light and dark; only where they are asked for. */
async function look(app: RunningApp, name: string): Promise<void> {
  if (!process.env['ABLATE_LOOK']) return
  const folder = join(projectRoot, 'test-results', 'screenshots')
  mkdirSync(folder, { recursive: true })
  for (const theme of ['dark', 'light'] as const) {
    await app.call('settings.update', { theme })
    await app.window.waitForTimeout(400)
    await app.window.screenshot({ path: join(folder, `references-${name}-${theme}.png`) })
  }
}

class ReferencesPage {
  readonly app: RunningApp
  readonly menu: Locator
  readonly legend: Locator

  constructor(app: RunningApp) {
    this.app = app
    this.menu = app.window.getByRole('dialog', { name: 'Reference curves' })
    this.legend = app.window.getByRole('list', { name: 'Reference curves' })
  }

  async open(): Promise<void> {
    await this.app.window.getByRole('button', { name: 'Reference curves…' }).click()
  }

  async close(): Promise<void> {
    await this.app.window.keyboard.press('Escape')
    await expect(this.menu).toBeHidden()
  }

  async import(name: string, text: string): Promise<void> {
    const file = join(this.app.folders.userData, name)
    writeFileSync(file, text)
    await choose(this.app, file)
    await this.menu.getByRole('button', { name: 'Import a CSV file…' }).click()
  }

  /** The switch of a curve. */
  curve(name: string): Locator {
    return this.menu.getByRole('checkbox', { name, exact: true })
  }
}

/** Opens the comparison of all runs; `imported` points are drawn beside their own. */
async function compareAll(app: RunningApp, imported = 0): Promise<WorkbenchPage> {
  const bench = new WorkbenchPage(app.window)
  await bench.goTo('Runs')
  await bench.runs.select(...names)
  await bench.compareSelected()
  await expect.poll(() => bench.pointsOf('Train loss')).toBe(runs * steps + imported)
  return bench
}

test.use({ actionTimeout: 8_000 })

test('curves of a CSV file are drawn, switched, saved, renamed and deleted', async ({ folders, launch }) => {
  fill(folders)
  const app = await launch()
  const { window: page } = app
  const bench = await compareAll(app)
  const references = new ReferencesPage(app)
  const badge = page.getByRole('figure', { name: 'Train loss', exact: true }).getByText(/ points$/)

  await test.step('a file that is no table of curves says what is expected and what came', async () => {
    await references.open()
    await expect(references.menu).toContainText('Curves from elsewhere')
    await look(app, 'empty')
    await references.import('times.csv', 'time,loss\n1,2\n')
    await expect(references.menu.getByRole('alert')).toHaveText(
      'times.csv cannot be drawn: its columns are called "time", "loss". One must be called "step" or "epoch", and each of the others is a curve. Name them so.',
    )
    await references.import('words.csv', 'step,loss\n1,2\n2,two\n')
    await expect(references.menu.getByRole('alert')).toHaveText('words.csv, line 3, column "loss": "two" is no number.')
    await look(app, 'error')
    expect(await app.call('references.list')).toEqual([])
  })

  await test.step('an imported curve is drawn on the card of its metric, counted and named', async () => {
    await references.import('paper.csv', paper)
    await expect(references.menu.getByRole('alert')).toBeHidden()
    await expect(references.curve('train_loss')).toBeChecked()
    await expect(references.menu.getByText('Read as percent: it has values above 1.')).toBeVisible()
    await expect(references.curve('baseline')).toBeDisabled()
    await look(app, 'menu')
    expect(await seriousFindings(page)).toEqual([])
    await expect.poll(() => bench.pointsOf('Train loss')).toBe(runs * steps + 20)
    await expect(badge).toHaveText('1,620 points')
    await expect.poll(() => bench.pointsOf('Validation accuracy')).toBe(runs * 10 + 20)
    await expect(references.legend.getByRole('listitem')).toHaveText([/^\s*paper\s*Train loss/, /Validation accuracy/])
  })

  await test.step('one whose name says nothing is drawn where the user says', async () => {
    await references.menu.getByRole('combobox', { name: 'Metric of baseline' }).selectOption('Train loss')
    await expect(references.curve('baseline')).toBeChecked()
    await expect.poll(() => bench.pointsOf('Train loss')).toBe(runs * steps + 40)
    await expect(references.legend.getByRole('listitem').first()).toContainText('paper: train_loss')
    await references.close()
    await look(app, 'cards')
  })

  await test.step('it stands in the table under the rule and in the table of values', async () => {
    const chart = page.getByRole('figure', { name: 'Train loss', exact: true })
    await chart.getByRole('group').hover()
    await expect(page.locator('.values tbody tr')).toHaveCount(runs + 2)
    await expect(page.locator('.values')).toContainText('paper: baseline')
    await look(app, 'hover')
    await page.mouse.move(4, 4)
  })

  await test.step('an axis that the file does not know says so, and draws nothing', async () => {
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('Epoch')
    await expect(
      page.getByText(
        'Not drawn: “paper: train_loss”, “paper”, “paper: baseline” (steps only, and the x axis is epoch)',
      ),
    ).toBeVisible()
    await expect(references.legend).toBeHidden()
    await expect.poll(() => bench.pointsOf('Train loss')).toBe(runs * steps)
    await look(app, 'other-axis')
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('Step')
    await expect.poll(() => bench.pointsOf('Train loss')).toBe(runs * steps + 40)
    await page.getByRole('radio', { name: 'Race' }).click()
    await expect(page.getByText(/^Not drawn: .* \(only with overlaid curves and small multiples\)/)).toBeVisible()
    await page.getByRole('radio', { name: 'Overlaid' }).click()
  })

  await test.step('logarithmic axes draw it too', async () => {
    for (const name of ['Logarithmic x axis', 'Logarithmic losses']) {
      await page.getByRole('button', { name: 'Display…' }).click()
      await page.getByRole('checkbox', { name }).check()
      await page.keyboard.press('Escape')
    }
    await expect.poll(() => bench.pointsOf('Train loss')).toBe(runs * steps + 40)
    await look(app, 'logarithmic')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
  })

  await test.step('the files of the chart hold it', async () => {
    for (const [item, ending] of [
      ['Save as SVG…', 'svg'],
      ['Save as PNG…', 'png'],
      ['Save all logged values as CSV…', 'csv'],
    ] as const) {
      await choose(app, join(folders.userData, `chart.${ending}`))
      await page.getByRole('button', { name: 'Menu of Train loss' }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await expect(page.getByText(/^Saved /)).toContainText(`chart.${ending}`)
    }
    const read = (ending: string): Buffer => readFileSync(join(folders.userData, `chart.${ending}`))
    expect(read('svg').toString()).toContain('>paper: train_loss</text>')
    expect(read('png').subarray(1, 4).toString()).toBe('PNG')
    const lines = read('csv').toString().trim().split('\r\n')
    expect(lines).toHaveLength(1 + runs * steps + 40)
    expect(lines).toContain(',paper: train_loss,train/loss,30,,,,1.9355')
  })

  await test.step('a report and the view of a run draw it', async () => {
    await page.getByRole('tab', { name: 'Report' }).click()
    const preview = page.getByRole('region', { name: 'Preview of the report' })
    await expect(preview.getByText(/Grey, from imported files: “paper: train_loss”, “paper: baseline”/)).toBeVisible()
    if (process.env['ABLATE_LOOK']) await preview.locator('svg.chart').nth(1).scrollIntoViewIfNeeded()
    await look(app, 'report')
    await page.getByRole('tab', { name: 'Curves' }).click()
    await bench.goTo('Runs')
    await bench.runs.open(names[0]!)
    await expect.poll(() => bench.pointsOf('Loss')).toBe(steps + 10 + 40)
    await look(app, 'run')
  })

  await test.step('what is on is there again after a start, and undo brings back what was switched off', async () => {
    await page.waitForTimeout(600)
    await app.close()
  })
  const again = await launch()
  const later = await compareAll(again, 40)
  const reopened = new ReferencesPage(again)
  await reopened.open()
  await reopened.curve('train_loss').uncheck()
  await expect.poll(() => later.pointsOf('Train loss')).toBe(runs * steps + 20)
  await reopened.close()
  await again.window.keyboard.press('Control+z')
  await expect.poll(() => later.pointsOf('Train loss')).toBe(runs * steps + 40)

  await test.step('it is renamed and, after a question, deleted', async () => {
    await reopened.open()
    await reopened.menu.getByRole('button', { name: 'Rename paper' }).click()
    await reopened.menu.getByRole('textbox', { name: 'Name' }).fill('Krizhevsky 2012')
    await again.window.keyboard.press('Enter')
    await expect(reopened.legend).toContainText('Krizhevsky 2012: baseline')
    await reopened.menu.getByRole('button', { name: 'Delete Krizhevsky 2012' }).click()
    await again.window.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await expect(reopened.legend).toBeHidden()
    await expect.poll(() => later.pointsOf('Train loss')).toBe(runs * steps)
    expect(await again.call('references.list')).toEqual([])
  })
})
