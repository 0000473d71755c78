import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { removeNamed } from '../checkpoints/checkpoint-files.ts'

const temporary = /\.[0-9a-f]{8}\.unfinished-(export|import)$/

/** A name beside the target of an export or import that nothing else has, for the time until it is whole. */
export function temporaryName(target: string, kind: 'export' | 'import'): string {
  return `${target}.${randomBytes(4).toString('hex')}.unfinished-${kind}`
}

/** Removes what exports or imports left in this folder whose application was killed. */
export function removeUnfinished(directory: string): void {
  const names = existsSync(directory) ? readdirSync(directory) : []
  const unfinished = names.filter((name) => temporary.test(name))
  removeNamed(directory, unfinished)
}
