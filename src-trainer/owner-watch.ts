import { Worker } from 'node:worker_threads'
import { ownerPidVariable } from '../src-core/contract/trainer-protocol.ts'

const pollMilliseconds = 1000

/**
 * Runs in a thread of its own, because a training step is one long synchronous call. It reads /proc where there is
 * one: a dead owner can linger as a zombie, and its process id can be given to somebody else.
 * Plain JavaScript in a string, so that it needs no file of its own in any bundle.
 */
const watchSource = `
  const { workerData } = require('node:worker_threads')
  const { readFileSync } = require('node:fs')
  function identity(pid) {
    try {
      const fields = readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ').pop().split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : fields[19]
    } catch (error) {
      if (process.platform === 'linux') return 'gone'
      try { process.kill(pid, 0); return 'alive' } catch (failure) { return failure.code === 'EPERM' ? 'alive' : 'gone' }
    }
  }
  const atStart = identity(workerData.pid)
  setInterval(() => {
    const now = identity(workerData.pid)
    if (now === 'gone' || now !== atStart) process.kill(process.pid, 'SIGKILL')
  }, workerData.poll)
`

/** Ends this process within two seconds of its owner's death, whatever it is computing. */
export function watchOwner(): void {
  const pid = Number(process.env[ownerPidVariable])
  if (!Number.isInteger(pid) || pid <= 0) return
  const worker = new Worker(watchSource, { eval: true, workerData: { pid, poll: pollMilliseconds } })
  worker.unref()
}
