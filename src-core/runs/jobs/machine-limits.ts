import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import type { MachineLimits } from '../../domain/preflight/preflight.ts'

/** Memory and disk that a run with its record in this folder can have now; the folder need not exist yet. */
export function readMachineLimits(directory: string): MachineLimits {
  return { memory: Math.min(freemem(), containerMemory()), disk: freeDisk(directory) }
}

function freeDisk(directory: string): number {
  let existing = directory
  while (!existsSync(existing)) existing = dirname(existing)
  const { bavail, bsize } = statfsSync(existing)
  return bavail * bsize
}

type Read = (path: string) => string

/**
 * What the memory limit of a container leaves, in bytes. Cached files count against the limit but give way, so that
 * only memory of processes is taken off.
 */
export function containerMemory(limit = process.constrainedMemory(), read: Read = readText): number {
  if (!(limit > 0 && limit < totalmem())) return Infinity
  return Math.max(0, limit - containerUse(read))
}

const readText: Read = (path) => readFileSync(path, 'utf8')

/** Memory of all processes of the container, by version 2 or 1 of control groups; of this process where neither tells. */
function containerUse(read: Read): number {
  try {
    const groups = read('/proc/self/cgroup')
    const first = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1]
    const folder =
      first === undefined ? `/sys/fs/cgroup${/^0::(.*)$/m.exec(groups)![1]!}` : `/sys/fs/cgroup/memory${first}`
    return Number(/^(?:anon|total_rss) (\d+)$/m.exec(read(`${folder}/memory.stat`))![1])
  } catch {
    return process.memoryUsage.rss()
  }
}
