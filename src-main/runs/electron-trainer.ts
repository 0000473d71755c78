import { constants } from 'node:os'
import type { ForkOptions, UtilityProcess } from 'electron'
import type { StartTrainer, TrainerExit, TrainerProcess } from '../../src-core/contract/trainer-process.ts'
import { ownerPidVariable, type ToTrainer } from '../../src-core/contract/trainer-protocol.ts'
import { batchWorkerVariable } from '../../src-core/domain/environment.ts'

const keptStderrCharacters = 4000

/** What a trainer may see of our environment: enough to find libraries and a GPU, no keys and no NODE_OPTIONS. */
const passedNames = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot', 'LD_LIBRARY_PATH']
const passedPrefixes = ['TF_', 'CUDA_', 'OMP_', 'KMP_']

type Environment = Record<string, string>

/** The environment of a trainer process. A null thread count leaves TensorFlow its own choice. */
export function trainerEnvironment(own: NodeJS.ProcessEnv, ownerPid: number, threads: number | null): Environment {
  const passed = Object.entries(own).filter(
    ([name, value]) =>
      value !== undefined && (passedNames.includes(name) || passedPrefixes.some((prefix) => name.startsWith(prefix))),
  ) as [string, string][]
  const threadCount = threads === null ? {} : threadVariables(String(threads))
  return { TF_CPP_MIN_LOG_LEVEL: '2', ...Object.fromEntries(passed), ...threadCount, [ownerPidVariable]: `${ownerPid}` }
}

function threadVariables(count: string): Environment {
  return { TF_NUM_INTRAOP_THREADS: count, TF_NUM_INTEROP_THREADS: count }
}

type Fork = (modulePath: string, args: string[], options: ForkOptions) => UtilityProcess

/** Starts trainers as Electron utility processes from the bundle at `entry`, with the bundle of their threads. */
export function electronTrainers(fork: Fork, entry: string, batchWorker: string): StartTrainer {
  return ({ threads }) => {
    const env = { ...trainerEnvironment(process.env, process.pid, threads), [batchWorkerVariable]: batchWorker }
    const options: ForkOptions = { serviceName: 'Ablate trainer', stdio: ['ignore', 'ignore', 'pipe'], env }
    return new UtilityTrainer(fork(entry, [], options))
  }
}

class UtilityTrainer implements TrainerProcess {
  readonly #child: UtilityProcess
  readonly #exitListeners: ((exit: TrainerExit) => void)[] = []
  #state: 'starting' | 'running' | 'exited' = 'starting'
  #killWhenStarted = false
  #stderr = ''

  constructor(child: UtilityProcess) {
    this.#child = child
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-keptStderrCharacters)))
    child.once('spawn', () => this.#spawned())
    child.once('exit', (status) => this.#exited(status))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(message: ToTrainer): void {
    if (this.#state !== 'exited') this.#child.postMessage(message)
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#child.on('message', listener)
  }

  onExit(listener: (exit: TrainerExit) => void): void {
    this.#exitListeners.push(listener)
  }

  kill(): void {
    // Electron 33 answers false to a kill before the process has been spawned, and forgets it.
    if (this.#state === 'running') killHard(this.pid)
    else this.#killWhenStarted = true
  }

  #spawned(): void {
    this.#state = 'running'
    if (this.#killWhenStarted) killHard(this.pid)
  }

  #exited(status: number): void {
    this.#state = 'exited'
    const exit = { ...readStatus(status), stderr: this.#stderr.trim() }
    // In a later turn: whatever the listeners send must not reach Electron while it reports the exit.
    setImmediate(() => this.#exitListeners.forEach((listener) => listener(exit)))
  }
}

/** `UtilityProcess.kill` is SIGTERM, which a trainer inside a long TensorFlow call hears late. */
function killHard(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended by itself; its exit is on the way.
  }
}

/** A trainer itself ends with one of these. */
const ownStatuses = [0, 1]

/** Electron reports a death by signal as an exit status that is the signal's number: 9 for SIGKILL. */
function readStatus(code: number): Pick<TrainerExit, 'code' | 'signal'> {
  if (ownStatuses.includes(code) || process.platform === 'win32') return { code, signal: null }
  const found = Object.entries(constants.signals).find(([, number]) => number === code)
  return found ? { code: null, signal: found[0] } : { code, signal: null }
}
