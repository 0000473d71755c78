import type { Run } from '../../../src-core/domain/run.ts'

/** A run that is moved to a place in the queue. */
export interface QueueMove {
  readonly runId: string
  readonly position: number
}

type QueuedRun = Pick<Run, 'id' | 'queuePosition'>

function queuedOf(runs: readonly QueuedRun[]): QueuedRun[] {
  return runs.filter(({ queuePosition }) => queuePosition !== null).sort((a, b) => a.queuePosition! - b.queuePosition!)
}

/** The cells that wait, by the place of their first run; each as indices into `cells`. */
export function cellsInQueue(cells: readonly (readonly QueuedRun[])[]): number[] {
  return cells
    .map((runs, index) => ({ index, first: queuedOf(runs)[0]?.queuePosition ?? null }))
    .filter(({ first }) => first !== null)
    .sort((a, b) => a.first! - b.first!)
    .map(({ index }) => index)
}

/**
 * The moves that bring the waiting runs of one cell before those of another (null: behind all others). The places that
 * the runs of these cells have in the queue stay theirs, so that runs of other origin keep their turn. Each move leaves
 * the places before it as they are.
 * @param queue ids of all waiting runs, next first.
 */
export function movesForCell(
  queue: readonly string[],
  cells: readonly (readonly QueuedRun[])[],
  moved: number,
  before: number | null,
): QueueMove[] {
  const own = queuedOf(cells[moved]!)
  const others = queuedOf(cells.filter((_, index) => index !== moved).flat())
  const first = before === null || before === moved ? null : queuedOf(cells[before]!)[0]
  const at = first ? others.findIndex(({ id }) => id === first.id) : others.length
  const order = [...others.slice(0, at), ...own, ...others.slice(at)].map(({ id }) => id)
  const members = new Set(order)
  const wanted = queue.map((id) => (members.has(id) ? order.shift()! : id))
  return movesTo(queue, wanted)
}

/** From the first place on: whoever belongs there and is not there is moved there. */
function movesTo(queue: readonly string[], wanted: readonly string[]): QueueMove[] {
  const present = [...queue]
  const moves: QueueMove[] = []
  wanted.forEach((runId, position) => {
    if (present[position] === runId) return
    present.splice(present.indexOf(runId), 1)
    present.splice(position, 0, runId)
    moves.push({ runId, position })
  })
  return moves
}
