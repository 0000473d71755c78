import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { removeNamed } from '../checkpoints/checkpoint-files.ts'

const temporary = /\.[0-9a-f]{8}\.unfinished-export$/

/** A name beside the target of an export that nothing else has, for the time until it is whole. */
export function temporaryName(outDirectory: string): string {
  return `${outDirectory}.${randomBytes(4).toString('hex')}.unfinished-export`
}

/** Removes what exports left in this folder whose application was killed. */
export function removeUnfinishedExports(exportsDirectory: string): void {
  const names = existsSync(exportsDirectory) ? readdirSync(exportsDirectory) : []
  const unfinished = names.filter((name) => temporary.test(name))
  removeNamed(exportsDirectory, unfinished)
}
