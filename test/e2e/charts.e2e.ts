import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { newRunId } from '../../src-core/domain/ids.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, test, type Folders, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { smallSpec } from '../support/specs.ts'

const steps = 3_000
const stepsPerEpoch = 500

/** Two variants with three seeds each, as if they had been trained. */
function generate({ workspace: directory }: Folders): void {
  mkdirSync(directory, { recursive: true })
  const workspace = openWorkspace(directory, { application: 'a test' })
  try {
    for (const normalization of ['bn', 'lrn'] as const) {
      for (const seed of [1, 2, 3]) {
        const id = newRunId()
        const createdAt = 1.7e12 + seed * 1000
        const spec = smallSpec({ normalization, seed })
        workspace.runs.insert({ id, name: `${normalization} ${seed}`, spec, parameters: 1000, createdAt })
        const slow = normalization === 'bn' ? 400 : 700
        const records = Array.from({ length: steps }, (_, index) => {
          const step = index + 1
          const loss = 2.3 * Math.exp(-step / slow) + 0.1 + 0.02 * seed + 0.05 * Math.sin(step * seed)
          const evaluated = step % stepsPerEpoch === 0
          const metrics = {
            'train/loss': loss,
            'train/accuracy': 1 - loss / 3,
            ...(evaluated ? { 'validation/loss': loss + 0.1, 'validation/accuracy': 1 - loss / 3 } : {}),
          }
          return { step, epoch: step / stepsPerEpoch, wallTime: createdAt + step * 10, activeTime: step * 10, metrics }
        })
        workspace.write(() => {
          workspace.metrics.append(id, records)
          workspace.runs.update(id, {
            ...{ state: 'finished', step: steps, totalSteps: steps, epoch: 6, stepsPerEpoch },
            ...{ startedAt: createdAt, activeTime: steps * 10 },
          })
        })
      }
    }
  } finally {
    workspace.close()
  }
}

const names = ['bn 1', 'bn 2', 'bn 3', 'lrn 1', 'lrn 2', 'lrn 3']

async function compareAll(app: RunningApp): Promise<WorkbenchPage> {
  const bench = new WorkbenchPage(app.window)
  await bench.runs.select(...names)
  await bench.compareSelected()
  return bench
}

function figure(page: Page, name: string): Locator {
  return page.getByRole('figure', { name, exact: true })
}

/** Drags over the plot from one share of its width and height to another. */
async function drag(page: Page, chart: Locator, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await chart.getByRole('img').boundingBox())!
  const at = ([x, y]: [number, number]): [number, number] => [box.x + x * box.width, box.y + y * box.height]
  await page.mouse.move(...at(from))
  await page.mouse.down()
  await page.mouse.move(...at(to), { steps: 5 })
  await page.mouse.up()
}

test.use({ actionTimeout: 8_000 })

test('curves are zoomed, grouped, arranged and saved', async ({ folders, launch }) => {
  generate(folders)
  const app = await launch()
  const bench = await compareAll(app)
  await expect.poll(() => bench.pointsOf('Validation loss')).toBe(6 * 6)
  const { window: page } = app
  const combobox = (name: string) => page.getByRole('combobox', { name, exact: true })

  await test.step('a drag zooms all charts and asks for the points of the range, the keys pan and reset', async () => {
    const chart = figure(page, 'Validation loss')
    await drag(page, chart, [0.3, 0.5], [0.6, 0.5])
    const from = page.getByLabel('From step')
    await expect(from).not.toHaveValue('')
    const before = await from.inputValue()
    await chart.getByRole('group', { name: /arrow keys move/ }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(from).not.toHaveValue(before)
    await page.keyboard.press('0')
    await expect(from).toHaveValue('')
  })

  await test.step('steps without points say so, and those the wrong way round are refused', async () => {
    const [from, to] = [page.getByLabel('From step'), page.getByLabel('To step')]
    await from.fill('300')
    await to.fill('100')
    await to.blur()
    await expect(page.getByRole('alert')).toHaveText(/no steps from 300 to 100/)
    await expect.poll(() => bench.pointsOf('Validation loss')).toBe(6 * 6)
    await from.fill('10')
    await from.blur()
    await expect(page.getByRole('alert')).toBeHidden()
    const empty = figure(page, 'Validation loss').getByText('No points in this range')
    await expect(empty).toBeVisible()
    await empty.dblclick()
    await expect.poll(() => bench.pointsOf('Validation loss')).toBe(6 * 6)
    await expect(from).toHaveValue('')
  })

  await test.step('one rule goes through all charts, with a table of the nearest runs', async () => {
    await figure(page, 'Validation loss').getByRole('group').hover()
    await expect(page.locator('.values tbody tr')).toHaveCount(6)
    expect(await page.locator('.pointer > .line').count()).toBeGreaterThanOrEqual(2)
    await page.mouse.move(4, 4)
  })

  await test.step('runs become groups with bands, and the kind of curve changes what is drawn', async () => {
    await combobox('Bands').selectOption('interval')
    await expect(page.getByRole('list', { name: 'Colours' }).getByRole('listitem')).toHaveCount(2)
    await expect.poll(() => bench.pointsOf('Validation loss')).toBe(2 * 6)
    await expect(figure(page, 'Validation loss').getByText('12 means of 36 values')).toBeVisible()
    await combobox('Bands').selectOption('none')
    await page.getByRole('radio', { name: 'Paired difference' }).click()
    await expect(combobox('Each run minus its twin of')).toHaveText(/n 3/)
    await expect.poll(() => bench.pointsOf('Validation loss, difference')).toBe(3 * 6)
    await combobox('Bands').selectOption('interval')
    await expect.poll(() => bench.pointsOf('Validation loss, difference')).toBe(6)
    await expect(page.getByRole('list', { name: 'Colours' })).toHaveText(/subtracted.*n 3/s)
    await combobox('Bands').selectOption('none')
    await page.getByRole('radio', { name: 'Race' }).click()
    await expect.poll(() => bench.pointsOf('Validation loss, gap to the best so far')).toBe(36)
    await page.getByRole('radio', { name: 'Small multiples' }).click()
    await expect(figure(page, 'lrn 3').first().locator('canvas')).toHaveAttribute('data-points', '6')
    await page.getByRole('radio', { name: 'Overlaid' }).click()
  })

  await test.step('a colour that was chosen for other runs neither hides nor averages different networks', async () => {
    await combobox('Bands').selectOption('range')
    await combobox('Colour').selectOption('none')
    await expect(page.getByText(/^Runs of one look also differ in Normali[sz]ation/)).toBeVisible()
    await expect.poll(() => bench.pointsOf('Validation loss')).toBe(2 * 6)
    await combobox('Bands').selectOption('none')
    await combobox('Colour').selectOption('run')
  })

  await test.step('a formula has a card of its own; a wrong one says what is wrong', async () => {
    await page.getByRole('button', { name: 'Add a formula…' }).click()
    await page.getByLabel('Formula').fill('1 - validation/acuracy')
    await expect(page.getByText(/Did you mean validation\/accuracy/)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeDisabled()
    await page.getByLabel('Formula').fill('1 - validation/accuracy')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Error')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect.poll(() => bench.pointsOf('Error')).toBe(36)
  })

  await test.step('a card is pinned, undone, and fills the window', async () => {
    await page.getByRole('button', { name: 'Pin Train loss' }).click()
    await expect(page.getByRole('region', { name: 'Pinned' })).toBeVisible()
    await page.keyboard.press('Control+z')
    await expect(page.getByRole('region', { name: 'Pinned' })).toBeHidden()
    await page.keyboard.press('Control+Shift+z')
    await page.getByRole('button', { name: 'Full screen of Train loss' }).click()
    const dialog = page.getByRole('dialog', { name: 'Train loss' })
    await expect(dialog).toBeVisible()
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('dialog', { name: 'Error' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
  })

  await test.step('values are read in a table, and saved in full', async () => {
    await page.getByRole('button', { name: 'Menu of Train loss' }).click()
    await page.getByRole('menuitem', { name: 'Show values as a table' }).click()
    await expect(page.getByRole('region', { name: 'Values of Train loss' }).getByRole('row')).not.toHaveCount(1)
    await page.keyboard.press('Escape')
    for (const [item, ending] of [
      ['Save as SVG…', 'svg'],
      ['Save as PNG…', 'png'],
      ['Save all logged values as CSV…', 'csv'],
    ] as const) {
      const path = join(folders.userData, `chart.${ending}`)
      await app.electron.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
      }, path)
      await page.getByRole('button', { name: 'Menu of Train loss' }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await expect(page.getByText(/^Saved /)).toContainText(`chart.${ending}`)
    }
    const read = (ending: string): Buffer => readFileSync(join(folders.userData, `chart.${ending}`))
    expect(read('svg').toString()).toMatch(/^<svg .*bn 1.*<\/svg>\s*$/s)
    expect(read('png').subarray(1, 4).toString()).toBe('PNG')
    expect(read('csv').toString().trim().split('\n')).toHaveLength(6 * steps + 1)
  })

  await test.step('nothing serious for axe', async () => {
    expect(await seriousFindings(page)).toEqual([])
  })

  await test.step('the arrangement is there again after a start', async () => {
    await page.waitForTimeout(600)
    await app.close()
    const again = await launch()
    // The same runs are compared in the same view.
    const later = new WorkbenchPage(again.window)
    await expect(again.window.locator('.chip')).toHaveCount(names.length)
    await expect(again.window.getByRole('region', { name: 'Pinned' })).toBeVisible()
    await expect.poll(() => later.pointsOf('Error')).toBe(36)
  })
})
