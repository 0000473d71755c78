import type { RunSet } from '../../../src-core/domain/comparison/groups.ts'
import { makesVariant } from '../../../src-core/domain/spec/parts.ts'
import { flattenSpec } from '../../../src-core/domain/spec/paths.ts'
import { everythingButSeed, type TableSettings } from './settings.ts'

/**
 * The paths in which the groups differ, at most so many; first those that tell most groups apart, so that a heading
 * may be cut at its end. In the same order whatever the rows are sorted by. With given paths these are they.
 */
export function tellingPaths(groups: readonly RunSet[], group: TableSettings['group'], most = 12): string[] {
  if (group !== everythingButSeed) return [...group]
  const values = differingValues(groups)
  const left = [...values.keys()].sort(byPart)
  const told: string[] = []
  let classes = groups.map(() => 0)
  while (left.length > 0 && told.length < most) {
    const divided = left.map((path) => dividedBy(classes, values.get(path)!))
    const next = divided.indexOf(divided.reduce((best, one) => (one.count > best.count ? one : best)))
    classes = divided[next]!.classes
    told.push(...left.splice(next, 1))
  }
  return told
}

/** For each field in which groups differ one number per group: the same for the same value. */
function differingValues(groups: readonly RunSet[]): Map<string, readonly number[]> {
  const flats = groups.map(({ runs }) => flattenSpec(runs[0]!.spec))
  const paths = new Set(flats.flatMap((flat) => Object.keys(flat)).filter(makesVariant))
  const values = Array.from(paths, (path) => {
    const codes = numbered(flats.map((flat) => JSON.stringify(flat[path]) ?? ''))
    return [path, codes] as const
  })
  return new Map(values.filter(([, codes]) => codes.some((code) => code > 0)))
}

/** Equal items get the same number, counted from 0 in the order in which they come. */
function numbered(items: readonly (string | number)[]): number[] {
  const codes = new Map<string | number, number>()
  return items.map((item) => {
    const code = codes.get(item) ?? codes.size
    codes.set(item, code)
    return code
  })
}

/** Classes of groups, divided further by the values of one more field. */
function dividedBy(
  classes: readonly number[],
  values: readonly number[],
): { readonly classes: number[]; readonly count: number } {
  const divided = numbered(classes.map((one, index) => one * classes.length + values[index]!))
  return { classes: divided, count: Math.max(...divided) + 1 }
}

/** The network tells most, then its training; the images usually follow from either. */
function byPart(a: string, b: string): number {
  const parts = ['model', 'training', 'data']
  const rank = (path: string): number => parts.indexOf(path.split('.')[0]!) >>> 0
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}
