import type { RunId } from '../domain/ids.ts'

/** The queue is a list of run ids, next first. These functions make a new list and leave the old one alone. */
export type Queue = readonly RunId[]

/** Puts a run at the end; one that is queued already moves there. */
export function enqueue(queue: Queue, id: RunId): RunId[] {
  return [...dequeue(queue, id), id]
}

/** Takes a run out. */
export function dequeue(queue: Queue, id: RunId): RunId[] {
  return queue.filter((queued) => queued !== id)
}

/** Moves a queued run to a place, 0 being next; a place past the end is the end. A run that is not queued stays out. */
export function reorder(queue: Queue, id: RunId, position: number): RunId[] {
  const others = dequeue(queue, id)
  if (others.length === queue.length) return others
  return others.toSpliced(Math.max(0, position), 0, id)
}

/** The next run that may start, null when there is none. */
export function next(queue: Queue, mayStart: (id: RunId) => boolean = () => true): RunId | null {
  return queue.find(mayStart) ?? null
}
