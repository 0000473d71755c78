import { markdownToHtml } from '../domain/report/markdown.ts'
import { svgChart } from './charts/svg-chart.ts'
import { escapeHtml } from './escape.ts'
import type { Cell, DocumentBlock, Part, ReportDocument, RunLook, Table } from './report-document.ts'
import { reportStyle } from './style.ts'

const shades = 10
/** Tables of so many rows are not divided between two pages. */
const mostRowsKept = 16

/** A short stretch of the run's line. */
function swatch({ color }: RunLook): string {
  return `<svg class="swatch k${color}" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10"/></svg>`
}

/** Names are isolated: one that is written from right to left must not turn its neighbours around. */
function nameHtml(text: string, run: RunLook): string {
  return `${swatch(run)}<bdi>${escapeHtml(text)}</bdi>`
}

function classesOf({ number, shade = 0 }: Cell): string {
  const level = Math.round(Math.abs(shade) * shades)
  const shaded = level === 0 ? '' : `${shade > 0 ? 'more' : 'less'}${level}`
  const classes = [number ? 'number' : '', shaded].filter((name) => name !== '').join(' ')
  return classes === '' ? '' : ` class="${classes}"`
}

function cellHtml(cell: Cell): string {
  if (cell.run) return nameHtml(cell.text, cell.run)
  const text = cell.code ? `<code>${escapeHtml(cell.text)}</code>` : escapeHtml(cell.text)
  return cell.strong ? `<strong>${text}</strong>` : text
}

function tableHtml({ name, head, rows }: Table): string {
  const cells = (tag: string, row: readonly Cell[], scope = ''): string =>
    row.map((one) => `<${tag}${scope}${classesOf(one)}>${cellHtml(one)}</${tag}>`).join('')
  const kept = rows.length <= mostRowsKept ? ' kept' : ''
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')
  const columns = `<thead><tr>${cells('th', head, ' scope="col"')}</tr></thead>`
  const label = escapeHtml(name)
  return `<div class="scroll${kept}" role="region" aria-label="${label}" tabindex="0"><table>${columns}<tbody>${body}</tbody></table></div>`
}

/**
 * Stands beside the switch, not in it: what is inside a closed one cannot be shown on paper by any style that all
 * browsers know.
 */
function foldedHtml(summary: string, content: string): string {
  return `<details><summary>${escapeHtml(summary)}</summary></details><div class="folded">${content}</div>`
}

function partHtml(part: Part): string {
  switch (part.kind) {
    case 'text':
      return `<p>${escapeHtml(part.text)}</p>`
    case 'heading':
      return `<h3>${part.run ? nameHtml(part.text, part.run) : escapeHtml(part.text)}</h3>`
    case 'table':
      return tableHtml(part)
    case 'chart': {
      const { title, caption } = part.chart
      return `<figure><figcaption>${escapeHtml(title)}</figcaption>${svgChart(part.chart)}<p class="caption">${escapeHtml(caption)}</p></figure>`
    }
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(part.text)}</code></pre>`
    case 'details':
      return foldedHtml(part.summary, part.parts.map(partHtml).join('\n'))
  }
}

function blockHtml(block: DocumentBlock): string {
  if (block.kind === 'note') return `<div class="note">${markdownToHtml(block.markdown)}</div>`
  const parts = block.parts.map(partHtml).join('\n')
  return `<section id="${block.id}"><h2>${escapeHtml(block.title)}</h2>\n${parts}</section>`
}

/** The report without its frame, for a page that has the style already. */
export function renderBody({ title, lead, blocks }: ReportDocument): string {
  const header = `<header><h1><bdi>${escapeHtml(title)}</bdi></h1><p class="lead">${escapeHtml(lead)}</p></header>`
  return `<main>${header}\n${blocks.map(blockHtml).join('\n')}</main>`
}

/** One HTML page that needs nothing but itself: no script, no font, no network, and its policy forbids them. */
export function renderHtml(document: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(document.title)}</title>
<style>${reportStyle}</style>
</head>
<body>
${renderBody(document)}
</body>
</html>
`
}
