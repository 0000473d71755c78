/** Number of single letters to insert, remove or replace that turn one word into the other (Levenshtein 1966). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}

/** The words that are most likely meant, nearest first: at most a third of their letters differ. */
export function nearestWords(word: string, known: readonly string[], most = 3): string[] {
  const lower = word.toLowerCase()
  return known
    .map((candidate) => ({ candidate, distance: editDistance(lower, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** " Did you mean a or b?", or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearestWords(word, known)
  return near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''
}
