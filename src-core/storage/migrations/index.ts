import { initial } from './0001-initial.ts'
import { artifacts } from './0002-artifacts.ts'
import { comparison } from './0003-comparison.ts'
import { notFinite } from './0004-not-finite.ts'

export interface Migration {
  /** Rises by one from migration to migration; becomes the file's `user_version`. */
  readonly version: number
  readonly name: string
  /** SQL. Never changes once released: the hash of what was applied is kept in the file and compared. */
  readonly up: string
}

/** All migrations in order. A new one is added at the end. */
export const migrations: readonly Migration[] = [initial, artifacts, comparison, notFinite]
