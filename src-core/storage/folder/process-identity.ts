import { readFileSync } from 'node:fs'
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
})
export type ProcessIdentity = z.infer<typeof processIdentitySchema>

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, processStart: processStart(process.pid), bootId: bootId(), host: hostname() }
}

/** Whether this very process still runs. One on another machine cannot be seen and counts as running. */
export function isAlive(identity: ProcessIdentity): boolean {
  const sameBoot = identity.bootId !== null && identity.bootId === bootId()
  if (isElsewhere(identity) && !sameBoot) return true
  if (identity.bootId !== null && bootId() !== null && !sameBoot) return false
  if (!processExists(identity.pid)) return false
  // The number may have been given to another process since.
  const start = processStart(identity.pid)
  return identity.processStart === null || start === null || identity.processStart === start
}

/** Whether the process belongs to another machine, as on a shared folder. */
export function isElsewhere({ host }: ProcessIdentity): boolean {
  return host !== null && host !== hostname()
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

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
