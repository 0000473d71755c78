import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { takeLock } from '../../../src-core/storage/folder/lock.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const bootFile = '/proc/sys/kernel/random/boot_id'
const bootId = existsSync(bootFile) ? readFileSync(bootFile, 'utf8').trim() : null
const pidNamespace = bootId === null ? null : readlinkSync('/proc/self/ns/pid')

/** What this process would write, changed. */
function lockOf(directory: string, changes: object): string {
  const own = {
    pid: process.pid,
    processStart: null,
    bootId,
    host: hostname(),
    pidNamespace,
    application: 'the Ablate window',
  }
  const file = join(directory, 'lock')
  writeFileSync(file, JSON.stringify({ ...own, ...changes }))
  return file
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

describe('the lock of a workspace', () => {
  it('says who has it and what to do', () => {
    const directory = temporaryDirectory()
    const lock = takeLock(directory, 'the Ablate window')
    expect(() => takeLock(directory, 'ablate')).toThrow(
      expect.objectContaining({
        code: 'workspace-locked',
        message: expect.stringMatching(`in use by the Ablate window \\(process ${process.pid}\\). Close it`),
        details: { directory, pid: process.pid, application: 'the Ablate window' },
      }),
    )
    lock.release()
    takeLock(directory, 'ablate').release()
    expect(existsSync(join(directory, 'lock'))).toBe(false)
  })

  it.each([
    ['a process that is gone', () => ({ pid: deadPid() })],
    ['another start of the machine', () => ({ bootId: 'another-boot' })],
    ['a process id that was given to another process', () => ({ processStart: '1' })],
  ])('is taken over from %s', (_name, changes) => {
    if (bootId === null) return
    const directory = temporaryDirectory()
    lockOf(directory, changes())
    takeLock(directory, 'a test').release()
  })

  it('is not taken from another machine, whose processes cannot be seen', () => {
    const directory = temporaryDirectory()
    lockOf(directory, { host: 'another-host', bootId: 'another-boot' })
    expect(() => takeLock(directory, 'a test')).toThrow(/on another-host\). Close it there, or delete .*lock/)
  })

  it.each([
    ['this-host', hostname(), /in another container\)/],
    ['another-host', 'another-host', /on another-host\)/],
  ])('is not taken from another container on this machine, called %s', (_name, host, message) => {
    if (bootId === null) return
    const directory = temporaryDirectory()
    lockOf(directory, { pid: deadPid(), host, pidNamespace: 'pid:[1]' })
    expect(() => takeLock(directory, 'a test')).toThrow(message)
  })

  it('of this machine is known under the host name that it had before', () => {
    if (bootId === null) return
    const directory = temporaryDirectory()
    lockOf(directory, { pid: deadPid(), host: 'renamed' })
    takeLock(directory, 'a test').release()
  })

  it('that does not name a namespace, as before, goes by the host name', () => {
    const directory = temporaryDirectory()
    lockOf(directory, { pid: deadPid(), pidNamespace: undefined })
    takeLock(directory, 'a test').release()
    lockOf(directory, { pid: deadPid(), pidNamespace: undefined, host: 'another-host' })
    expect(() => takeLock(directory, 'a test')).toThrow(/on another-host/)
  })

  it('waits out a lock that is just being written and takes over one that never was', () => {
    const directory = temporaryDirectory()
    const file = join(directory, 'lock')
    writeFileSync(file, '')
    expect(() => takeLock(directory, 'a test')).toThrow(/just opening/)
    utimesSync(file, 0, 0)
    takeLock(directory, 'a test').release()
  })

  it('gets past a takeover that a crash cut off', () => {
    const directory = temporaryDirectory()
    lockOf(directory, { pid: deadPid() })
    mkdirSync(join(directory, 'lock.takeover'))
    utimesSync(join(directory, 'lock.takeover'), 0, 0)
    takeLock(directory, 'a test').release()
  })

  it('leaves a lock alone that is no longer its own', () => {
    const directory = temporaryDirectory()
    const lock = takeLock(directory, 'a test')
    const file = lockOf(directory, { application: 'somebody else' })
    lock.release()
    expect(existsSync(file)).toBe(true)
  })
})
