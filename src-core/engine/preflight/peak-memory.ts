import { readFileSync } from 'node:fs'

/** The most memory that this process has had at once, in bytes. */
export function peakMemory(): number {
  // On Linux maxRSS may be that of the process which started this one.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!
  return Number(kibibytes) * 1024
}
