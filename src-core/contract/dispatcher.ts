import { WorkbenchError, toWireError } from '../domain/errors.ts'
import { procedures, type Handlers, type ProcedureName } from './procedures/index.ts'
import type { Reply } from './transport.ts'

/**
 * Answers one call: parses the input, calls the handler, parses the output, and turns anything thrown into data.
 * `onUnexpected` hears of errors that are not a WorkbenchError, for the log.
 */
export async function dispatch(
  handlers: Handlers,
  name: unknown,
  input: unknown,
  onUnexpected: (error: unknown) => void,
): Promise<Reply> {
  try {
    const procedure = requireProcedure(name)
    const parsed = parseInput(procedure, input)
    const handler = handlers[procedure] as (input: unknown) => unknown
    const value = procedures[procedure].output.parse(await handler(parsed))
    return { ok: true, value }
  } catch (error) {
    if (!(error instanceof WorkbenchError)) onUnexpected(error)
    return { ok: false, error: toWireError(error) }
  }
}

function requireProcedure(name: unknown): ProcedureName {
  if (typeof name === 'string' && Object.hasOwn(procedures, name)) return name as ProcedureName
  throw new WorkbenchError('usage', `There is no procedure "${String(name).slice(0, 80)}".`)
}

function parseInput(procedure: ProcedureName, input: unknown): unknown {
  const parsed = procedures[procedure].input.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const where = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : ''
  throw new WorkbenchError('invalid-value', `${procedure}: ${where}${issue.message}`, { procedure })
}
