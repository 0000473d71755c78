import type { Run } from '../../../../src-core/domain/run.ts'
import { differingFields, groupRuns, valueWords, type GroupBy, type RunGroup } from './grouping.ts'
import { dashCount, paletteSize } from '../run-colors.ts'

export interface Look {
  /** Index of a colour; beyond the palette's size it brings a dash pattern of its own. */
  readonly color: number
  /** Index of a dash pattern when something else than the colour decides it. */
  readonly dash?: number
}

/** The same for runs that look alike. */
export function lookKey({ color, dash }: Look): string {
  return `${color} ${dash ?? ''}`
}

export interface LookGroup extends RunGroup, Look {}

/** How the runs of a comparison look, and what the looks mean. */
export interface Looks {
  readonly of: ReadonlyMap<string, Look>
  readonly colors: readonly LookGroup[]
  /** Empty when the dash patterns mean nothing of their own. */
  readonly dashes: readonly LookGroup[]
  /** By what the colours are given: another rule than the chosen one when that would make all runs alike. */
  readonly colorBy: GroupBy
  /** Whether looks stand for groups rather than for single runs. */
  readonly shared: boolean
  /** In words, when the chosen rule would have made all runs alike, so that each has a colour of its own; otherwise null. */
  readonly alike: string | null
  /** In words, when two groups had to be given the same look; otherwise null. */
  readonly repeats: string | null
}

const allLooks = paletteSize * dashCount

/**
 * Gives each run a colour by one rule and a dash pattern by another. A run keeps its own colour when runs are told
 * apart by colour, dashed only beside a run of the same colour; two that have the same are set apart here. A field in
 * which the runs do not differ tells none of them apart, as when it was chosen for other runs: then each has its own
 * colour.
 * @param averaged whether runs that look alike are drawn as their mean: seeds of one variant may then be one line.
 */
export function looksOf(runs: readonly Run[], colorBy: GroupBy, dashBy: GroupBy, averaged = false): Looks {
  const alike = allAlike(runs, colorBy, dashBy, averaged)
  return { ...looksBy(runs, alike ? 'run' : colorBy, dashBy), alike }
}

function allAlike(runs: readonly Run[], colorBy: GroupBy, dashBy: GroupBy, averaged: boolean): string | null {
  if (runs.length < 2 || colorBy === 'run' || colorBy === 'none') return null
  if ([colorBy, dashBy].some((by) => groupRuns(runs, by).length > 1)) return null
  const seedsAlone = differingFields(runs).length === 0
  if (averaged && seedsAlone) return null
  const same =
    colorBy === 'everything-but-seed' ? 'differ in their seed alone' : `all have ${valueWords(runs[0]!, [colorBy])}`
  return `These runs ${same}: each has a colour of its own.`
}

function looksBy(runs: readonly Run[], colorBy: GroupBy, dashBy: GroupBy): Omit<Looks, 'alike'> {
  const dashed = dashBy !== 'none'
  const room = dashed ? paletteSize : allLooks
  const colors = colored(groupRuns(runs, colorBy), colorBy, room)
  const dashes = dashed
    ? groupRuns(runs, dashBy).map((group, index) => ({ ...group, color: 0, dash: index % dashCount }))
    : []
  const dashOf = new Map(dashes.flatMap(({ runs, dash }) => runs.map(({ id }) => [id, dash] as const)))
  const of = new Map(
    colors.flatMap(({ runs, color }) =>
      runs.map(({ id }) => [id, dashed ? { color, dash: dashOf.get(id)! } : { color }] as const),
    ),
  )
  const shared = new Set([...of.values()].map(lookKey)).size < runs.length
  return { of, colors, dashes, colorBy, shared, repeats: repeatsOf(colors.length, room, dashes.length) }
}

function colored(groups: readonly RunGroup[], by: GroupBy, room: number): LookGroup[] {
  const taken = new Set<number>()
  const own = groups.map(({ runs }) => runs[0]!.color)
  return groups.map((group, index) => {
    const wanted = (by === 'run' ? plainest(own[index]!, own) : index) % room
    let color = wanted
    for (let tried = 0; taken.has(color) && tried < room; tried++) color = (color + 1) % room
    taken.add(color)
    return { ...group, color }
  })
}

/** A colour without its dash pattern, unless another one that is shown has it already: then a pattern means something. */
function plainest(color: number, shown: readonly number[]): number {
  const hue = color % paletteSize
  return shown.some((other) => other < color && other % paletteSize === hue) ? color : hue
}

function repeatsOf(colors: number, room: number, dashes: number): string | null {
  if (colors > room) return `${colors} groups share ${room} colours: colour by something with fewer values.`
  return dashes > dashCount ? `${dashes} groups share ${dashCount} dash patterns.` : null
}
