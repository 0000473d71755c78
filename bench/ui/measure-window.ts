import type { ElectronApplication, Page } from '@playwright/test'
import { median } from '../../src-core/domain/statistics/median.ts'
import { launchApplication } from '../application.ts'
import { beginFrames, clickUntilChanged, endFrames, scrollFrames, typeUntilChanged } from './in-page.ts'
import { emitLive, stopLive } from './live-runs.ts'
import { percentile } from './percentile.ts'
import * as at from './selectors.ts'
import { liveMetrics, longRun, shortRun } from './sizes.ts'
import { chartDrawn, chooseForComparison, chooseNamed, filterBy, reloadToTable, waitForRows } from './steps.ts'

/** What the window needs, in milliseconds; frames are the milliseconds from one to the next. */
export interface WindowFigures {
  readonly startMs: number
  readonly tableReadyMs: number
  readonly sortMs: number
  readonly filterMs: number
  readonly scrollP95FrameMs: number
  readonly chartFirstPaintMs: number
  readonly zoomMs: number
  /** Null where it could not be measured; stderr says why. */
  readonly liveP95FrameMs: number | null
  /** The work of following a live run whose history is long, over that of one whose history is short. */
  readonly redrawRatio: number | null
}

const [folder, curvesText, runsText] = process.argv.slice(2)
const curves = Number(curvesText)
const runs = Number(runsText)
const repeats = 5

/** A workspace that is used again comes back to the view, the filter and the order of the last time: forgets them. */
async function forgetPlace(): Promise<void> {
  const app = await launchApplication(folder!)
  const page = await app.firstWindow()
  await page.waitForFunction(() => 'ablate' in window)
  await page.evaluate(() => window.ablate.invoke('layout.update', { 'runs-table': null, place: null }))
  await app.close()
}

/** From the start of the process until the table shows its rows and their number. */
async function start(): Promise<{ app: ElectronApplication; page: Page; startMs: number }> {
  const begin = performance.now()
  const app = await launchApplication(folder!)
  const page = await app.firstWindow()
  await waitForRows(page, runs)
  return { app, page, startMs: performance.now() - begin }
}

/** From the beginning of the page until the table shows its rows and their number. */
async function tableReady(page: Page): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < repeats; round++) {
    await reloadToTable(page)
    await waitForRows(page, runs)
    times.push(await page.evaluate(() => performance.now()))
  }
  return median(times)
}

async function sort(page: Page): Promise<number> {
  const times: number[] = []
  for (const column of [...at.sortedColumns, ...at.sortedColumns]) {
    times.push(await page.evaluate(clickUntilChanged, [at.columnTitle, column, at.shownRows] as const))
  }
  return median(times)
}

async function filter(page: Page): Promise<number> {
  const times: number[] = []
  for (const text of ['seed 1', '', 'lrn', '', 'adam', '']) {
    times.push(await page.evaluate(typeUntilChanged, [at.filterField, text, at.rowCount] as const))
  }
  return median(times)
}

async function scroll(page: Page): Promise<number> {
  return percentile(await page.evaluate(scrollFrames, [at.tableViewport, 140, 240] as const), 0.95)
}

async function chart(page: Page): Promise<{ firstPaint: number; zoom: number }> {
  const firstPaint: number[] = []
  for (let round = 0; round < 3; round++) {
    await reloadToTable(page)
    await waitForRows(page, runs)
    await chooseForComparison(page, curves)
    const begin = performance.now()
    await page.locator(at.openComparison).click()
    await chartDrawn(page, curves)
    firstPaint.push(performance.now() - begin)
  }
  const zoom: number[] = []
  for (let round = 0; round < repeats; round++) {
    const box = (await page.locator(at.chart).first().boundingBox())!
    const y = box.y + box.height / 2
    const before = await page.locator(at.chart).first().getAttribute('data-points')
    await page.mouse.move(box.x + box.width * 0.4, y)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 3 })
    const begin = performance.now()
    await page.mouse.up()
    await chartDrawn(page, curves, before)
    zoom.push(performance.now() - begin)
    await page.mouse.dblclick(box.x + box.width / 2, y)
    await page.waitForTimeout(1500)
  }
  return { firstPaint: median(firstPaint), zoom: median(zoom) }
}

/** Frames while main tells of 20 runs that log 10 points per second each, with 20 charts open. */
async function live(app: ElectronApplication, page: Page): Promise<number> {
  const frames: number[] = []
  await reloadToTable(page)
  await waitForRows(page, runs)
  await filterBy(page, 'live')
  await chooseForComparison(page, 20)
  await page.locator(at.openComparison).click()
  await chartDrawn(page, 20)
  await emitLive(app, page, liveMetrics)
  await page.waitForTimeout(3000)
  await page.evaluate(beginFrames)
  await page.waitForTimeout(10_000)
  frames.push(...(await page.evaluate(endFrames)))
  await stopLive(app)
  return percentile(frames, 0.95)
}

/** Seconds of work in the page while it follows one run for some seconds. */
async function workWhileFollowing(app: ElectronApplication, page: Page, name: string): Promise<number> {
  await reloadToTable(page)
  await waitForRows(page, runs)
  await chooseNamed(page, name)
  await page.locator(at.openComparison).click()
  await chartDrawn(page, 1)
  await emitLive(app, page, ['train/loss'])
  await page.waitForTimeout(3000)
  const work = await workWithin(app, page, 10_000)
  await stopLive(app)
  return work
}

/** Seconds that the page's main thread works within `milliseconds`; a session counts from its own beginning. */
async function workWithin(app: ElectronApplication, page: Page, milliseconds: number): Promise<number> {
  const session = await app.context().newCDPSession(page)
  await session.send('Performance.enable')
  const seconds = async (): Promise<number> =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value
  const before = await seconds()
  await page.waitForTimeout(milliseconds)
  const work = (await seconds()) - before
  await session.detach()
  return work
}

async function redraw(app: ElectronApplication, page: Page): Promise<number> {
  const short = await workWhileFollowing(app, page, shortRun)
  return (await workWhileFollowing(app, page, longRun)) / short
}

/** A figure that takes too long or fails is told and left out, so that the others are not lost with it. */
async function within(what: string, figure: Promise<number>): Promise<number | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('took longer than two minutes')), 120_000)
  })
  try {
    return await Promise.race([figure, late])
  } catch (error) {
    process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`)
    return null
  } finally {
    clearTimeout(timer)
  }
}

await forgetPlace()
const { app, page, startMs } = await start()
try {
  const tableReadyMs = await tableReady(page)
  const sortMs = await sort(page)
  const filterMs = await filter(page)
  const scrollP95FrameMs = await scroll(page)
  const { firstPaint, zoom } = await chart(page)
  const liveP95FrameMs = await within('frames of live runs', live(app, page))
  const redrawRatio = await within('work by the length of the history', redraw(app, page))
  const figures: WindowFigures = {
    startMs,
    tableReadyMs,
    sortMs,
    filterMs,
    scrollP95FrameMs,
    chartFirstPaintMs: firstPaint,
    zoomMs: zoom,
    liveP95FrameMs,
    redrawRatio,
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  await app.close()
}
