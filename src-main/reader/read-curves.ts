import { readFileSync, statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { parseCurves } from '../../src-core/domain/references/parse-curves.ts'
import { referenceLimits } from '../../src-core/domain/references/reference-curves.ts'
import { referenceBody } from '../../src-core/storage/records/reference-curves.ts'
import type { CurvesSource, Readings } from './requests.ts'

/** Reads reference curves out of a CSV file or its text. @throws WorkbenchError `invalid-value` naming line and column. */
export function readCurves(source: CurvesSource): ReturnType<Readings['parseCurves']> {
  const { name, text } = 'file' in source ? readText(source.file) : source
  const columns = parseCurves(text, name)
  const title = name.slice(0, name.length - extname(name).length).trim() || name
  return { name: title.slice(0, 120), body: referenceBody(columns), columns }
}

/** @throws WorkbenchError `invalid-value` for a file that is too large or cannot be opened. */
function readText(file: string): { name: string; text: string } {
  const name = basename(file)
  try {
    // A character is at most four bytes; what is larger is not read at all.
    if (statSync(file).size <= 4 * referenceLimits.characters) return { name, text: readFileSync(file, 'utf8') }
  } catch (error) {
    throw new WorkbenchError('invalid-value', `${name} cannot be read: ${(error as Error).message}`)
  }
  throw new WorkbenchError('invalid-value', `${name} is too large to be drawn. Keep fewer rows.`)
}
