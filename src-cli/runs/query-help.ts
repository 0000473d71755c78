/** Queries that can be typed, and what they find. */
export const queryExamples: readonly (readonly [query: string, finds: string])[] = [
  ['dropout > 0.2', 'a field of the configuration, by a short name or its path: model.dropout.rate'],
  ['state = finished', 'a field of the run: name, state, step, epoch, parameters, createdAt, notes, best'],
  ['accuracy > 90%', 'the best validation accuracy; shares are written as 0.9 or 90%'],
  ['best(test/accuracy) > 0.9', 'a metric by its name: last(...), best(...), min(...) or max(...)'],
  ['tag:baseline', 'a tag'],
  ['seed in (1, 2)', 'one of several values; seed not in (1, 2) for none of them'],
  ['name ~ "batch norm"', 'text that occurs; !~ for text that does not'],
  ['lrn finished', 'words that all occur in what is said of a run'],
]

/** The language of queries, for the help of a command that takes one. */
export function queryHelp(): string {
  const width = Math.max(...queryExamples.map(([query]) => query.length))
  const lines = queryExamples.map(([query, finds]) => `  ${query.padEnd(width)}  ${finds}`)
  return [
    'Queries:',
    ...lines,
    '',
    'Signs are = != < <= > >= ~ !~. Conditions are joined by and (or nothing), or, not and brackets; text with blanks is',
    'quoted.',
  ].join('\n')
}
