import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const maxBytes = 1024 * 1024

export interface Log {
  info(message: string): void
  warn(message: string): void
  /** `cause` adds its stack: the log is the one place that keeps it. */
  error(message: string, cause?: unknown): void
}

/**
 * A log file that never outgrows two times `limit`: the full file becomes `.1`, the older one is dropped.
 * Writing is synchronous, so that the lines before a crash are there; a log that cannot be written stops nothing.
 */
export function openLog(file: string, limit = maxBytes): Log {
  const write = (level: string, message: string): void => {
    try {
      rotate(file, limit)
      appendFileSync(file, `${new Date().toISOString()} ${level} ${message}\n`)
    } catch {
      console.error(level, message)
    }
  }
  createFolderOf(file)
  return {
    info: (message) => write('info', message),
    warn: (message) => write('warn', message),
    error: (message, cause) => write('error', cause === undefined ? message : `${message}\n${describeCause(cause)}`),
  }
}

function createFolderOf(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch {
    // Every write will say so on the console.
  }
}

function rotate(file: string, limit: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size >= limit) renameSync(file, `${file}.1`)
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
