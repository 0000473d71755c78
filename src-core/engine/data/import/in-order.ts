/**
 * Does asynchronous work on items, several at a time, and yields the results in the order of the items. At most
 * `inFlight` results exist at once, however slow the consumer is.
 * @param work must not reject: what it could not do is a result too.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  inFlight: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  for (const item of items) {
    running.push(work(item))
    if (running.length >= inFlight) yield await running.shift()!
  }
  for (const one of running) yield await one
}
