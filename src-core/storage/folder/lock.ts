import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { WorkbenchError } from '../../domain/errors.ts'
import { isAlive, isElsewhere, processIdentitySchema, thisProcess } from './process-identity.ts'

const ownerSchema = processIdentitySchema.extend({ application: z.string().default('another program') })
type LockOwner = z.infer<typeof ownerSchema>

/** Who holds a lock; 'unknown' when somebody is just writing it; 'nobody' when it is left over or gone. */
type Holder = LockOwner | 'unknown' | 'nobody'

export interface WorkspaceLock {
  release(): void
}

/** How long another process may take between creating the lock file and writing into it, in milliseconds. */
const writingTime = 5000
/** A takeover lasts well below a millisecond: one this old was left behind by a crash. */
const takeoverTime = 10_000
const attempts = 50

/**
 * Takes the workspace for this process: there is one writer at a time. A lock that a dead process left is taken over.
 * @throws WorkbenchError `workspace-locked` naming the process that has it.
 */
export function takeLock(directory: string, application: string): WorkspaceLock {
  const file = join(directory, 'lock')
  const content = JSON.stringify({ ...thisProcess(), application } satisfies LockOwner)
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (createExclusively(file, content)) return { release: () => releaseIfOurs(file, content) }
    const holder = holderOf(file)
    if (holder !== 'nobody') throw lockedError(directory, holder)
    removeLeftover(directory, file)
  }
  throw lockedError(directory, holderOf(file))
}

/** Whether some process writes to the workspace, as far as can be told without taking part. */
export function isHeld(directory: string): boolean {
  return holderOf(join(directory, 'lock')) !== 'nobody'
}

function createExclusively(file: string, content: string): boolean {
  try {
    const descriptor = openSync(file, 'wx')
    writeSync(descriptor, content)
    closeSync(descriptor)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function holderOf(file: string): Holder {
  try {
    const owner = ownerSchema.safeParse(parseOrNull(readFileSync(file, 'utf8')))
    if (owner.success) return isAlive(owner.data) ? owner.data : 'nobody'
    return Date.now() - statSync(file).mtimeMs < writingTime ? 'unknown' : 'nobody'
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'nobody'
    throw error
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * Removes a lock that nobody holds. Two processes may see the same one, and the slower must not remove the lock that
 * the faster made meanwhile: so one at a time passes the turnstile, and looks again.
 */
function removeLeftover(directory: string, file: string): void {
  const turnstile = join(directory, 'lock.takeover')
  if (!enter(turnstile)) return
  try {
    if (holderOf(file) === 'nobody') ignoringAbsence(() => unlinkSync(file))
  } finally {
    ignoringAbsence(() => rmdirSync(turnstile))
  }
}

function enter(turnstile: string): boolean {
  try {
    mkdirSync(turnstile)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    const since = statSync(turnstile, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - since > takeoverTime) ignoringAbsence(() => rmdirSync(turnstile))
    else pause(5)
    return false
  }
}

/** Busy, because opening is synchronous and Atomics.wait is not allowed on every main thread. */
function pause(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

function releaseIfOurs(file: string, content: string): void {
  ignoringAbsence(() => {
    if (readFileSync(file, 'utf8') === content) unlinkSync(file)
  })
}

function ignoringAbsence(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

function lockedError(directory: string, holder: Holder): WorkbenchError {
  if (typeof holder === 'string') {
    const message = `Another program is just opening the workspace ${directory}. Try again in a few seconds.`
    return new WorkbenchError('workspace-locked', message, { directory })
  }
  const { pid, application, host } = holder
  const place = host === thisProcess().host ? ' in another container' : ` on ${host}`
  const who = `${application} (process ${pid}${isElsewhere(holder) ? place : ''})`
  const advice = isElsewhere(holder)
    ? `Close it there, or delete ${join(directory, 'lock')} when you are sure that it is not running.`
    : 'Close it, or choose another workspace. Reading is possible meanwhile: ablate runs, show, metrics.'
  const message = `The workspace ${directory} is in use by ${who}. ${advice}`
  return new WorkbenchError('workspace-locked', message, { directory, pid, application })
}
