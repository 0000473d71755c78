/**
 * How well a search fits a text: the letters of each of its words must come in their order, and fewer letters between
 * them are better. Null when they do not.
 */
export function fuzzyRank(search: string, text: string): number | null {
  const lower = text.toLowerCase()
  let rank = 0
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    const found = wordRank(word, lower)
    if (found === null) return null
    rank += found
  }
  return rank
}

function wordRank(word: string, text: string): number | null {
  const whole = text.indexOf(word)
  if (whole >= 0) return whole / 1000
  let at = text.indexOf(word[0]!)
  if (at < 0) return null
  const first = at
  for (const letter of word.slice(1)) {
    at = text.indexOf(letter, at + 1)
    if (at < 0) return null
  }
  return 1 + (at - first - word.length + 1) + first / 1000
}
