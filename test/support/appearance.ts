// What runs inside the page (`evaluate`) needs the types of a page.
/// <reference lib="dom" />
import { expect } from '@playwright/test'
import type { RunningApp } from './electron-app.ts'

export const themes = ['light', 'dark'] as const

/** Resolves once the page is drawn in the theme. */
export async function setTheme(app: RunningApp, theme: (typeof themes)[number]): Promise<void> {
  await app.call('settings.update', { theme })
  const dark = (): Promise<boolean> => app.window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  await expect.poll(dark).toBe(theme === 'dark')
  await expect(app.window.locator('html')).toHaveAttribute('data-theme', theme)
}

/** Gives the window's page a size in pixels; resolves once it has it. */
export async function setSize(app: RunningApp, width: number, height: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
    [width, height],
  )
  await expect.poll(() => app.window.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height])
}

/** Whether something lies wider than the window: nothing may. */
export function isOverflowing(app: RunningApp): Promise<boolean> {
  return app.window.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}
