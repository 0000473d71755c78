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

test('New run shows what augmentation makes of the images', async ({ app }) => {
  const workbench = new WorkbenchPage(app.window)
  await workbench.openNewRun()
  await workbench.newRun.fill({ name: 'turned', fields: { Rotation: '30' } })
  await expect(app.window.getByRole('img', { name: /training images, each beside/ })).toBeVisible({ timeout: 60_000 })
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
