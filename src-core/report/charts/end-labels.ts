/** Where the last value of a line is, and what is written beside it. */
export interface EndLabel {
  readonly y: number
  readonly text: string
}

/**
 * Moves labels apart so that each has `height`, as near as possible to its line, between `top` and `bottom`. In the
 * order given.
 */
export function placeLabels(labels: readonly EndLabel[], height: number, top: number, bottom: number): number[] {
  const order = labels.map((_, index) => index).sort((a, b) => labels[a]!.y - labels[b]!.y)
  const placed = labels.map(({ y }) => y)
  let free = top
  for (const index of order) {
    placed[index] = Math.max(free, labels[index]!.y)
    free = placed[index] + height
  }
  // What was pushed out at the bottom pushes the others up again.
  let limit = bottom
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index]!, limit)
    limit = placed[index] - height
  }
  return placed
}

/** Names without the parts, divided by commas, with which all of them begin: what tells them apart is at their ends. */
export function withoutSharedStart(names: readonly string[]): string[] {
  const split = names.map((name) => name.split(', '))
  const [first = []] = split
  const shortest = Math.min(...split.map(({ length }) => length))
  let shared = 0
  while (shared < shortest - 1 && split.every((parts) => parts[shared] === first[shared])) shared++
  return split.map((parts) => parts.slice(shared).join(', '))
}
