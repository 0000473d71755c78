import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Rectangle } from 'electron'
import { z } from 'zod'

const boundsSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
})
export type WindowBounds = z.infer<typeof boundsSchema>

export const smallestWindow = { width: 960, height: 600 }
export const firstWindow = { width: 1280, height: 800 }

/** Pixels of the window that must lie on a screen, or nobody could drag it back. */
const reachable = 100

/** Where the window was; null at the first start, after damage, and when that screen is gone. */
export function readBounds(file: string, screens: readonly Rectangle[]): WindowBounds | null {
  try {
    const parsed = boundsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return parsed.success && screens.some((screen) => overlaps(parsed.data, screen)) ? parsed.data : null
  } catch {
    return null
  }
}

function overlaps(window: Rectangle, screen: Rectangle): boolean {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  const height = Math.min(window.y + window.height, screen.y + screen.height) - Math.max(window.y, screen.y)
  return width >= reachable && height >= reachable
}

export function writeBounds(file: string, bounds: WindowBounds): void {
  const aside = `${file}.new`
  writeFileSync(aside, JSON.stringify(bounds))
  renameSync(aside, file)
}
