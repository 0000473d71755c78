/// <reference lib="dom" />
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { seriousFindings } from '../support/accessibility.ts'
import { expect, projectRoot, test, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { smallSpec } from '../support/specs.ts'

const pictures = join(projectRoot, 'test-results/screenshots')

/** Something like a one: a bright bar on black. */
async function bar(): Promise<Buffer> {
  const stroke = await sharp({ create: { width: 4, height: 20, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer()
  const ground = sharp({ create: { width: 28, height: 28, channels: 3, background: '#000000' } })
  return ground
    .composite([{ input: stroke }])
    .png()
    .toBuffer()
}

async function paper(): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 30, channels: 3, background: '#eeeeee' } })
    .webp()
    .toBuffer()
}

/** Lets go of files over the middle of the view, as a person who drags them does. */
async function drop(app: RunningApp, files: { name: string; bytes: Buffer }[]): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }))
  const transfer = await app.window.evaluateHandle((sent) => {
    const transfer = new DataTransfer()
    for (const { name, base64 } of sent) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      transfer.items.add(new File([bytes], name))
    }
    return transfer
  }, sent)
  await app.window.getByRole('main').dispatchEvent('drop', { dataTransfer: transfer })
}

async function takePicture(app: RunningApp, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    await app.call('settings.update', { theme })
    const dark = () => app.window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    await expect.poll(dark).toBe(theme === 'dark')
    if (process.env['ABLATE_LOOK'])
      await app.window.screenshot({ path: join(pictures, `${name}-${theme}.png`), animations: 'disabled' })
    expect(await seriousFindings(app.window), `${name} ${theme}`).toEqual([])
  }
}

test('a network that was trained is tried with pictures, and its features are looked at', async ({ app }) => {
  test.setTimeout(300_000)
  const bench = new WorkbenchPage(app.window)
  const { page } = bench
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800))
  const spec = smallSpec({ images: 1024, epochs: 2 })
  // 57 steps to an epoch: too many for the kernels of each to be kept.
  Object.assign(spec.training, { learningRate: 0.01, batchSize: 16 })
  const { id } = await app.call('runs.create', { name: 'Digits', spec, start: false })

  await test.step('without a checkpoint it says what to do', async () => {
    await bench.runs.current('Digits')
    await bench.button('Open the run').click()
    await page.getByRole('tab', { name: 'Try it' }).click()
    await expect(page.getByRole('heading', { name: 'No checkpoint yet' })).toBeVisible()
    await bench.button('Train it').click()
    const state = async () => (await app.call('runs.get', { runId: id })).state
    await expect.poll(state, { timeout: 120_000 }).toBe('finished')
  })

  await test.step('pictures dropped on another tab are answered one by one', async () => {
    await page.getByRole('tab', { name: 'Curves' }).click()
    await drop(app, [
      { name: 'one.png', bytes: await bar() },
      { name: 'paper.webp', bytes: await paper() },
      { name: 'notes.txt', bytes: Buffer.from('no picture') },
    ])
    const card = (name: string) => page.getByRole('listitem', { name, exact: true })
    const classes = card('one.png').getByRole('list', { name: 'Most probable classes' }).getByRole('listitem')
    await expect(classes).toHaveCount(5, { timeout: 30_000 })
    await expect(card('one.png')).toContainText('newest checkpoint')
    await expect(card('paper.webp')).toContainText('Bright background')
    await expect(card('notes.txt').getByRole('alert')).toContainText('notes.txt')
  })

  await test.step('and how the answer came about is shown', async () => {
    await page.getByRole('button', { name: /^Ask all 2 checkpoints/ }).click()
    const table = page.getByRole('table', { name: 'Probabilities by checkpoint, in percent' })
    await expect(table.getByRole('row')).toHaveCount(3, { timeout: 30_000 })
    await expect(page.getByRole('img', { name: 'Probabilities over the steps of the checkpoints' })).toBeVisible()
    await takePicture(app, 'try-it')
  })

  await test.step('and the answer is that of the step that is shown', async () => {
    const card = page.getByRole('listitem', { name: 'one.png', exact: true })
    const table = page.getByRole('table', { name: 'Probabilities by checkpoint, in percent' })
    await expect(table.locator('[aria-current=true]')).toContainText('114')
    const slider = page.getByRole('slider', { name: 'Step that is shown' })
    await slider.fill('100')
    await expect(page.getByRole('toolbar', { name: 'Pictures' })).toContainText('Checkpoint: step 57')
    await expect(card).toContainText('Step 57')
    await expect(table.locator('[aria-current=true]')).toContainText('57')
    await takePicture(app, 'try-it-earlier')
    await page.getByRole('button', { name: 'Newest', exact: true }).click()
    await expect(card).toContainText('Step 114, newest checkpoint')
  })

  await test.step('the first kernels are followed through training', async () => {
    await page.getByRole('tab', { name: 'Features' }).click()
    await page.getByRole('button', { name: 'Kernels of the first convolution' }).click()
    const kernels = page.getByRole('radiogroup', { name: 'Kernels of conv1' })
    await kernels.getByRole('radio', { name: 'Kernel 3', exact: true }).click()
    const strip = page.getByRole('radiogroup', { name: 'Kernel 3 through training' })
    await expect(strip.getByRole('radio').first()).toHaveAccessibleName('Step 0')
    await expect(strip.getByRole('radio', { name: 'Step 114' })).toBeChecked()
    await strip.getByRole('radio', { name: 'Step 2', exact: true }).click()
    // One slider for the step; the panel only goes from checkpoint to checkpoint.
    const slider = page.getByRole('slider')
    await expect(slider).toHaveAccessibleName('Step that is shown')
    await expect(page.getByRole('group', { name: 'checkpoint', exact: true })).toBeVisible()
    await expect(page.getByText(/The pictures are grey, and all three channels got the same/)).toBeVisible()
    await expect(slider).toHaveValue('2')
    await slider.fill('56')
    const features = page.getByRole('region', { name: 'Features', exact: true })
    await expect(features).toContainText('Step 55, epoch 0.96, the last kept up to step 56')
    await expect(strip.getByRole('radio', { name: 'Step 55' })).toBeChecked()
    await page.getByRole('radio', { name: 'All alike' }).click()
    await expect(features).toContainText('the smallest weight of all')
    await takePicture(app, 'kernels-through-training')
    await page.keyboard.press('Control+z')
    await expect(page.getByRole('radio', { name: 'Each kernel' })).toBeChecked()
    await page.getByRole('button', { name: 'Newest', exact: true }).click()
  })

  await test.step('what is looked at is remembered', async () => {
    await bench.goTo('Runs')
    await bench.runs.current('Digits')
    await bench.button('Open the run').click()
    await page.getByRole('tab', { name: 'Features' }).click()
    await expect(page.getByRole('radiogroup', { name: 'Kernel 3 through training' })).toBeVisible()
    await page.getByRole('button', { name: 'Kernels of the first convolution' }).click()
  })

  await test.step('kernels, feature maps, saliency and the map of the test images', async () => {
    await page.getByRole('button', { name: 'Kernels of the first convolution' }).click()
    await expect(page.getByRole('radiogroup', { name: 'Kernels of conv1' }).getByRole('radio')).not.toHaveCount(0)
    await page.getByRole('button', { name: 'Feature maps of the picture' }).click()
    // The process that was asked about the pictures may have gone meanwhile; another one loads TensorFlow first.
    const maps = page.getByRole('group', { name: 'Feature maps of conv1' }).getByRole('img')
    await expect(maps).not.toHaveCount(0, { timeout: 60_000 })
    await takePicture(app, 'features')
    await page.getByRole('button', { name: 'Kernels of the first convolution' }).click()
    await page.getByRole('button', { name: 'Feature maps of the picture' }).click()
    await page.getByRole('button', { name: 'What the answer depends on' }).click()
    await expect(page.getByRole('img', { name: /^Gradient over the picture/ })).toBeVisible()
    await page.getByRole('radio', { name: 'Occlusion' }).click()
    await expect(page.getByRole('img', { name: /^Occlusion over the picture/ })).toBeVisible()
    await takePicture(app, 'saliency')
    await page.getByRole('button', { name: 'What the answer depends on' }).click()
    await page.getByRole('button', { name: 'Map of the test images' }).click()
    await page.getByRole('button', { name: 'Draw the map' }).click()
    const map = page.getByRole('application', { name: /^Map of 256 test images/ })
    await expect(map).toBeVisible({ timeout: 30_000 })
    await map.press('ArrowRight')
    await expect(page.getByRole('img', { name: /^Test image \d+$/ })).toBeVisible()
    await takePicture(app, 'embedding')
  })

  const other = smallSpec({ images: 20_000, epochs: 1, seed: 9 })
  const { id: second } = await app.call('runs.create', { name: 'Another seed', spec: other, start: true })

  await test.step('the kernels of a run that trains are there before its first checkpoint', async () => {
    await bench.goTo('Runs')
    await bench.runs.current('Another seed')
    await bench.button('Open the run').click()
    await page.getByRole('tab', { name: 'Features' }).click()
    await page.getByRole('button', { name: 'Kernels of the first convolution' }).click({ timeout: 60_000 })
    const strip = page.getByRole('radiogroup', { name: 'Kernel 3 through training' })
    await expect(strip.getByRole('radio', { name: 'Step 12', exact: true })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByRole('heading', { name: 'No checkpoint yet' })).toBeVisible()
    await takePicture(app, 'features-live')
    await app.call('runs.pause', { runId: second })
  })

  await test.step('the kernels and maps of compared runs stand beside each other', async () => {
    await app.call('runs.create', { name: 'Not trained', spec: other, start: false })
    await bench.goTo('Runs')
    await bench.runs.select('Digits', 'Another seed', 'Not trained')
    await bench.button('Compare 3').click()
    await page.getByRole('tab', { name: 'Features' }).click()
    const features = page.getByRole('region', { name: 'Features', exact: true })
    await page.getByRole('button', { name: 'Kernels of the first convolution' }).click()
    await expect(features.getByRole('group', { name: 'Kernels of conv1' })).toHaveCount(2)
    await page.getByRole('slider', { name: 'Step that is shown' }).fill('9')
    await expect(features.getByRole('region', { name: 'Digits' })).toContainText('Step 8')
    await expect(features.getByRole('region', { name: 'Another seed' })).toContainText('Step 6')
    await expect(features.getByRole('region', { name: 'Not trained' })).toContainText('No checkpoint yet')
    await page.getByRole('button', { name: 'Feature maps of the test image' }).click()
    await expect(features.getByRole('group', { name: 'Feature maps of conv1' })).toHaveCount(2)
    await takePicture(app, 'compare-features')
  })
})
