import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const folder = resolve(import.meta.dirname, '../../../src-renderer')
const files = globSync('**/*.{css,svelte}', { cwd: folder })

/** The text without what holds only where motion is welcome. */
function withoutWelcome(text: string): string {
  const start = text.search(/@media \(prefers-reduced-motion: no-preference\)/)
  if (start < 0) return text
  let depth = 0
  for (let at = text.indexOf('{', start); at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return text.slice(0, start) + withoutWelcome(text.slice(at + 1))
  }
  return text
}

/** Motion that goes on in spite of the wish: what takes `--quick` stops with it, and 1 ms is no motion. */
function moving(text: string): string[] {
  const declared = withoutWelcome(text).match(/(?<![\w-])(transition|animation)(-duration)?:[^;]+;/g) ?? []
  return declared.filter((one) => !/var\(--quick\)|\b1ms\b|none/.test(one))
}

it('sees motion that goes on', () => {
  expect(moving('a { transition: color 100ms; }')).toHaveLength(1)
  expect(moving('@media (prefers-reduced-motion: no-preference) { a { animation: turn 1s; } }')).toEqual([])
})

it('sets the length of all transitions to nothing where less motion is wanted', () => {
  const css = readFileSync(join(folder, 'app.css'), 'utf8')
  expect(css).toMatch(/@media \(prefers-reduced-motion: reduce\) \{\s*:root \{\s*--quick: 0ms;/)
})

it.each(files)('%s keeps still where less motion is wanted', (file) => {
  expect(moving(readFileSync(join(folder, file), 'utf8'))).toEqual([])
})
