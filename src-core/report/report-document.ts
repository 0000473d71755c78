/** A report as plain data, before it is HTML or Markdown. Texts are texts: whoever renders them escapes them. */

/** How a run's lines look: the same as in the window. */
export interface RunLook {
  /** Index into the colours of runs; 'neutral' for an imported curve. */
  readonly color: number | 'neutral'
  /** Index into the line patterns. */
  readonly dash: number
}

export interface Cell {
  readonly text: string
  readonly number?: true
  readonly code?: true
  readonly strong?: true
  /** The run that the cell names. */
  readonly run?: RunLook
  /** Share of a full background, -1 to 1; negative for what is worse. */
  readonly shade?: number
}

export interface ChartLine {
  readonly label: string
  readonly look: RunLook
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Single values faint behind the smoothed line, the line itself, or a line through few values that are marked. */
  readonly style: 'raw' | 'smooth' | 'marked'
}

export interface Chart {
  readonly title: string
  readonly caption: string
  readonly xTitle: string
  readonly yTitle: string
  readonly lines: readonly ChartLine[]
}

export interface Table {
  readonly kind: 'table'
  /** What it is a table of, for those who hear it. */
  readonly name: string
  readonly head: readonly Cell[]
  readonly rows: readonly (readonly Cell[])[]
}

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string; readonly run?: RunLook }
  | Table
  | { readonly kind: 'chart'; readonly chart: Chart }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'details'; readonly summary: string; readonly parts: readonly Part[] }

export type DocumentBlock =
  | { readonly kind: 'note'; readonly markdown: string }
  | { readonly kind: 'section'; readonly id: string; readonly title: string; readonly parts: readonly Part[] }

export interface ReportDocument {
  readonly title: string
  /** One line below the title. */
  readonly lead: string
  readonly blocks: readonly DocumentBlock[]
}

export const cell = (text: string): Cell => ({ text })
export const figure = (text: string): Cell => ({ text, number: true })
export const code = (text: string): Cell => ({ text, code: true })
export const paragraph = (text: string): Part => ({ kind: 'text', text })

/** Without the columns in which no row has anything: of figures, those of dashes alone. */
export function withoutEmptyColumns({ head, rows, ...rest }: Table): Table {
  const kept = head.map((one, column) => rows.some((row) => row[column]!.text !== (one.number ? '-' : '')))
  const keep = (row: readonly Cell[]): Cell[] => row.filter((_, column) => kept[column])
  return { ...rest, head: keep(head), rows: rows.map(keep) }
}

export function table(name: string, head: readonly Cell[], rows: readonly (readonly Cell[])[]): Table {
  return { kind: 'table', name, head, rows }
}
