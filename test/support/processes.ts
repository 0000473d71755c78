import { readFileSync, readdirSync } from 'node:fs'

/** Whether a process runs; one that has ended and waits for its parent does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^[ZX]/.test(statusFields(pid)[0]!)
  } catch {
    return false
  }
}

/** State, parent, …: the fields of /proc/PID/stat after the name, which may hold spaces itself. */
function statusFields(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
}

/** A process and all that it started, children first. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = Number(statusFields(Number(name))[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    } catch {
      // It has ended since the folder was read.
    }
  }
  const collect = (one: number): number[] => [...(children.get(one) ?? []).flatMap(collect), one]
  return collect(pid)
}

export function killTree(pid: number): void {
  for (const one of processTree(pid)) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

/** A line of /proc/PID/status, such as `Seccomp`. */
export function processStatus(pid: number, name: string): string | null {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${name}:\\s*(.*)$`, 'm'))
  return line ? line[1]!.trim() : null
}
