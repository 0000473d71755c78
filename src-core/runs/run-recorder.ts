import type { RunId } from '../domain/ids.ts'
import type { Run } from '../domain/run.ts'
import { isActive, transition, type RunState } from '../domain/run-status.ts'
import type { RunEventKind } from '../storage/records/run-events.ts'
import type { RunPatch } from '../storage/records/run-rows.ts'
import { runNotFound } from '../storage/records/runs.ts'
import type { Workspace } from '../storage/workspace.ts'
import type { RunAnnouncer } from './run-announcer.ts'

export interface StateChange {
  readonly to: RunState
  readonly patch?: RunPatch
  /** The line in the run's log. */
  readonly message: string
  /** More that belongs into the same transaction. */
  readonly also?: () => void
}

/** Writes changes of runs with their log lines, then announces them. The only place that changes a run's state. */
export class RunRecorder {
  readonly workspace: Workspace
  readonly now: () => number
  readonly #announcer: RunAnnouncer

  constructor(workspace: Workspace, announcer: RunAnnouncer, now: () => number) {
    this.workspace = workspace
    this.now = now
    this.#announcer = announcer
  }

  /** @throws WorkbenchError `run-not-found`. */
  get(id: RunId): Run {
    const run = this.workspace.runs.find(id)
    if (!run) throw runNotFound(id)
    return run
  }

  /**
   * Takes a run to another state: row, queue, log and whatever else belongs to it in one transaction.
   * @throws WorkbenchError `illegal-transition`, `run-not-found`, `disk-full`.
   */
  change(id: RunId, change: StateChange): Run {
    const from = this.get(id).state
    const run = this.workspace.write(() => this.writeChange(id, change))
    this.#announcer.changed(id)
    if (from === 'queued' || change.to === 'queued') this.announceQueue(id)
    return run
  }

  /**
   * As `change`, for a part of a larger transaction: announces nothing, because that may yet be rolled back.
   * @throws as `change`
   */
  writeChange(id: RunId, { to, patch, message, also }: StateChange): Run {
    const { runs } = this.workspace
    const from = this.get(id).state
    transition(from, to)
    also?.()
    const queuePosition = to === 'queued' ? runs.queue().length : null
    runs.update(id, { ...patch, state: to, queuePosition })
    if (from === 'queued') runs.writeQueue(runs.queue())
    this.#addEvent(id, 'state', message)
    return this.get(id)
  }

  /** Gives the queued runs new places. */
  writeQueue(ids: readonly RunId[]): void {
    this.workspace.runs.writeQueue(ids)
    this.announceQueue()
  }

  /** Announces runs that were written elsewhere, in this order. */
  announce(ids: readonly RunId[]): void {
    for (const id of ids) this.#announcer.changed(id)
  }

  announceQueue(except?: RunId): void {
    for (const id of this.workspace.runs.queue()) if (id !== except) this.#announcer.changed(id)
  }

  /** Changes fields that are no state, and announces the run at once. */
  update(id: RunId, patch: RunPatch): Run {
    const run = this.workspace.runs.update(id, patch)
    this.#announcer.changed(id)
    return run
  }

  /** Announces progress that was written elsewhere; rate-limited. */
  progressed(id: RunId): void {
    this.#announcer.progressed(id)
  }

  /** Adds a line to a run's log. */
  note(id: RunId, kind: RunEventKind, message: string): void {
    this.workspace.write(() => this.#addEvent(id, kind, message))
  }

  #addEvent(id: RunId, kind: RunEventKind, message: string): void {
    const { step } = this.get(id)
    this.workspace.events.add(id, { at: this.now(), step, kind, message })
  }
}

/** Whether a run neither trains nor waits for its turn. */
export function isSettled(state: RunState): boolean {
  return state !== 'queued' && !isActive(state)
}
