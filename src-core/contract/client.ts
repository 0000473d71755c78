import { fromWireError } from '../domain/errors.ts'
import { events, type EventName, type EventPayload } from './events.ts'
import { procedures, type ProcedureInput, type ProcedureName, type ProcedureOutput } from './procedures/index.ts'
import { replySchema, type Transport } from './transport.ts'

/** The typed face of main for the window. */
export interface Client {
  /**
   * Calls a procedure and parses its answer.
   * @throws WorkbenchError with main's code and message.
   */
  call<Name extends ProcedureName>(
    name: Name,
    ...input: undefined extends ProcedureInput<Name> ? [] : [ProcedureInput<Name>]
  ): Promise<ProcedureOutput<Name>>
  /** Listens to an event; the returned function ends it. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void
}

/** One subscription for all listeners of an event: every chart of a run listens, and the transport counts them. */
function createListeners(transport: Transport): Client['on'] {
  const open = new Map<EventName, { readonly listeners: Set<object>; readonly end: () => void }>()
  return (name, listener) => {
    // Two that listen with the same function are two.
    const own = { hear: listener as (payload: unknown) => void }
    let found = open.get(name)
    if (!found) {
      const listeners = new Set<typeof own>()
      const end = transport.subscribe(name, (payload) => {
        const parsed = events[name].parse(payload)
        for (const { hear } of [...listeners]) hear(parsed)
      })
      found = { listeners, end }
      open.set(name, found)
    }
    const { listeners, end } = found
    listeners.add(own)
    return () => {
      if (!listeners.delete(own) || listeners.size > 0) return
      open.delete(name)
      end()
    }
  }
}

export function createClient(transport: Transport): Client {
  return {
    async call(name, ...input) {
      const reply = replySchema.parse(await transport.invoke(name, input[0]))
      if (!reply.ok) throw fromWireError(reply.error)
      return procedures[name].output.parse(reply.value) as never
    },
    on: createListeners(transport),
  }
}
