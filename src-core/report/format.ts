const minute = 60_000
const hour = 60 * minute

/** 3 min 20 s, 2 h 05 min. */
export function formatDuration(milliseconds: number): string {
  const rounded = Math.round(milliseconds / 1000) * 1000
  if (rounded < minute) return `${rounded / 1000} s`
  const pad = (value: number): string => String(value).padStart(2, '0')
  if (rounded < hour) return `${Math.floor(rounded / minute)} min ${pad(Math.floor((rounded % minute) / 1000))} s`
  return `${Math.floor(rounded / hour)} h ${pad(Math.floor((rounded % hour) / minute))} min`
}

export function formatInteger(value: number): string {
  return value.toLocaleString('en-US')
}

export function formatNumber(value: number | null | undefined, decimals = 4): string {
  if (value === null || value === undefined) return '-'
  return Number.isFinite(value) ? value.toFixed(decimals) : String(value)
}

/** 0.9876 as 98.76. The unit belongs into the column's title. */
export function formatPercent(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : formatNumber(value * 100, 2)
}
