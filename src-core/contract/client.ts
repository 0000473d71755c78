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

export function createClient(transport: Transport): Client {
  return {
    async call(name, ...input) {
      const reply = replySchema.parse(await transport.invoke(name, input[0]))
      if (!reply.ok) throw fromWireError(reply.error)
      return procedures[name].output.parse(reply.value) as never
    },
    on(name, listener) {
      return transport.subscribe(name, (payload) => listener(events[name].parse(payload) as never))
    },
  }
}
