import { createHash } from 'node:crypto'
import type { RunSpec } from '../../domain/spec/run-spec.ts'

/** JSON with the keys of every object in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  )
}

/** SHA-256 of a spec's canonical JSON: equal specs have equal hashes, in whatever order their fields were written. */
export function specHash(spec: RunSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex')
}
