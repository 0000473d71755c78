import MarkdownIt, { type Token } from 'markdown-it'

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false })
const { escapeHtml } = parser.utils

/** Pictures that are in the text itself. Vector pictures are left out: they are documents, not pictures. */
const embeddedPicture = /^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/=]+$/i

parser.renderer.rules['image'] = (tokens, index) => {
  const token = tokens[index]!
  const source = token.attrGet('src') ?? ''
  const words = escapeHtml(token.content)
  return embeddedPicture.test(source) ? `<img src="${source}" alt="${words}">` : `<em>${words || 'picture'}</em>`
}
// A report is read where nobody should leave it: the address is told, not followed.
parser.renderer.rules['link_open'] = () => '<span class="link">'
parser.renderer.rules['link_close'] = (tokens, index) => {
  const address = openingOf(tokens, index)?.attrGet('href') ?? ''
  return `</span> <span class="address">(${escapeHtml(address)})</span>`
}

function openingOf(tokens: readonly Token[], closing: number): Token | undefined {
  return tokens.slice(0, closing).findLast(({ type }) => type === 'link_open')
}

/** The style attributes of aligned columns are against the security policy of the window and of the report alike. */
function plain(token: Token): void {
  if (token.tag === 'td' || token.tag === 'th') token.attrs = null
  if (/^h[1-5]$/.test(token.tag)) token.tag = `h${Number(token.tag[1]) + 1}`
}

/**
 * Markdown as HTML that is safe to show: no HTML of its own, no link that can be followed, no picture but those in the
 * text as data. Headings begin one level down, below the title of the page.
 */
export function markdownToHtml(source: string): string {
  const tokens = parser.parse(source, {})
  tokens.forEach(plain)
  return parser.renderer.render(tokens, parser.options, {})
}

/** Markdown as one line of plain text: its words without the marks, the blocks after each other. */
export function markdownToLine(source: string): string {
  const blocks = parser.parse(source, {}).map(({ type, content, children }) => {
    if (children) return children.map((child) => (child.type.endsWith('break') ? ' ' : child.content)).join('')
    return type === 'fence' || type === 'code_block' ? content : ''
  })
  return blocks.filter(Boolean).join(' ').replaceAll(/\s+/g, ' ').trim()
}
