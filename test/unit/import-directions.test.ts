import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layers } from '../../scripts/layers.mjs'

const root = resolve(import.meta.dirname, '../..')

interface Arrow {
  readonly from: string
  readonly to: string
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|svelte|js)$/.test(name))
    .map((name) => join(folder, name))
}

/** Static and dynamic imports and re-exports, with any `?modulePath` suffix taken off. */
function importsOf(file: string): Arrow[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g)
  return [...found].map(([, target]) => ({ from: file, to: target! }))
}

/** A path of the project for a relative import, the package's name otherwise. */
function targetOf({ from, to }: Arrow): string {
  return to.startsWith('.') ? relative(root, resolve(root, dirname(from), to)) : to
}

/** Main names the trainer as a path that a bundler turns into a file name; nothing is loaded. */
function isModulePath({ to }: Arrow): boolean {
  return to.endsWith('?modulePath')
}

describe('imports point one way', () => {
  it.each(layers)('$folder', ({ folder, allowed, packages }) => {
    const arrows = sourcesOf(folder).flatMap(importsOf)
    const broken = arrows.filter((arrow) => {
      const target = targetOf(arrow)
      if (isModulePath(arrow)) return false
      if (!arrow.to.startsWith('.'))
        return packages.some(
          (name) => target === name || target.startsWith(`${name.replace(/\/?$/, name.endsWith(':') ? '' : '/')}`),
        )
      return target.startsWith('src-') && !allowed.some((one) => target.startsWith(`${one}/`))
    })
    expect(broken.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })
})

describe('folders stay small', () => {
  it.each(layers)('$folder holds at most 14 files in any one folder', ({ folder }) => {
    const counts = new Map<string, number>()
    for (const file of sourcesOf(folder)) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
    expect([...counts].filter(([, count]) => count > 14)).toEqual([])
  })
})
