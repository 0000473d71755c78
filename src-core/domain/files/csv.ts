/** What a field of a CSV file may hold; null is an empty field. */
export type CsvValue = string | number | null

/**
 * A field by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are
 * written whole, NaN and infinities by their names.
 */
function csvField(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A line of a CSV file with its end. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvField).join(',')}\r\n`
}
