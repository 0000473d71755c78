/** What only this window remembers: widths, the folded rail. Never needed, so failures are ignored. */
export function remember(key: string, value: string | number | boolean): void {
  try {
    localStorage.setItem(`ablate.${key}`, JSON.stringify(value))
  } catch {
    // Storage is off: the window starts with its defaults next time.
  }
}

export function recall<Value extends string | number | boolean>(key: string, fallback: Value): Value {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`ablate.${key}`) ?? 'null')
    return typeof value === typeof fallback ? (value as Value) : fallback
  } catch {
    return fallback
  }
}
