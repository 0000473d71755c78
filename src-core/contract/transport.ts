import { z } from 'zod'
import { wireErrorSchema } from '../domain/errors.ts'

/** The answer to a call. Errors travel as data because Electron's own rejection keeps only the message. */
export const replySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: wireErrorSchema }),
])
export type Reply = z.infer<typeof replySchema>

/** Two functions are all that a client needs; there is one over ipcRenderer and one in memory for tests. */
export interface Transport {
  /** Calls a procedure by name. Never rejects for an expected failure: that is a reply with `ok: false`. */
  invoke(procedure: string, input: unknown): Promise<unknown>
  /** Listens to an event by name; the returned function ends it. */
  subscribe(event: string, listener: (payload: unknown) => void): () => void
}
