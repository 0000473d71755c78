import { escapeHtml } from '../../src-core/report/escape.ts'

/** Okabe and Ito's colours that stand out on white and on black alike; later runs are told apart by the table. */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']

export function colorOf(index: number): string {
  return colors[index % colors.length]!
}

/** A cell whose content is HTML already. */
export interface Cell {
  readonly html: string
  readonly number?: boolean
  /** Share of a full background, 0 to 1. */
  readonly shade?: number
}

export const text = (html: string): Cell => ({ html })
export const figure = (html: string): Cell => ({ html, number: true })

function attributesOf({ number, shade }: Cell): string {
  const shaded = shade ? ` style="background: color-mix(in srgb, #0072b2 ${Math.round(shade * 60)}%, transparent)"` : ''
  return `${number ? ' class="number"' : ''}${shaded}`
}

export function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cells = (tag: string, row: readonly Cell[]): string =>
    row.map((cell) => `<${tag}${attributesOf(cell)}>${cell.html}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table>`
}

/** A run's name behind the colour of its lines. */
export function swatch(index: number, name: string): string {
  const square = `<svg class="swatch" viewBox="0 0 10 10"><rect width="10" height="10" fill="${colorOf(index)}"/></svg>`
  return `${square}${escapeHtml(name)}`
}
