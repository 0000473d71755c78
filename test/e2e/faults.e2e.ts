import { copyFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from '@playwright/test'
import { expect, newFolders, test, type RunningApp } from '../support/electron-app.ts'
import { WorkbenchPage } from '../support/pages/workbench.ts'
import { isRunning } from '../support/processes.ts'
import { longSpec, smallSpec } from '../support/specs.ts'

/** Starts a run and waits until it trains. */
async function startRun(app: RunningApp, name: string, spec = longSpec()): Promise<string> {
  const { id } = await app.call('runs.create', { name, spec, start: true })
  const step = async () => (await app.call('runs.get', { runId: id })).step
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(2)
  return id
}

async function requireTrainer(app: RunningApp): Promise<number> {
  const pid = await app.trainerPid()
  expect(pid).not.toBeNull()
  return pid!
}

test.describe('a process dies', () => {
  test('a killed trainer is a failed run that can be resumed; the window lives', async ({ app }) => {
    const workbench = new WorkbenchPage(app.window)
    const { runs } = workbench
    const id = await startRun(app, 'victim', smallSpec({ images: 1536, epochs: 2 }))
    process.kill(await requireTrainer(app), 'SIGKILL')
    await runs.expectState('victim', 'Failed')
    await runs.open('victim')
    await expect(app.window.getByText(/trainer ended unexpectedly/i).first()).toBeVisible()
    await workbench.button('Resume').click()
    await workbench.goTo('Runs')
    await runs.expectState('victim', 'Finished')
    const [series] = await app.call('metrics.history', {
      runIds: [id],
      metrics: ['train/loss'],
      fromStep: null,
      toStep: null,
      maxPoints: 20_000,
      smoothing: { kind: 'none', amount: 0 },
    })
    const steps = [...series!.columns.step]
    const { totalSteps } = await app.call('runs.get', { runId: id })
    expect(steps).toEqual(Array.from({ length: totalSteps! }, (_, index) => index + 1))
  })

  test('a killed main takes its trainer with it; the run is interrupted and can be resumed', async ({ launch }) => {
    const app = await launch()
    await startRun(app, 'survivor')
    const trainer = await requireTrainer(app)
    await app.killMain()
    await expect.poll(() => isRunning(trainer), { timeout: 5000 }).toBe(false)
    const again = await launch()
    const { runs } = new WorkbenchPage(again.window)
    await runs.expectState('survivor', 'Interrupted')
    await runs.choose('survivor', 'Resume')
    await runs.expectState('survivor', 'Running')
  })

  test('a window that crashes comes back, and the training goes on', async ({ app }) => {
    await startRun(app, 'steady')
    const trainer = await requireTrainer(app)
    const reloaded = app.window.waitForEvent('load')
    await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents()[0]!.forcefullyCrashRenderer())
    await reloaded.catch(() => {})
    const text = () =>
      app.electron.evaluate(({ webContents }) => {
        const [contents] = webContents.getAllWebContents()
        return contents!.isCrashed() ? '' : (contents!.executeJavaScript('document.body.innerText') as Promise<string>)
      })
    await expect.poll(text, { timeout: 30_000 }).toContain('steady')
    expect(await app.trainerPid()).toBe(trainer)
  })

  test('SIGTERM pauses durably before the end', async ({ launch }) => {
    const app = await launch()
    const id = await startRun(app, 'told to end')
    const trainer = await requireTrainer(app)
    const ended = new Promise((done) => app.process.once('exit', done))
    process.kill(app.pid, 'SIGTERM')
    expect(await ended).toBe(0)
    expect(isRunning(trainer)).toBe(false)
    const again = await launch()
    expect(await again.call('runs.get', { runId: id })).toMatchObject({ state: 'paused' })
  })
})

/** The heading, the reason and what to do, as the page of a failed start shows them. */
async function expectStartFailure(page: Page, reason: string, message: RegExp): Promise<void> {
  const alert = page.getByRole('alert')
  await expect(alert.getByRole('heading', { name: 'Ablate cannot open its workspace' })).toBeVisible()
  await expect(alert.getByText(reason, { exact: true })).toBeVisible()
  await expect(alert).toContainText(message)
  await expect(alert).toContainText('--workspace')
}

test('a window that is closed soon after its start leaves its record checked, backed up and unlocked', async ({
  launch,
  folders,
}) => {
  await (await launch()).close()
  const names = readdirSync(folders.workspace)
  expect(names).toEqual(expect.arrayContaining(['backups', 'closed-properly']))
  expect(names).not.toContain('lock')
})

test.describe('a start that cannot be', () => {
  test('the workspace is in use', async ({ app, launch }) => {
    const other = await launch({ ...newFolders(), workspace: app.folders.workspace })
    await expectStartFailure(other.window, 'workspace-locked', /in use by the Ablate window \(process \d+\)/)
    expect(await app.call('runs.list', { deleted: false })).toEqual([])
  })

  test('a newer Ablate wrote the record, and it stays as it was', async ({ launch, folders }) => {
    await (await launch()).close()
    const file = join(folders.workspace, 'ablate.db')
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 999')
    database.close()
    const app = await launch()
    await expectStartFailure(app.window, 'workspace-newer', /newer Ablate/)
    await app.close()
    const untouched = new DatabaseSync(file)
    expect(untouched.prepare('PRAGMA user_version').get()).toEqual({ user_version: 999 })
    untouched.close()
  })

  test('the record belongs to another program', async ({ launch, folders }) => {
    await (await launch()).close()
    const database = new DatabaseSync(join(folders.workspace, 'ablate.db'))
    database.exec('PRAGMA application_id = 1')
    database.close()
    await expectStartFailure((await launch()).window, 'workspace-foreign', /another program/)
  })

  test('a damaged record is set aside and kept; the next start works', async ({ launch, folders }) => {
    await (await launch()).close()
    const file = join(folders.workspace, 'ablate.db')
    const garbage = Buffer.alloc(50_000, 'garbage ')
    writeFileSync(file, garbage)
    copyFileSync(file, join(folders.userData, 'copy'))
    const app = await launch()
    await expectStartFailure(app.window, 'workspace-damaged', /set aside as .* nothing was deleted/i)
    expect(readdirSync(folders.workspace).filter((name) => name.startsWith('ablate.damaged-'))).toHaveLength(1)
    await app.close()
    const fresh = await launch()
    expect(await fresh.call('runs.list', { deleted: false })).toEqual([])
  })
})

test('markup in a name is text', async ({ app }) => {
  const name = '<img src=x onerror="attackRan=1"><b id="bold">bold</b> ../../x \u202e'
  await app.call('runs.create', { name, spec: smallSpec(), start: false })
  const { runs } = new WorkbenchPage(app.window)
  await expect(runs.table.getByText('<b id="bold">bold</b>')).toBeVisible()
  await runs.open(name.trim())
  expect(
    await app.window.evaluate(() => [document.getElementById('bold'), Reflect.get(window, 'attackRan') ?? null]),
  ).toEqual([null, null])
})
