import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Takes a lock; waits while another live process holds it. A lock whose owner is gone is taken over.
 * @param {string} file
 * @param {(owner: number) => void} [onWait] called once when it has to wait
 * @returns {Promise<() => void>} gives the lock back
 */
export async function takeLock(file, onWait) {
  mkdirSync(path.dirname(file), { recursive: true })
  const me = describe(process.pid)
  for (let told = false; ; await sleep(250)) {
    if (tryCreate(file, me)) return () => release(file, me)
    const owner = readOwner(file)
    if (owner && describe(Number(owner.split(' ')[0])) !== owner) removeStale(file, owner)
    else if (owner && !told) {
      told = true
      onWait?.(Number(owner.split(' ')[0]))
    }
  }
}

function tryCreate(file, text) {
  // Written aside and then linked: nobody ever sees a lock without its owner.
  const aside = `${file}.${process.pid}`
  writeFileSync(aside, text)
  try {
    linkSync(aside, file)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(aside, { force: true })
  }
}

function readOwner(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function release(file, me) {
  if (readOwner(file) === me) rmSync(file, { force: true })
}

function removeStale(file, owner) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  // Between reading and renaming somebody else may have taken it over: then it was theirs, and goes back.
  if (readOwner(aside) !== owner) renameSync(aside, file)
  else rmSync(aside, { force: true })
}

/** A process as its number and, where the system tells, its start: numbers come back, both together do not. */
function describe(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return ''
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[20]}`
  } catch {
    return `${pid} 0`
  }
}
