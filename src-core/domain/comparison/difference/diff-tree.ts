import type { DiffField } from '../spec-diff.ts'

/** A line of the tree: the heading of a group of fields, or a field. */
export type DiffLine =
  | {
      readonly kind: 'group'
      readonly path: string
      readonly depth: number
      /** Paths of the groups that this heading stands for: chains of single groups share one. */
      readonly chain: readonly string[]
      readonly fields: number
      readonly differing: number
    }
  | { readonly kind: 'field'; readonly path: string; readonly depth: number; readonly field: DiffField }

interface Group {
  readonly path: string
  readonly groups: Map<string, Group>
  /** Fields and groups in the order in which they came. */
  readonly children: (DiffField | Group)[]
}

const isGroup = (child: DiffField | Group): child is Group => 'groups' in child

function newGroup(path: string): Group {
  return { path, groups: new Map(), children: [] }
}

function grow(fields: readonly DiffField[]): Group {
  const root = newGroup('')
  for (const field of fields) {
    let group = root
    const keys = field.path.split('.').slice(0, -1)
    keys.forEach((key, index) => {
      let next = group.groups.get(key)
      if (!next) {
        next = newGroup(keys.slice(0, index + 1).join('.'))
        group.groups.set(key, next)
        group.children.push(next)
      }
      group = next
    })
    group.children.push(field)
  }
  return root
}

function fieldsOf(group: Group): DiffField[] {
  return group.children.flatMap((child) => (isGroup(child) ? fieldsOf(child) : [child]))
}

/**
 * Fields as a tree by their dotted paths, line by line from the top: headings before what belongs to them. What lies
 * in a group of `collapsed` is left out, its heading stays.
 */
export function diffTree(fields: readonly DiffField[], collapsed: ReadonlySet<string>): DiffLine[] {
  return linesOf(grow(fields), 0, collapsed)
}

function linesOf(group: Group, depth: number, collapsed: ReadonlySet<string>): DiffLine[] {
  return group.children.flatMap((child): DiffLine[] => {
    if (!isGroup(child)) return [{ kind: 'field', path: child.path, depth, field: child }]
    const chain = chainFrom(child)
    const last = chain.at(-1)!
    const fields = fieldsOf(last)
    const heading: DiffLine = {
      kind: 'group',
      path: last.path,
      depth,
      chain: chain.map(({ path }) => path),
      fields: fields.length,
      differing: fields.filter(({ differs }) => differs).length,
    }
    return collapsed.has(last.path) ? [heading] : [heading, ...linesOf(last, depth + 1, collapsed)]
  })
}

function chainFrom(group: Group): Group[] {
  const [only] = group.children
  return group.children.length === 1 && only && isGroup(only) ? [group, ...chainFrom(only)] : [group]
}

/** The paths of the groups that a field lies in, outermost first. */
export function groupsAbove(path: string): string[] {
  const keys = path.split('.')
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'))
}

/** The next or previous path after `from`, round the ends; null when there is none. A `from` that is gone counts as before the first. */
export function neighbour(paths: readonly string[], from: string | null, step: 1 | -1): string | null {
  if (paths.length === 0) return null
  const place = from === null ? -1 : paths.indexOf(from)
  const start = place < 0 && step < 0 ? 0 : place
  return paths[(start + step + paths.length) % paths.length]!
}
