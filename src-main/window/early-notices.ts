import type { EventPayload } from '../../src-core/contract/events.ts'
import type { EmitEvent } from '../ipc.ts'

export interface EarlyNotices {
  readonly emit: EmitEvent
  /** From now on nothing is held, and what was held is sent. */
  readonly release: () => void
}

/** Notices from before the window has loaded wait for it, so that a warning of the start is seen. */
export function holdEarlyNotices(send: EmitEvent): EarlyNotices {
  let held: EventPayload<'notice'>[] | null = []
  const emit: EmitEvent = (name, payload) => {
    if (name === 'notice' && held) held.push(payload as EventPayload<'notice'>)
    else send(name, payload)
  }
  const release = (): void => {
    const waiting = held ?? []
    held = null
    for (const notice of waiting) send('notice', notice)
  }
  return { emit, release }
}
