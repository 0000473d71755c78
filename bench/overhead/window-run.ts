import { readFileSync } from 'node:fs'
import type { ElectronApplication, Page } from '@playwright/test'
import type { Reply, Transport } from '../../src-core/contract/transport.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { Series } from '../../src-core/domain/metrics.ts'
import { launchApplication } from '../application.ts'
import { meanStepTime, overheadSpec } from './task.ts'

declare global {
  interface Window {
    readonly ablate: Transport
  }
}

const folder = process.argv[2]!

async function call<T>(page: Page, name: string, input: unknown): Promise<T> {
  const reply = await page.evaluate(([name, input]) => window.ablate.invoke(name as string, input) as Promise<Reply>, [
    name,
    input,
  ] as const)
  if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`)
  return reply.value as T
}

/** Ticks of the processor that the application's processes have used, in seconds. */
async function cpuSeconds(app: ElectronApplication): Promise<number> {
  const pids = await app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))
  const ticks = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()!.split(' ')
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, value) => sum + value, 0) / 100
}

/** Processor time of the whole application per second of a pause, in seconds; the trainer is gone then. */
async function pausedLoad(app: ElectronApplication): Promise<number> {
  const seconds = 10
  await new Promise((done) => setTimeout(done, 3000))
  const before = await cpuSeconds(app)
  await new Promise((done) => setTimeout(done, seconds * 1000))
  return ((await cpuSeconds(app)) - before) / seconds
}

async function finished(page: Page, runId: string): Promise<void> {
  while (true) {
    const { state } = await call<Run>(page, 'runs.get', { runId })
    if (state === 'finished') return
    if (state === 'failed' || state === 'diverged' || state === 'interrupted') throw new Error(`The run is ${state}.`)
    await new Promise((done) => setTimeout(done, 1000))
  }
}

/** The same run in the real window, whose curves are watched; then one that is paused. */
const app = await launchApplication(folder)
try {
  const page = await app.firstWindow()
  await page.waitForLoadState('load')
  const run = await call<Run>(page, 'runs.create', { name: 'Overhead', spec: overheadSpec(), start: true })
  await page.getByRole('row', { name: /Overhead/ }).dblclick()
  await page.locator('canvas').first().waitFor()
  await finished(page, run.id)
  const history = { runIds: [run.id], metrics: ['train/loss'], fromStep: null, toStep: null, maxPoints: 10_000 }
  const [series] = await call<Series[]>(page, 'metrics.history', history)
  const second = await call<Run>(page, 'runs.create', { name: 'Paused', spec: overheadSpec(), start: true })
  await new Promise((done) => setTimeout(done, 8000))
  await call<Run>(page, 'runs.pause', { runId: second.id })
  const pausedCpu = await pausedLoad(app)
  process.stdout.write(`${JSON.stringify({ millisecondsPerStep: meanStepTime(series!.points), pausedCpu })}\n`)
} finally {
  await app.close()
}
