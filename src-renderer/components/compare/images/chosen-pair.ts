import { z } from 'zod'
import type { Run } from '../../../../src-core/domain/run.ts'
import type { LayoutStore } from '../../../state/layout/layout-store.svelte.ts'

const section = 'compare-images'
const schema = z.object({ a: z.string(), b: z.string() })

export interface Pair {
  readonly a: Run
  readonly b: Run
}

/** The two runs whose test images are compared: the chosen ones as far as they are there, else the first ones. */
export function chosenPair(layout: LayoutStore, runs: readonly Run[]): Pair {
  const kept = layout.read(section, schema, { a: '', b: '' })
  const named = (id: string): Run | undefined => runs.find((run) => run.id === id)
  const b = named(kept.b)
  const a = named(kept.a) ?? runs.find((run) => run !== b)!
  return { a, b: b && b !== a ? b : runs.find((run) => run !== a)! }
}

/** Chooses one of the two; the run that the other place holds changes places with it. */
export function choosePair(layout: LayoutStore, pair: Pair, change: Partial<Pair>): void {
  const next = { ...pair, ...change }
  const same = next.a === next.b
  const a = same && change.b ? pair.b : next.a
  const b = same && change.a ? pair.a : next.b
  layout.write(section, { a: a.id, b: b.id }, 'Runs whose images are compared')
}

/** Why two runs cannot be compared image by image; null when they can. */
export function whyNot({ a, b }: Pair): string | null {
  const without = [a, b].filter(({ checkpointStep }) => !checkpointStep).map(({ name }) => `“${name}”`)
  if (without.length > 0) {
    const [noun, they] = without.length === 1 ? ['has', 'it'] : ['have', 'them']
    return `${without.join(' and ')} ${noun} no checkpoint yet. Train ${they}, then pause or let ${they} finish.`
  }
  const [ofA, ofB] = [a.spec.data.dataset, b.spec.data.dataset]
  if (ofA === ofB) return null
  return `“${a.name}” was trained on ${ofA}, “${b.name}” on ${ofB}: only runs of one data set have the same images. Choose two such runs.`
}
