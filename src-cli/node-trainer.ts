import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { StartTrainer, TrainerExit } from '../src-core/contract/trainer-process.ts'
import { ownerPidVariable } from '../src-core/contract/trainer-protocol.ts'

const entry = fileURLToPath(new URL('../src-trainer/index.ts', import.meta.url))
const keptStderr = 4000

/** Starts the trainer as a plain Node child. */
export const startNodeTrainer: StartTrainer = ({ threads }) => {
  const threadVariables = threads
    ? { TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) }
    : {}
  const child = fork(entry, [], {
    // Messages hold NaN, which JSON would lose.
    serialization: 'advanced',
    // A group of its own: the terminal's Ctrl+C goes to the command alone, which asks the trainer to pause.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env, ...threadVariables, [ownerPidVariable]: String(process.pid) },
  })
  let stderr = ''
  const exited = new Promise<TrainerExit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stderr }))
    // A process that could not be started never closes.
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }))
  })
  child.stderr!.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-keptStderr)))
  return {
    pid: child.pid,
    send: (message) => void (child.connected && child.send(message, () => {})),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void exited.then(listener),
    kill: () => void child.kill('SIGKILL'),
  }
}
