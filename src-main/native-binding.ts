import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The part of `.ablate/setup.json` that main needs; scripts/setup.mjs writes the file. */
const setupSchema = z.object({ betterSqlite3: z.object({ nativeBinding: z.string().nullable() }) })

/**
 * The better-sqlite3 binding that set-up built for this Electron, or undefined where the package's own one serves
 * (Electron 36 and later; a packaged application has no set-up file).
 */
export function findNativeBinding(appFolder: string): string | undefined {
  let text: string
  try {
    text = readFileSync(join(appFolder, '.ablate/setup.json'), 'utf8')
  } catch {
    return undefined
  }
  const { nativeBinding } = setupSchema.parse(JSON.parse(text)).betterSqlite3
  return nativeBinding === null ? undefined : join(appFolder, nativeBinding)
}
