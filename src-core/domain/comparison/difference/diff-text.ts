import { escapeMarkdown } from '../../files/escape-markdown.ts'
import type { DiffField } from '../spec-diff.ts'

export interface NamedRun {
  readonly id: string
  readonly name: string
}

interface Wording {
  readonly label: (path: string) => string
  readonly value: (value: unknown, path: string) => string
}

/** Fields as a Markdown table, one column per run; the base is named so, and what differs from it stands in bold. */
export function diffAsMarkdown(
  fields: readonly DiffField[],
  runs: readonly NamedRun[],
  base: number,
  { label, value }: Wording,
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const names = runs.map(({ name }, index) => escapeMarkdown(index === base ? `${name} (base)` : name))
  const head = row(['Field', ...names])
  const lines = fields.map(({ path, cells }) =>
    row([
      escapeMarkdown(`${label(path)} (${path})`),
      ...cells.map((cell) => {
        if (cell.state === 'inapplicable') return 'does not apply'
        const text = escapeMarkdown(value(cell.value, path))
        return ['changed', 'added', 'missing'].includes(cell.state) ? `**${text}**` : text
      }),
    ]),
  )
  return [head, `| ${['Field', ...runs].map(() => '---').join(' | ')} |`, ...lines, ''].join('\n')
}

/** Fields as JSON with their types kept: by path, then by run. A run without the field, or without use for it, is left out. */
export function diffAsJson(fields: readonly DiffField[], runs: readonly NamedRun[], base: number): string {
  const values = fields.map(({ path, cells }) => {
    const present = cells.map((cell, index) => [runs[index]!.id, cell] as const)
    const kept = present.filter(([, cell]) => cell.state !== 'inapplicable' && cell.value !== undefined)
    return [path, Object.fromEntries(kept.map(([id, cell]) => [id, cell.value]))] as const
  })
  const named = runs.map(({ id, name }) => ({ id, name }))
  return `${JSON.stringify({ base: runs[base]?.id ?? null, runs: named, fields: Object.fromEntries(values) }, null, 2)}\n`
}
