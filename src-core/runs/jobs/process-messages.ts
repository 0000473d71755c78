import type { z } from 'zod'
import type { ProcessExit } from '../../contract/trainer-process.ts'
import { toWireError, WorkbenchError, type WireError } from '../../domain/errors.ts'

/** Who is at the other end, in words. */
export type ProcessRole = 'trainer' | 'importer'

/** @throws WorkbenchError `trainer-protocol` naming the field that is wrong. */
export function parseMessage<Message>(schema: z.ZodType<Message>, role: ProcessRole, raw: unknown): Message {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const where = issue.path.map(String).join('.') || 'type'
  throw new WorkbenchError('trainer-protocol', `The ${role} sent a message that is not understood (${where}).`, {
    field: where,
    problem: issue.message,
  })
}

/** The end of a process that said nothing, in words. */
export function describeDeath(exit: ProcessExit, role: ProcessRole = 'trainer'): WireError {
  const how = exit.signal ? `by signal ${exit.signal}` : `with exit status ${exit.code}`
  const hint = exit.signal === 'SIGKILL' || exit.code === 137 ? ' Often this means that the memory was used up.' : ''
  const stderr = exit.stderr.trim().split('\n').slice(-8).join('\n')
  const message = `The ${role} ended unexpectedly ${how}.${hint}${stderr ? `\n${stderr}` : ''}`
  return toWireError(new WorkbenchError('trainer-died', message, { code: exit.code, signal: exit.signal, stderr }))
}
