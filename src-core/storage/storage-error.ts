import { WorkbenchError } from '../domain/errors.ts'

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** Whether SQLite says that the file is not a database or that its structure is broken. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))
}

/**
 * Prepares our statements. They fit our schema, so one that SQLite refuses shows that the schema in the file is
 * damaged.
 * @throws WorkbenchError `workspace-damaged`
 */
export function preparing<T>(place: string, prepare: () => T): T {
  try {
    return prepare()
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_ERROR') throw error
    throw damagedError(place, { place, cause: (error as Error).message })
  }
}

function damagedError(place: string, details: WorkbenchError['details']): WorkbenchError {
  const advice = 'Close Ablate and open the workspace again: it will be checked and set aside, not deleted.'
  return new WorkbenchError('workspace-damaged', `${place} is damaged. ${advice}`, details)
}

// A full disk shows itself as SHMSIZE when SQLite cannot grow its shared-memory file.
const fullCodes = /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_SHMSIZE)$/
const readOnlyCodes = /^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM)/

/**
 * Turns an error of SQLite or of the file system into the WorkbenchError that says what to do; anything else is
 * returned as it is. `place` is the file or folder that the message names.
 */
export function translateStorageError(error: unknown, place: string): unknown {
  if (error instanceof WorkbenchError) return error
  const code = codeOf(error)
  const details = { place, cause: code }
  if (fullCodes.test(code)) {
    return new WorkbenchError('disk-full', `The disk that holds ${place} is full. Free some space and go on.`, details)
  }
  if (readOnlyCodes.test(code)) {
    const advice = 'Change its permissions or choose another workspace.'
    return new WorkbenchError('workspace-read-only', `${place} cannot be written. ${advice}`, details)
  }
  if (isDamage(error)) return damagedError(place, details)
  if (code.startsWith('SQLITE_BUSY')) {
    return new WorkbenchError('workspace-locked', `Another program is writing to ${place}. Try again.`, details)
  }
  return error
}

/** Runs `work` and throws its errors translated. */
export function translating<T>(place: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw translateStorageError(error, place)
  }
}

type Functions = Record<string, (...parameters: never[]) => unknown>

/** The same functions, each throwing translated errors. */
export function translatingAll<Api extends object>(place: string, api: Api): Api {
  const wrapped = Object.entries(api as Functions).map(([name, call]) => [
    name,
    (...parameters: never[]) => translating(place, () => call(...parameters)),
  ])
  return Object.fromEntries(wrapped) as Api
}
