import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const name = 'closed-properly'

function stateOf(file: string): string {
  const { size, mtimeMs } = statSync(file)
  return JSON.stringify({ size, mtimeMs })
}

/** Whether everything is in the file itself; a reader may keep an empty log. */
function hasEmptyLog(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0
}

/** Notes that the record was closed and nothing is left to write: the file as it is now is sound. */
export function leaveCleanMark(directory: string, file: string): void {
  try {
    if (hasEmptyLog(file)) writeFileSync(join(directory, name), stateOf(file))
  } catch {
    // Without the mark the next opening checks the whole file, which takes longer and loses nothing.
  }
}

/** Whether the record is as it was left when it was closed. The mark is gone then: it is good for one opening. */
export function takeCleanMark(directory: string, file: string): boolean {
  const mark = join(directory, name)
  try {
    const isClean = hasEmptyLog(file) && readFileSync(mark, 'utf8') === stateOf(file)
    rmSync(mark, { force: true })
    return isClean
  } catch {
    return false
  }
}
