import { expect, test } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { smallSpec } from '../support/specs.ts'

test('an ablation makes all its runs with one click, and each tells what it confused', async ({ app }) => {
  test.setTimeout(240_000)
  const workbench = new WorkbenchPage(app.window)
  await workbench.openNewRun()
  await workbench.newRun.startAblation('Weight decay on and off', { 'Training images': '640', Epochs: '1' })
  const names = ['Weight decay on and off: Off', 'Weight decay on and off: 0.0005']
  for (const name of names) await workbench.runs.expectState(name, 'Finished')

  await workbench.runs.open(names[1]!)
  await app.window.getByRole('tab', { name: 'Evaluation' }).click()
  await expect(app.window.getByRole('toolbar', { name: 'Evaluation' })).toBeVisible()
  await expect(app.window.getByRole('region', { name: 'Accuracy per class' })).toBeVisible()
})

test('a run shows where the time of its steps goes, while it trains and afterwards', async ({ app }) => {
  test.setTimeout(120_000)
  const workbench = new WorkbenchPage(app.window)
  const spec = smallSpec({ images: 1024, epochs: 500 })
  const { id } = await app.call('runs.create', { name: 'measured', spec, start: true })
  await workbench.runs.open('measured')
  await app.window.getByRole('tab', { name: 'Profile' }).click()
  const table = app.window.getByRole('table', { name: 'Milliseconds per layer' })
  // Nothing is asked for anew: what is recorded arrives by itself, and the newest is shown.
  await expect(table.getByRole('rowheader').first()).toHaveText('conv1', { timeout: 60_000 })
  const recorded = async () =>
    (await app.call('artifacts.list', { runId: id })).filter(({ kind }) => kind === 'profile')
  await expect.poll(async () => (await recorded()).length, { timeout: 60_000 }).toBeGreaterThan(2)
  await workbench.button('Pause').click()
  await expect(workbench.button('Resume')).toBeVisible()
  const last = (await recorded()).at(-1)!
  await expect(app.window.getByRole('toolbar', { name: 'Profile' })).toContainText(`Step ${last.step},`)

  await app.window.getByRole('radio', { name: 'Slowest first' }).click()
  const body = await app.call('artifacts.get', { artifactId: last.id })
  const layers = body.kind === 'profile' ? body.profile.layers : []
  const slowest = [...layers].sort((a, b) => b.forward + b.backward - a.forward - a.backward)
  await expect(table.getByRole('rowheader').first()).toHaveText(slowest[0]!.name)
})

test('New run shows what augmentation makes of the images', async ({ app }) => {
  const workbench = new WorkbenchPage(app.window)
  await workbench.openNewRun()
  await workbench.newRun.fill({ name: 'turned', fields: { Rotation: '30' } })
  await expect(app.window.getByRole('img', { name: /training images, each beside/ })).toBeVisible({ timeout: 60_000 })
})

test('New run measures what a run will cost, and refuses what cannot fit until a batch that does is chosen', async ({
  app,
}) => {
  const workbench = new WorkbenchPage(app.window)
  const { page, newRun } = workbench
  const start = page.getByRole('button', { name: 'Start', exact: true })
  await workbench.openNewRun()
  await newRun.unfold()
  const measured = await newRun.measure()
  expect(measured).toMatch(/Images per second\s+[\d,]+\s+Time per epoch\s+about .*\s+Time for the run\s+about /)
  expect(measured).toMatch(/Peak memory\s+[\d.]+ of [\d.]+ GiB\s+Disk\s+[\d.]+ of [\d.]+ GiB/)

  await newRun.fill({ name: 'too large', fields: { 'Input size': '512', 'Batch size': '8192' } })
  await expect(page.getByText('For earlier choices.')).toBeVisible()
  await expect(start).toBeEnabled()
  expect(await newRun.measure()).toContain('Estimated from the network')
  await expect(start).toBeDisabled()
  await page.getByRole('button', { name: /^Use batch size/ }).click()
  await expect(start).toBeEnabled()
  await expect(page.getByRole('button', { name: 'Measure again' })).toBeFocused()
})

test('leaving New run ends the measurement that is under way', async ({ app }) => {
  const workbench = new WorkbenchPage(app.window)
  await workbench.openNewRun()
  await workbench.button('Measure').click()
  await expect(workbench.button('Cancel')).toBeVisible()
  await expect.poll(() => app.trainerPid(), { timeout: 20_000 }).not.toBeNull()
  await workbench.goTo('Runs')
  await workbench.openNewRun()
  await expect(workbench.button('Measure')).toBeVisible()
  await expect.poll(() => app.trainerPid(), { timeout: 5000 }).toBeNull()
})

test('pre-training shows its reconstructions, and another run starts from its checkpoint', async ({ app }) => {
  test.setTimeout(240_000)
  const workbench = new WorkbenchPage(app.window)
  const spec = smallSpec({ images: 640, epochs: 1, normalization: 'none' })
  spec.training.pretraining.kind = 'autoencoder'
  const { id } = await app.call('runs.create', { name: 'pre-trained', spec, start: true })
  await workbench.runs.expectState('pre-trained', 'Finished')
  await workbench.runs.open('pre-trained')
  await app.window.getByRole('tab', { name: 'Pre-training' }).click()
  await expect(app.window.getByText('conv5').first()).toBeVisible()

  await app.window.getByRole('tab', { name: 'Checkpoints' }).click()
  await app.window
    .getByRole('button', { name: /^Start a run from here: step/ })
    .first()
    .click()
  await expect(workbench.heading('New run')).toBeVisible()
  await workbench.newRun.start()
  const started = async () => (await app.call('runs.list', { deleted: false })).find((run) => run.id !== id)
  await expect.poll(async () => (await started())?.state, { timeout: 90_000 }).toBe('finished')
  expect((await started())!.spec.training.transfer.from).toMatch(new RegExp(`^run:${id}@\\d+$`))
})
