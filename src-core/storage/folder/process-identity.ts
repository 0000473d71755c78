import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'

/** What tells one process from all others, as far as the system says. */
export const processIdentitySchema = z.object({
  pid: z.int().positive(),
  /** Start of the process in clock ticks after boot; null where the system does not tell. */
  processStart: z.string().nullable().default(null),
  /** Differs after every start of the machine; null where the system does not tell. */
  bootId: z.string().nullable().default(null),
  host: z.string().nullable().default(null),
  /** Within which process ids are unique, such as a container; null where the system does not tell. */
  pidNamespace: z.string().nullable().default(null),
})
export type ProcessIdentity = z.infer<typeof processIdentitySchema>

export function thisProcess(): ProcessIdentity {
  const { pid } = process
  return { pid, processStart: processStart(pid), bootId: bootId(), host: hostname(), pidNamespace: pidNamespace() }
}

/** Whether this very process still runs. One on another machine or in another container counts as running. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (isElsewhere(identity)) return true
  if (identity.bootId !== null && bootId() !== null && identity.bootId !== bootId()) return false
  if (!processExists(identity.pid)) return false
  // The number may have been given to another process since.
  const start = processStart(identity.pid)
  return identity.processStart === null || start === null || identity.processStart === start
}

/** Whether the process cannot be seen from here, as on a folder that machines or containers share. */
export function isElsewhere(identity: ProcessIdentity): boolean {
  const sameBoot = identity.bootId !== null && identity.bootId === bootId()
  const here = pidNamespace()
  // Within one start of the machine the namespace decides: each container has a host name, and any may change.
  if (sameBoot && identity.pidNamespace !== null && here !== null) return identity.pidNamespace !== here
  return identity.host !== null && identity.host !== hostname()
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function processStart(pid: number): string | null {
  const text = readOrNull(`/proc/${pid}/stat`)
  if (text === null) return null
  // The process name in parentheses may hold spaces, so count from its end: field 22 is the 20th after it.
  const fields = text.split(') ').at(-1)!.split(' ')
  return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null)
}

function bootId(): string | null {
  return readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? null
}

function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
