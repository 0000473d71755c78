export interface Completion {
  /** What stands in the list. */
  readonly name: string
  /** The whole query with the word at the cursor replaced. */
  readonly query: string
  /** Where the cursor stands then. */
  readonly cursor: number
}

/** The word that ends at the cursor: it may be the beginning of a field's or a metric's name. */
function wordBefore(query: string, cursor: number): { readonly word: string; readonly from: number } {
  const word = /[^\s()<>=!~,"':]*$/.exec(query.slice(0, cursor))![0]
  return { word, from: cursor - word.length }
}

/**
 * How the word at the cursor could go on. Names that begin with it or have a part that does come first; nothing is
 * offered behind a sign, where a value is to be typed, or for less than two letters.
 */
export function completions(query: string, cursor: number, names: readonly string[], most = 8): Completion[] {
  const { word, from } = wordBefore(query, cursor)
  if (word.length < 2 || /(?:[=<>~]|:)\s*$/.test(query.slice(0, from))) return []
  const lower = word.toLowerCase()
  const rank = (name: string): number => {
    const at = name.toLowerCase().indexOf(lower)
    if (at < 0) return Infinity
    return at === 0 ? 0 : /[./-]/.test(name[at - 1]!) ? 1 : 2
  }
  return names
    .map((name) => ({ name, rank: rank(name) }))
    .filter(({ name, rank }) => rank < Infinity && name !== word)
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => ({
      name,
      query: query.slice(0, from) + name + query.slice(cursor),
      cursor: from + name.length,
    }))
}
