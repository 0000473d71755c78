import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, projectRoot, test, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { policyViolations, watchPolicy } from '../support/policy-watch.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { longSpec, smallSpec, type SmallSpec } from '../support/specs.ts'

const pictures = join(projectRoot, 'test-results/screenshots')
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]
const epochs = 5
const themes = ['light', 'dark'] as const

/** Long enough for curves that tell the variants apart. */
function worthLooking(options: SmallSpec): RunSpec {
  const spec = smallSpec({ images: 2048, epochs, ...options })
  spec.training.learningRate = 0.01
  return spec
}

/** Real runs in every state that a person meets: finished variants, a diverged one, a paused, a deleted, a running one. */
async function seed(app: RunningApp): Promise<void> {
  const create = (name: string, spec: ReturnType<typeof smallSpec>, start = true) =>
    app.call('runs.create', { name, spec, start })
  const wild = smallSpec({ normalization: 'none', seed: 4 })
  wild.training.learningRate = 1e6
  const pretrained = smallSpec({ normalization: 'none' })
  pretrained.training.pretraining.kind = 'autoencoder'
  const batch = await create('Batch normalisation, dropout 0.5', worthLooking({}))
  const others = [
    await create('LRN, dropout 0.5', worthLooking({ normalization: 'lrn' })),
    await create('No normalisation, dropout 0', worthLooking({ normalization: 'none', dropout: 0 })),
    await create('Learning rate a million', wild),
    await create('Pre-trained by auto-encoders', pretrained),
  ]
  for (const { id } of [batch, ...others]) {
    const state = async () => (await app.call('runs.get', { runId: id })).state
    await expect.poll(state, { timeout: 120_000 }).toMatch(/finished|diverged/)
  }
  await app.call('exports.create', { runId: batch.id, format: 'tfjs' })
  await create('Waiting for a free evening', longSpec(), false)
  const { id } = await create('A mistake', smallSpec(), false)
  await app.call('runs.delete', { runId: id })
  await create('All night', longSpec())
}

/** Every view with what brings it up. */
function views(bench: WorkbenchPage): Record<string, () => Promise<void>> {
  const { page, runs } = bench
  const openTab = async (run: string, tab: string): Promise<void> => {
    await bench.goTo('Runs')
    await runs.open(run)
    await page.getByRole('tab', { name: tab }).click()
  }
  return {
    runs: async () => {
      await bench.goTo('Runs')
      await runs.current('Batch normalisation, dropout 0.5')
    },
    run: async () => {
      await openTab('Batch normalisation, dropout 0.5', 'Curves')
      await expect.poll(() => bench.pointsOf('Loss')).toBeGreaterThan(10)
    },
    evaluation: async () => {
      await openTab('Batch normalisation, dropout 0.5', 'Evaluation')
      await expect(page.getByRole('toolbar', { name: 'Evaluation' })).toBeVisible()
    },
    profile: async () => {
      await openTab('Batch normalisation, dropout 0.5', 'Profile')
      await expect(page.getByRole('table', { name: 'Milliseconds per layer' })).toContainText('conv1')
    },
    'pre-training': () => openTab('Pre-trained by auto-encoders', 'Pre-training'),
    diverged: () => openTab('Learning rate a million', 'Checkpoints'),
    compare: async () => {
      await bench.goTo('Runs')
      await runs.select('Batch normalisation, dropout 0.5', 'LRN, dropout 0.5', 'No normalisation, dropout 0')
      await bench.compareSelected()
      await expect.poll(() => bench.pointsOf('Validation loss')).toBe(3 * epochs)
    },
    'new-run': async () => {
      await bench.openNewRun()
      await expect(page.getByLabel('Learning rate', { exact: true })).toBeVisible()
    },
    preflight: async () => {
      await bench.openNewRun()
      await bench.newRun.measure()
    },
    ablation: async () => {
      await bench.openNewRun()
      await page.getByRole('radio', { name: 'Ablation', exact: true }).click()
    },
    augmentation: async () => {
      await bench.openNewRun()
      await page.getByRole('radio', { name: 'One run', exact: true }).click()
      await bench.newRun.fill({ name: 'Turned and shifted', fields: { Rotation: '15', Shift: '3' } })
      await expect(page.getByRole('img', { name: /each beside/ })).toBeVisible({ timeout: 60_000 })
    },
    exports: () => bench.goTo('Models and exports'),
    settings: () => bench.goTo('Settings'),
    shortcuts: () => page.keyboard.press('Control+/'),
  }
}

async function setSize(app: RunningApp, { width, height }: { width: number; height: number }): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
    [width, height],
  )
  await expect.poll(() => app.window.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height])
}

async function setTheme(app: RunningApp, theme: (typeof themes)[number]): Promise<void> {
  await app.call('settings.update', { theme })
  const dark = () => app.window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  await expect.poll(dark).toBe(theme === 'dark')
}

test('every view, light and dark, small and large: no serious finding of axe, nothing against the policy', async ({
  app,
}) => {
  // The accessibility of every view is a test of its own; the pictures are for who looks at them.
  test.skip(!process.env['ABLATE_LOOK'], 'npm run screenshots')
  test.setTimeout(420_000)
  mkdirSync(pictures, { recursive: true })
  await watchPolicy(app.window)
  await app.window.screenshot({ path: join(pictures, 'first-launch-light-1280x800.png') })
  await seed(app)
  const findings: string[] = []
  for (const theme of themes) {
    await setTheme(app, theme)
    for (const size of sizes) {
      await setSize(app, size)
      for (const [name, show] of Object.entries(views(new WorkbenchPage(app.window)))) {
        await show()
        // On the status line, where it highlights nothing.
        await app.window.mouse.move(size.width / 2, size.height - 4)
        const path = join(pictures, `${name}-${theme}-${size.width}x${size.height}.png`)
        await app.window.screenshot({ path, animations: 'disabled' })
        if (size === sizes[0])
          findings.push(...(await seriousFindings(app.window)).map((text) => `${name} ${theme}: ${text}`))
        await app.window.keyboard.press('Escape')
      }
    }
  }
  expect.soft(findings).toEqual([])
  expect(await policyViolations(app.window)).toEqual([])
})
