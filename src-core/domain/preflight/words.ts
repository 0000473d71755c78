import type { Preflight } from './preflight.ts'

const mebibyte = 2 ** 20
const gibibyte = 2 ** 30

/** To a tenth; what is less keeps one figure, so that nothing needed looks like nothing. */
function tenths(value: number): string {
  return value === 0 || value >= 0.1 ? value.toFixed(1) : String(Number(value.toPrecision(1)))
}

/** Needed of available bytes, both in the unit of what is available: "1.9 of 23.0 GiB". */
export function ofAvailable({ needed, available }: Preflight['disk']): string {
  const [size, unit] = available >= gibibyte ? [gibibyte, 'GiB'] : [mebibyte, 'MiB']
  return `${tenths(needed / size)} of ${tenths(available / size)} ${unit}`
}

function amount(bytes: number): string {
  return bytes >= gibibyte ? `${tenths(bytes / gibibyte)} GiB` : `${tenths(bytes / mebibyte)} MiB`
}

function lackOf(lacking: Preflight['lacks'][number], { memory, disk }: Preflight): string {
  if (lacking === 'disk') return `${amount(disk.needed)} of disk for checkpoints (${amount(disk.available)} are free)`
  if (memory.basis === 'exhausted') return `more than the ${amount(memory.available)} of memory that are free`
  return `${amount(memory.needed)} of memory (${amount(memory.available)} are free)`
}

/** Why a run does not fit: "needs 40.0 GiB of memory (23.0 GiB are free)". */
export function misfitReason(preflight: Preflight): string {
  return `needs ${preflight.lacks.map((lacking) => lackOf(lacking, preflight)).join(' and ')}`
}

/** What to do about a run that does not fit where no batch size is proposed. */
export function misfitAdvice({ lacks }: Preflight): string {
  if (lacks.includes('disk')) return 'Free some space on the disk, or choose a narrower network.'
  return 'No batch size fits: choose a narrower network or a smaller input, or close other programs.'
}
