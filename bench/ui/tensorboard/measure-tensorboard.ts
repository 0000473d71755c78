import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { launchElectron } from '../../application.ts'
import { lossAt } from '../sizes.ts'
import { writeEvents } from './write-events.ts'

const [python, runsText, pointsText, manyText] = process.argv.slice(2)
const [runs, points, many] = [Number(runsText), Number(pointsText), Number(manyText)]
const port = 6131
const address = `http://localhost:${port}`
const patience = 120_000

function startServer(logs: string): ChildProcess {
  const programArguments = ['-m', 'tensorboard.main', '--logdir', logs, '--port', String(port), '--load_fast=true']
  return spawn(python!, programArguments, { stdio: 'ignore' })
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const start = performance.now()
  while (!(await check().catch(() => false))) {
    if (performance.now() - start > patience) throw new Error('TensorBoard did not load the data in time.')
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** Whether the server has read everything: all runs are there, and the last one to its end. */
async function isLoaded(count: number, lastRun: string, lastStep: number): Promise<boolean> {
  const names = (await (await fetch(`${address}/data/runs`)).json()) as string[]
  if (names.length < count) return false
  const request = new FormData()
  request.set('requests', JSON.stringify([{ plugin: 'scalars', tag: 'train/loss', run: lastRun }]))
  const place = `${address}/experiment/defaultExperimentId/data/plugin/timeseries/timeSeries`
  const answer = (await (await fetch(place, { method: 'POST', body: request })).json()) as {
    runToSeries?: Record<string, { step: number }[]>
  }[]
  return Object.values(answer[0]?.runToSeries ?? {})[0]?.at(-1)?.step === lastStep
}

/** Opens the time series page and answers the milliseconds until `selector` is there so often, painted. */
async function openPage(page: Page, selector: string, count: number): Promise<number> {
  await page.goto('about:blank')
  const start = performance.now()
  await page.goto(`${address}/#timeseries`)
  await page.waitForFunction(
    ([selector, count]) => document.querySelectorAll(selector as string).length >= Number(count),
    [selector, count] as const,
    { timeout: patience, polling: 'raf' },
  )
  return performance.now() - start
}

interface Loaded {
  readonly loadMs: number
  readonly pageMs: number
}

/** Serves `count` runs of `length` points: how long the server reads them, and how long its page takes then. */
async function serve(count: number, length: number, selector: string, shown: number): Promise<Loaded> {
  const logs = mkdtempSync(join(tmpdir(), 'ablate-tensorboard-'))
  for (let run = 0; run < count; run++) {
    writeEvents(logs, { name: `run-${run}`, tag: 'train/loss', points: length, value: (step) => lossAt(run, step) })
  }
  const start = performance.now()
  const server = startServer(logs)
  const browser = await launchElectron([
    `--user-data-dir=${join(logs, '..', 'ablate-tensorboard-window')}`,
    join(import.meta.dirname, 'browser'),
  ])
  try {
    await until(() => isLoaded(count, `run-${count - 1}`, length - 1))
    const loadMs = performance.now() - start
    const page = await browser.firstWindow()
    // The first visit compiles the page's program; the second is what a user of an open server sees.
    await openPage(page, selector, shown)
    return { loadMs, pageMs: await openPage(page, selector, shown) }
  } finally {
    await browser.close()
    server.kill()
    rmSync(logs, { recursive: true, force: true })
  }
}

const curves = await serve(runs, points, 'scalar-card tb-data-table-content-row', runs)
const table = await serve(many, 1, 'runs-data-table tb-data-table-content-row', 10)
process.stdout.write(
  `${JSON.stringify({
    tensorboard: {
      loadMs: Math.round(curves.loadMs),
      chartFirstPaintMs: Math.round(curves.pageMs),
      tableReadyMs: Math.round(table.pageMs),
      startMs: Math.round(curves.loadMs + curves.pageMs),
    },
  })}\n`,
)
