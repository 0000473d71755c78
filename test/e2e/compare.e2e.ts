import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { newRunId } from '../../src-core/domain/ids.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { expect, projectRoot, test, type Folders, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { sampleProfile } from '../support/sample-run.ts'
import { smallSpec } from '../support/specs.ts'

const pictures = join(projectRoot, 'test-results/screenshots')

interface Written {
  readonly name: string
  readonly spec: RunSpec
}

/** Variants that differ in what a person would compare. */
function variants(count: number): Written[] {
  const kinds = ['bn', 'lrn', 'none', 'gn'] as const
  return Array.from({ length: count }, (_, index) => {
    const spec = smallSpec({ normalization: kinds[index % kinds.length]!, seed: 1 + Math.floor(index / 4) })
    if (index % 4 === 2) {
      spec.model.dropout.rate = 0
      spec.model.removed = [4]
    }
    // Eight groups do not divide the ten channels of so narrow a network: one run keeps them.
    if (index !== 3) spec.model.normalization.gn.groups = 2
    if (index % 4 === 3) Object.assign(spec.training, { optimizer: 'adam', learningRate: 0.001 })
    return { name: `${spec.model.normalization.kind}, seed ${spec.training.seed}`, spec }
  })
}

function write(folders: Folders, runs: readonly Written[]): void {
  const workspace = openWorkspace(folders.workspace, { application: 'a test' })
  try {
    runs.forEach(({ name, spec }, index) => {
      const { id } = workspace.runs.insert({ id: newRunId(), name, spec, parameters: 10, createdAt: 1000 + index })
      if (index < 2) workspace.artifacts.add(id, sampleProfile(12 + index))
    })
  } finally {
    workspace.close()
  }
}

/** Opens the comparison of all runs at one of its tabs. */
async function compareAll(app: RunningApp, tab: string): Promise<void> {
  const bench = new WorkbenchPage(app.window)
  await bench.goTo('Runs')
  await bench.runs.table.getByRole('checkbox').first().check()
  await bench.compareSelected()
  await app.window.getByRole('tab', { name: tab, exact: true }).click()
}

/** Pictures to look at, light and dark; only where they are asked for. */
async function look(app: RunningApp, name: string): Promise<void> {
  if (!process.env['ABLATE_LOOK']) return
  mkdirSync(pictures, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    await app.call('settings.update', { theme })
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await app.electron.evaluate(
        ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
        [width, height],
      )
      await app.window.waitForTimeout(400)
      await app.window.screenshot({ path: join(pictures, `${name}-${theme}-${width}x${height}.png`) })
    }
  }
}

test('the configurations of runs are compared field by field, against any of them', async ({ folders, launch }) => {
  write(folders, variants(5))
  const app = await launch()
  const { window } = app
  await compareAll(app, 'Configuration')
  const grid = window.getByRole('grid', { name: 'Configuration differences' })
  const row = (label: string) =>
    grid.getByRole('row').filter({ has: window.getByRole('rowheader', { name: label, exact: true }) })
  await expect(row('Normalisation')).toContainText('Local response normalisation')
  await expect(row('Batch size')).toHaveCount(0)
  await look(app, 'configuration-5')

  await window.getByRole('toolbar', { name: 'Configuration' }).getByLabel('Base').selectOption({ label: 'lrn, seed 1' })
  await expect(grid.getByRole('columnheader').nth(1)).toContainText('lrn, seed 1')
  await expect(row('Normalisation').getByRole('gridcell').first()).toHaveText('Local response normalisation')

  await window.keyboard.press('F8')
  await expect(grid).toHaveAttribute('aria-activedescendant', /./)
  await expect(window.getByText(/^1 of \d+ differences$/)).toBeVisible()
  await window.keyboard.press('Shift+F8')
  await expect(window.getByText(/^(\d+) of \1 differences$/)).toBeVisible()

  await window.getByRole('radio', { name: 'All fields' }).click()
  await expect(row('Batch size')).toHaveCount(1)
  await expect(row('Momentum')).toContainText('does not apply')
  await window.getByLabel('Search fields').fill('batch size')
  await expect(grid.getByRole('rowheader')).toHaveCount(2)
  await window.getByLabel('Search fields').fill('nowhere')
  await expect(window.getByText('No field has “nowhere” in its name.')).toBeVisible()
  await window.getByLabel('Search fields').fill('')

  await window.getByRole('button', { name: 'Copy as JSON' }).click()
  await expect(window.getByText('Copied the table as JSON.')).toBeVisible()
  const copied = JSON.parse(await app.electron.evaluate(({ clipboard }) => clipboard.readText())) as {
    fields: Record<string, Record<string, unknown>>
  }
  expect(new Set(Object.values(copied.fields['model.normalization.kind']!))).toEqual(
    new Set(['bn', 'lrn', 'none', 'gn']),
  )
})

test('sixty configurations scroll beside their fields', async ({ folders, launch }) => {
  write(folders, variants(60))
  const app = await launch()
  await compareAll(app, 'Configuration')
  const grid = app.window.getByRole('grid', { name: 'Configuration differences' })
  await expect(grid.getByRole('columnheader')).toHaveCount(61)
  await look(app, 'configuration-60')
  const left = () =>
    grid
      .getByRole('columnheader')
      .first()
      .evaluate((cell) => cell.getBoundingClientRect().left)
  const before = await left()
  await grid.focus()
  await app.window.keyboard.press('ArrowDown')
  await app.window.keyboard.press('End')
  await expect.poll(() => grid.evaluate((table) => table.parentElement!.scrollLeft)).toBeGreaterThan(1000)
  expect(await left()).toBe(before)
})

test('the networks of runs are aligned layer by layer, with costs, what was measured and totals', async ({
  folders,
  launch,
}) => {
  write(folders, variants(4))
  const app = await launch()
  await compareAll(app, 'Architecture')
  const { window } = app
  await window.getByRole('toolbar', { name: 'Architecture' }).getByLabel('Base').selectOption({ label: 'bn, seed 1' })
  const table = window.getByRole('table', { name: 'Layers of the compared runs' })
  const row = (name: string) =>
    table.getByRole('row').filter({ has: window.getByRole('rowheader', { name, exact: true }) })
  await expect(row('bn1 Batch norm.')).toContainText('changed: type')
  await expect(row('bn1 Batch norm.')).toContainText('removed')
  await expect(row('conv4 Convolution')).toContainText('removed')
  await expect(
    window.getByText(/“gn, seed 1” is left out, its network cannot be laid out: gn1: 8 groups/),
  ).toBeVisible()
  await expect(window.getByText('2 of 3 of these runs have a profile yet.')).toBeVisible()
  await look(app, 'architecture-4')
  await window.getByRole('radio', { name: 'Parameters' }).click()
  await expect(row('Total')).toContainText('−')
  await window.getByLabel('Differing layers only').check()
  await expect(row('conv1 Convolution')).toHaveCount(0)
  await expect(row('bn1 Batch norm.')).toHaveCount(1)
})
