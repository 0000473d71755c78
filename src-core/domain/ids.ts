import { z } from 'zod'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const idLength = 10

/** A run's identity: `r` and ten characters of a 32-letter alphabet (50 random bits). Safe as a folder name. */
export const runIdSchema = z.string().regex(/^r[0-9a-hjkmnp-tv-z]{10}$/, 'expected a run id such as r0123456789')
export type RunId = z.infer<typeof runIdSchema>

/** Makes a new random run id. Works in Node, Electron and the browser. */
export function newRunId(): RunId {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(idLength))
  return 'r' + Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')
}

/** A name as part of a file name or an id: at most 40 of a-z, 0-9 and hyphens; empty when nothing of it is left. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
}
