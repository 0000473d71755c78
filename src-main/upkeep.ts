import type { Workspace } from '../src-core/storage/workspace.ts'
import type { EmitEvent } from './ipc.ts'
import type { Log } from './logging.ts'
import type { RecordReader } from './reader/record-reader.ts'

interface Needs {
  readonly workspace: Pick<Workspace, 'upkeepDue' | 'trust' | 'distrust'>
  /** A reading thread of its own, because nothing else shall wait for it. */
  readonly newReader: () => RecordReader
  readonly emit: EmitEvent
  readonly log: Log
}

/**
 * What the opening of the record left for later: the check of the file and its daily backup, done once, in a thread
 * that nobody waits for before Ablate is closed.
 */
export class LaterUpkeep {
  readonly #needs: Needs
  #work: Promise<void> | null = null

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Begins it, unless it has begun. */
  begin(): Promise<void> {
    return (this.#work ??= this.#keepUp())
  }

  /**
   * Before the record is closed: begins what has not begun, and waits. What takes longer than `milliseconds` is not
   * waited for: the record is then not trusted, so that the next opening checks it.
   */
  async finish(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
    await Promise.race([this.begin(), late])
    clearTimeout(timer)
  }

  async #keepUp(): Promise<void> {
    const { workspace, newReader, emit, log } = this.#needs
    const reader = newReader()
    try {
      const { damaged, warnings } = await reader.ask('keepUp', workspace.upkeepDue)
      for (const message of warnings) emit('notice', { level: 'warning', message })
      if (!damaged) return workspace.trust()
      const message = workspace.distrust()
      log.error(message)
      emit('notice', { level: 'error', message })
    } catch (error) {
      log.error('the record could not be checked', error)
    } finally {
      await reader.close()
    }
  }
}
