import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { extractZip, openZip, safeJoin } from '../../../scripts/lib/zip.mjs'
import { makeZip } from './make-zip.ts'

let folder: string
let archive: string
let target: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ablate-zip-'))
  archive = join(folder, 'archive.zip')
  target = join(folder, 'target')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const extractAll = (bytes: Buffer): Promise<string[]> => {
  writeFileSync(archive, bytes)
  return extractZip(archive, target, (name) => name)
}

const long = 'a line that repeats itself\n'.repeat(20_000)

describe('an honest archive', () => {
  for (const zip64 of [false, true])
    it(`comes out as it went in${zip64 ? ', with 64-bit numbers' : ''}`, async () => {
      const files = [
        { name: 'deep/er/text.txt', content: long },
        { name: 'folder/', content: '', stored: true },
        { name: 'program', content: 'as it is', stored: true, mode: 0o755 },
        { name: 'empty', content: '' },
      ]
      expect(await extractAll(makeZip(files, { zip64 }))).toEqual(['deep/er/text.txt', 'program', 'empty'])
      expect(readFileSync(join(target, 'deep/er/text.txt'), 'utf8')).toBe(long)
      expect(readFileSync(join(target, 'program'), 'utf8')).toBe('as it is')
      expect(statSync(join(target, 'program')).mode & 0o777).toBe(0o755)
      expect(statSync(join(target, 'empty')).size).toBe(0)
    })

  it('gives only what is asked for, under the name that is asked for', async () => {
    writeFileSync(
      archive,
      makeZip([
        { name: 'in/a', content: 'A' },
        { name: 'in/b', content: 'B' },
      ]),
    )
    const written = await extractZip(archive, target, (name) => (name === 'in/b' ? 'out/renamed' : null))
    expect(written).toEqual(['out/renamed'])
    expect(readdirSync(target, { recursive: true }).sort()).toEqual(['out', 'out/renamed'])
  })

  it('may end with a comment', async () => {
    const bytes = makeZip([{ name: 'a', content: 'A' }])
    bytes.writeUInt16LE(5, bytes.length - 2)
    expect(await extractAll(Buffer.concat([bytes, Buffer.from('hello')]))).toEqual(['a'])
  })
})

describe('a damaged archive', () => {
  const bytes = makeZip([
    { name: 'a', content: long },
    { name: 'b', content: 'B' },
  ])

  it('is refused wherever it was cut off', async () => {
    for (const length of [0, 10, 100, bytes.length - 100, bytes.length - 23, bytes.length - 1])
      await expect(extractAll(bytes.subarray(0, length)), `cut to ${length}`).rejects.toThrow(
        /ends too early|no zip archive/,
      )
  })

  it('is refused wherever a byte of its contents changed', async () => {
    for (let at = 31; at < 31 + 400; at += 7) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x55
      await expect(extractAll(changed), `byte ${at}`).rejects.toThrow(/damaged|larger/)
    }
  })

  it('is refused when its list of contents is not where it says', async () => {
    const changed = Buffer.from(bytes)
    changed.writeUInt32LE(7, changed.length - 6)
    await expect(extractAll(changed)).rejects.toThrow('damaged list of contents')
    changed.writeUInt32LE(0x7fffffff, changed.length - 6)
    await expect(extractAll(changed)).rejects.toThrow('ends too early')
  })

  it('is refused when a file is longer or shorter than it says, before it fills the disk', async () => {
    await expect(extractAll(makeZip([{ name: 'bomb', content: long, claims: { size: 10 } }]))).rejects.toThrow('larger')
    expect(statSync(join(target, 'bomb')).size).toBeLessThan(100_000)
    await expect(extractAll(makeZip([{ name: 'short', content: 'x', claims: { size: 10 } }]))).rejects.toThrow(
      'damaged',
    )
  })

  it('is refused when it is packed or encrypted in a way that is not known', async () => {
    await expect(extractAll(makeZip([{ name: 'a', content: 'A', claims: { method: 12 } }]))).rejects.toThrow(
      'unknown way',
    )
    await expect(extractAll(makeZip([{ name: 'a', content: 'A', claims: { flags: 1 } }]))).rejects.toThrow('encrypted')
  })

  it('that is no archive at all is said to be none', async () => {
    await expect(extractAll(Buffer.alloc(100_000, 'x'))).rejects.toThrow('no zip archive')
  })
})

describe('a name that leads out of the folder', () => {
  const names = ['../evil', 'a/../../evil', '/etc/evil', 'C:/evil', '..\\evil', 'a\\..\\..\\evil', 'nul\0evil', '..']

  it('is refused, and nothing is written', async () => {
    for (const name of names)
      await expect(extractAll(makeZip([{ name, content: 'evil' }])), name).rejects.toThrow('leads out')
    expect(existsSync(target)).toBe(false)
    expect(readdirSync(folder)).toEqual(['archive.zip'])
  })

  it('is told from one that only looks like it', () => {
    expect(safeJoin('/x', 'a/..b/c..')).toBe('/x/a/..b/c..')
  })
})

it('tells what an archive holds without reading it', async () => {
  writeFileSync(archive, makeZip([{ name: 'a', content: long }]))
  const zip = await openZip(archive)
  expect(zip.entries.map(({ name, size }) => ({ name, size }))).toEqual([{ name: 'a', size: long.length }])
  await zip.close()
})
