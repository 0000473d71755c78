import Papa from 'papaparse'
import { WorkbenchError } from '../errors.ts'
import { referenceLimits, type ParsedCurves } from './reference-curves.ts'

/** A column of the file, with its place in the rows. */
interface Column {
  readonly label: string
  readonly index: number
}

/** Names of columns that an error repeats. */
const mostNamed = 6

const spelledOut: Readonly<Record<string, number>> = {
  nan: NaN,
  inf: Infinity,
  '+inf': Infinity,
  infinity: Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
}

/**
 * Reads curves from the text of a CSV file: a line of names, then one line per point. A column called step or epoch
 * says where the points are; every other one is a curve. Commas, semicolons and tabs may separate them. An empty value
 * is a gap, NaN and inf are kept.
 * @param file its name, for errors
 * @throws WorkbenchError `invalid-value` naming the line and the column that cannot be read, and what to do
 */
export function parseCurves(text: string, file: string): ParsedCurves {
  if (text.length > referenceLimits.characters) {
    throw refused(file, `it has more than ${referenceLimits.characters / 1e6} million characters. Keep fewer rows.`)
  }
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { delimitersToGuess: [',', ';', '\t'] })
  const [names = [], ...rows] = data
  const points = rows.map((cells, index) => ({ cells, line: index + 2 })).filter(({ cells }) => !isEmpty(cells))
  const { step, epoch, curves } = columnsOf(names, file)
  if (points.length === 0) throw refused(file, 'it holds no points: below the line of names there is nothing.')
  if (points.length > referenceLimits.rows) {
    throw refused(file, `it has ${points.length} rows, and at most ${referenceLimits.rows} are drawn. Keep fewer rows.`)
  }
  const read = (column: Column, kind: 'place' | 'value'): Float64Array<ArrayBuffer> =>
    Float64Array.from(points, ({ cells, line }) => numberIn(cells, column, kind, `${file}, line ${line}`))
  return {
    step: step && rising(read(step, 'place'), step, points, file),
    epoch: epoch && rising(read(epoch, 'place'), epoch, points, file),
    curves: curves.map((column) => ({ label: column.label, values: read(column, 'value') })),
  }
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}

function columnsOf(names: readonly string[], file: string) {
  const columns = names.map((name, index): Column => ({ label: name.trim().slice(0, 120), index }))
  const named = columns.filter(({ label }) => label !== '')
  const find = (wanted: string): Column | null => named.find(({ label }) => label.toLowerCase() === wanted) ?? null
  const [step, epoch] = [find('step'), find('epoch')]
  if (!step && !epoch) {
    throw refused(
      file,
      `${found(names)} One must be called "step" or "epoch", and each of the others is a curve. Name them so.`,
    )
  }
  const curves = named.filter((column) => column !== step && column !== epoch)
  const doubled = curves.find(({ label }, index) => curves.findIndex((one) => one.label === label) < index)
  if (doubled) throw refused(file, `two of its columns are called "${doubled.label}". Give each a name of its own.`)
  if (curves.length === 0) throw refused(file, 'it has no column of values beside the steps or epochs.')
  if (curves.length > referenceLimits.curves) {
    throw refused(file, `it has ${curves.length} columns of values, and at most ${referenceLimits.curves} are drawn.`)
  }
  return { step, epoch, curves }
}

/** What stands in the line of names, as far as it helps. */
function found(names: readonly string[]): string {
  const named = names.map((name) => name.trim().slice(0, 24)).filter((name) => name !== '')
  if (named.length === 0) return 'its first line holds no names of columns.'
  const more = named.length > mostNamed ? ` and ${named.length - mostNamed} more` : ''
  const list = named.slice(0, mostNamed).map((name) => `"${name}"`)
  return `its columns are called ${list.join(', ')}${more}.`
}

function numberIn(cells: readonly string[], column: Column, kind: 'place' | 'value', where: string): number {
  const text = (cells[column.index] ?? '').trim()
  const value = text === '' ? NaN : (spelledOut[text.toLowerCase()] ?? Number(text))
  const readable = text === '' || text.toLowerCase() in spelledOut || !Number.isNaN(value)
  if (readable && (kind === 'value' || (Number.isFinite(value) && value >= 0))) return value
  const found =
    text === ''
      ? 'nothing stands there'
      : `"${text.slice(0, 40)}" is no ${kind === 'place' ? 'step or epoch' : 'number'}`
  const hint = /^-?\d+,\d+$/.test(text) ? ' Write numbers with a decimal point.' : ''
  throw new WorkbenchError('invalid-value', `${where}, column "${column.label}": ${found}.${hint}`)
}

function rising(
  places: Float64Array<ArrayBuffer>,
  { label }: Column,
  points: readonly { readonly line: number }[],
  file: string,
): Float64Array<ArrayBuffer> {
  const fallen = places.findIndex((place, index) => index > 0 && place <= places[index - 1]!)
  if (fallen < 0) return places
  const message = `${file}, line ${points[fallen]!.line}, column "${label}": ${places[fallen]} does not come after ${places[fallen - 1]}. Sort the rows, each ${label.toLowerCase()} once.`
  throw new WorkbenchError('invalid-value', message)
}

function refused(file: string, why: string): WorkbenchError {
  return new WorkbenchError('invalid-value', `${file} cannot be drawn: ${why}`)
}
