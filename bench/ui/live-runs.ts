import type { ElectronApplication, Page } from '@playwright/test'

/**
 * Lets main tell the window that the compared runs log 10 points per second each, every metric of a training step, in
 * one message per run and second as the real reporter does. No trainer runs: what is timed is the window.
 */
export async function emitLive(app: ElectronApplication, page: Page, metrics: readonly string[]): Promise<void> {
  const runs = await comparedRuns(page)
  await app.evaluate(
    ({ BrowserWindow }, { runs, metrics }) => {
      const state = globalThis as { benchTimers?: ReturnType<typeof setInterval>[] }
      state.benchTimers = runs.map(({ id, step }, index) => {
        let next = step
        return setInterval(() => {
          const records = Array.from({ length: 10 }, () => {
            next += 1
            return {
              step: next,
              epoch: next / 100,
              wallTime: Date.now(),
              activeTime: next * 100,
              metrics: Object.fromEntries(metrics.map((name) => [name, 1 / (1 + next / 1e5) + 0.1 * Math.random()])),
            }
          })
          BrowserWindow.getAllWindows()[0]?.webContents.send('metrics.appended', { runId: id, records })
        }, 1000 + index)
      })
    },
    { runs, metrics },
  )
}

/** The compared runs, from the place that the window keeps a moment after it has come there. */
async function comparedRuns(page: Page): Promise<{ id: string; step: number }[]> {
  await page.waitForTimeout(1000)
  return page.evaluate(async () => {
    const ask = async <Value>(name: string, input?: unknown): Promise<Value> =>
      ((await window.ablate.invoke(name, input)) as { value: Value }).value
    const { place } = await ask<{ place: { compared: string[] } }>('layout.get')
    const runs = place.compared.map((runId) => ask<{ id: string; step: number }>('runs.get', { runId }))
    return (await Promise.all(runs)).map(({ id, step }) => ({ id, step }))
  })
}

/** Ends what `emitLive` began. */
export function stopLive(app: ElectronApplication): Promise<void> {
  return app.evaluate(() => {
    for (const timer of (globalThis as { benchTimers?: ReturnType<typeof setInterval>[] }).benchTimers ?? []) {
      clearInterval(timer)
    }
  })
}
