import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { JobProcess, ProcessExit, StartImporter, StartTrainer } from '../src-core/contract/trainer-process.ts'
import { ownerPidVariable } from '../src-core/contract/trainer-protocol.ts'

const trainerEntry = fileURLToPath(new URL('../src-trainer/index.ts', import.meta.url))
const importerEntry = fileURLToPath(new URL('../src-trainer/importer.ts', import.meta.url))
const keptStderr = 4000

/** Node's own number of threads for file and picture work; it does not grow with the machine. */
const fewestPoolThreads = 4

/** Starts the trainer as a plain Node child. */
export const startNodeTrainer: StartTrainer = ({ threads }) =>
  startNodeProcess(
    trainerEntry,
    threads ? { TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) } : {},
  )

/** Starts the importer as a plain Node child. */
export const startNodeImporter: StartImporter = () =>
  startNodeProcess(importerEntry, { UV_THREADPOOL_SIZE: String(Math.max(fewestPoolThreads, availableParallelism())) })

function startNodeProcess<Message extends object>(entry: string, variables: NodeJS.ProcessEnv): JobProcess<Message> {
  const child = fork(entry, [], {
    // Messages hold NaN, which JSON would lose.
    serialization: 'advanced',
    // A group of its own: the terminal's Ctrl+C goes to the command alone, which asks the trainer to pause.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env, ...variables, [ownerPidVariable]: String(process.pid) },
  })
  let stderr = ''
  const exited = new Promise<ProcessExit>((resolve) => {
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
