import { escapeMarkdown } from '../domain/files/escape-markdown.ts'
import type { Cell, DocumentBlock, Part, ReportDocument, Table } from './report-document.ts'

/** A code span may hold backticks when it is fenced by more of them. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const inner = text.replace(/[\p{Cc}]+/gu, ' ').replace(/\|/g, '\\|')
  return longest === 0 ? `${fence}${inner}${fence}` : `${fence} ${inner} ${fence}`
}

function cellText({ text, code, strong }: Cell): string {
  if (text === '') return ''
  const words = code ? codeSpan(text) : escapeMarkdown(text)
  return strong ? `**${words}**` : words
}

function tableText({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = line(head.map(({ number }) => (number ? '---:' : '---')))
  return [line(head.map(cellText)), rule, ...rows.map((row) => line(row.map(cellText)))].join('\n')
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'text':
      return escapeMarkdown(part.text)
    case 'heading':
      return `### ${escapeMarkdown(part.text)}`
    case 'table':
      return tableText(part)
    case 'chart':
      return `### ${escapeMarkdown(part.chart.title)}`
    case 'code':
      return `\`\`\`\`sh\n${part.text}\n\`\`\`\``
    case 'details':
      return part.parts.map(partText).join('\n\n')
  }
}

function blockText(block: DocumentBlock): string {
  if (block.kind === 'note') return block.markdown.trim()
  return [`## ${escapeMarkdown(block.title)}`, ...block.parts.map(partText)].join('\n\n')
}

/** The report as Markdown: in the place of a chart stand its numbers. */
export function renderMarkdown({ title, lead, blocks }: ReportDocument): string {
  return `${[`# ${escapeMarkdown(title)}`, escapeMarkdown(lead), ...blocks.map(blockText)].join('\n\n')}\n`
}
