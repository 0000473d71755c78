/**
 * A peer is a process of its own. It reads one JSON task from its first argument, prints {"ready":true}, and then
 * answers each line "N" with {"milliseconds":[...]}, the times of N repetitions, and "end" with {"peakMiB":x} and what
 * else it has found out.
 */
import { createInterface } from 'node:readline'
import { readFileSync } from 'node:fs'

/** Largest resident memory of this process so far, in MiB. */
function peakMiB(): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return Number(line?.[1] ?? 0) / 1024
}

/**
 * Serves rounds until told to end. `repeat` does the work once, and returns when it is really done; `findings` is asked
 * at the end, when the peak has been read.
 */
export async function servePeer(
  repeat: () => void | Promise<void>,
  findings: () => object = () => ({}),
): Promise<void> {
  process.stdout.write('{"ready":true}\n')
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'end') break
    const milliseconds: number[] = []
    for (let i = 0; i < Number(line); i++) {
      const before = performance.now()
      await repeat()
      milliseconds.push(performance.now() - before)
    }
    process.stdout.write(`${JSON.stringify({ milliseconds })}\n`)
  }
  const peak = peakMiB()
  process.stdout.write(`${JSON.stringify({ peakMiB: peak, ...findings() })}\n`)
  process.exit(0)
}
