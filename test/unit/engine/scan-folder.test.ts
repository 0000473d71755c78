import type { Dirent } from 'node:fs'
import { mkdirSync } from 'node:fs'
import * as files from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { mostClasses } from '../../../src-core/domain/datasets/stored-dataset.ts'
import { planImport } from '../../../src-core/engine/data/import/plan-import.ts'
import { scanFolder } from '../../../src-core/engine/data/import/scan-folder.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof files>()
  return { ...actual, readdir: vi.fn(actual.readdir) }
})

afterEach(() => void vi.restoreAllMocks())

function entry(name: string, isDirectory: boolean): Dirent {
  const kinds = { isDirectory: () => isDirectory, isFile: () => !isDirectory, isSymbolicLink: () => false }
  return { name, ...kinds } as Dirent
}

/** Lets every folder hold what `contentOf` answers of its name: folders too large to be written for a test. */
function pretend(contentOf: (name: string) => Dirent[]): void {
  const readdir = vi.mocked(files.readdir as unknown as (directory: string) => Promise<Dirent[]>)
  readdir.mockImplementation((directory) => Promise.resolve(contentOf(basename(directory))))
}

const numbered = (count: number, isDirectory: boolean, ending = ''): Dirent[] =>
  Array.from({ length: count }, (_, index) => entry(`${index}${ending}`, isDirectory))

test('a folder may hold more pictures than a call has room for arguments', async () => {
  const many = 150_000
  const pictures = numbered(many, false, '.jpg')
  const root = join(temporaryDirectory(), 'root')
  mkdirSync(root)
  pretend((name) => {
    if (name === 'root') return [entry('birds', true), entry('cats', true)]
    return name === 'nested' ? pictures : [entry(name === 'birds' ? 'nested' : 'a.png', name === 'birds')]
  })
  const { train } = await scanFolder(root)
  expect(train.map(({ pictures: found }) => found.length)).toEqual([many, 1])
})

test('a folder with more classes than a data set can have is refused in words', async () => {
  const root = join(temporaryDirectory(), 'root')
  mkdirSync(root)
  pretend((name) => (name === 'root' ? numbered(mostClasses + 1, true) : [entry('a.png', false)]))
  const message = expect.stringContaining(`it has ${mostClasses + 1} classes; a data set can have ${mostClasses}.`)
  await expect(scanFolder(root)).rejects.toMatchObject({ code: 'import-refused', message })
})

test('the number of a class is looked up once and not for every picture', () => {
  const classOf = (label: string) => ({ label, pictures: Array.from({ length: 50 }, (_, i) => `/${label}/${i}.png`) })
  const scanned = { train: [classOf('a'), classOf('b')], test: [classOf('b')], refused: [] }
  const indexOf = vi.spyOn(Array.prototype, 'indexOf')
  const { train, test: tested } = planImport('/pictures', scanned, 0.2)
  const lookedUp = indexOf.mock.calls.filter(([label]) => label === 'a' || label === 'b').length
  expect(lookedUp).toBeLessThanOrEqual(3)
  expect([train[0]!.label, train.at(-1)!.label, tested[0]!.label]).toEqual([0, 1, 1])
})

test('pictures of formats that are not read, and folders without pictures, are named', async () => {
  const root = join(temporaryDirectory(), 'root')
  mkdirSync(root)
  pretend((name) => {
    if (name === 'root') return ['birds', 'cats', 'empty', 'phone'].map((folder) => entry(folder, true))
    if (name === 'empty') return [entry('notes.txt', false)]
    if (name === 'phone') return [entry('1.HEIC', false), entry('2.gif', false)]
    return numbered(2, false, '.jpg')
  })
  const { train, refused } = await scanFolder(root)
  expect(train.map(({ label }) => label)).toEqual(['birds', 'cats'])
  expect(refused.map(({ file }) => file).sort()).toEqual(['empty', 'phone', 'phone/1.HEIC', 'phone/2.gif'])
})
