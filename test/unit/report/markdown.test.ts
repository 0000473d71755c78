import { describe, expect, it } from 'vitest'
import { escapeMarkdown } from '../../../src-core/domain/files/escape-markdown.ts'
import { markdownToHtml, markdownToLine } from '../../../src-core/domain/report/markdown.ts'

describe('escaped text', () => {
  it.each([
    '1. x',
    '2) x',
    '- x',
    '+ x',
    '# x',
    '> x',
    '<b>x</b>',
    'a | b',
    '*x*',
    '_x_',
    '`x`',
    '[x](y)',
    '&amp;',
    '\\x',
  ])('reads as it was: %s', (text) => {
    const shown = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    expect(markdownToHtml(escapeMarkdown(text))).toBe(`<p>${shown}</p>\n`)
  })

  it('is one line', () => {
    expect(escapeMarkdown('a\r\n\n# b')).toBe('a \\# b')
  })
})

describe('notes', () => {
  it('are Markdown below the heading of the page', () => {
    expect(markdownToHtml('# Why\n\n- *so*')).toBe('<h2>Why</h2>\n<ul>\n<li><em>so</em></li>\n</ul>\n')
  })

  it.each([
    '<script>alert(1)</script>',
    '<b onclick="x">y</b>',
    '[x](javascript:alert(1))',
    '![x](https://example.org/y.png)',
  ])('show %s without running or loading it', (text) => {
    const html = markdownToHtml(text)
    expect(html).not.toMatch(/<script|<b |href=|src=/)
  })

  it('tell the address of a link instead of following it', () => {
    const html = markdownToHtml('[paper](https://example.org/a?b=1&c=2)')
    expect(html).toBe(
      '<p><span class="link">paper</span> <span class="address">(https://example.org/a?b=1&amp;c=2)</span></p>\n',
    )
  })

  it('take pictures that are in the text, but no vector pictures', () => {
    expect(markdownToHtml('![dot](data:image/png;base64,aGk=)')).toContain(
      '<img src="data:image/png;base64,aGk=" alt="dot">',
    )
    expect(markdownToHtml('![dot](data:image/svg+xml;base64,aGk=)')).not.toContain('<img')
  })

  it('have no style of their own, also in tables', () => {
    expect(markdownToHtml('| a |\n|--:|\n| 1 |')).not.toContain('style')
  })
})

describe('a line of notes', () => {
  it.each([
    ['# Why\n\n- *so*\n- and `x_1 * 2`', 'Why so and x_1 * 2'],
    ['**two**\nlines  \nof [a paper](https://example.org)', 'two lines of a paper'],
    ['```\nfirst\n  second\n```\n> said', 'first second said'],
    ['2 * 3 > 5, snake_case_name', '2 * 3 > 5, snake_case_name'],
    ['<b>bold</b> ![dot](data:image/png;base64,aGk=)', '<b>bold</b> dot'],
    [' \n\n', ''],
  ])('%j is %j', (source, line) => {
    expect(markdownToLine(source)).toBe(line)
  })
})
