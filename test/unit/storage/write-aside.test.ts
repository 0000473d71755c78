import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeAside, writeAsideSync } from '../../../src-core/storage/files/write-aside.ts'
import { writeCsv } from '../../../src-main/reader/write-csv.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { insertRun, openTestWorkspace, stepRecord } from '../../support/workspaces.ts'

const descriptors = '/proc/self/fd'

/** Files of a folder that this process has open. */
function openIn(folder: string): string[] {
  return readdirSync(descriptors).flatMap((name) => {
    try {
      const file = readlinkSync(join(descriptors, name))
      return file.startsWith(folder) ? [file] : []
    } catch {
      return []
    }
  })
}

describe('writing a file aside', () => {
  it('replaces what was there, and touches no other file', async () => {
    const folder = temporaryDirectory()
    const file = join(folder, 'curves.csv')
    for (const name of ['curves.csv', 'curves.csv.part', `curves.csv.${process.pid}.part`])
      writeFileSync(join(folder, name), 'of the user')
    await writeAside(file, 'one')
    expect(readFileSync(file, 'utf8')).toBe('one')
    writeAsideSync(file, (add) => {
      add('two, ')
      add(new TextEncoder().encode('three'))
    })
    expect(readFileSync(file, 'utf8')).toBe('two, three')
    expect(readFileSync(`${file}.part`, 'utf8')).toBe('of the user')
    expect(readFileSync(`${file}.${process.pid}.part`, 'utf8')).toBe('of the user')
    expect(readdirSync(folder)).toHaveLength(3)
  })

  it('may be done twice at a time: each file is whole, the later one stays', async () => {
    const folder = temporaryDirectory()
    const file = join(folder, 'report.html')
    writeAsideSync(file, (add) => {
      add('a')
      writeAsideSync(file, (addOther) => addOther('bb'))
      add('a')
    })
    expect(readFileSync(file, 'utf8')).toBe('aa')
    await Promise.all(['x', 'y'].map((letter) => writeAside(file, letter.repeat(100_000))))
    expect(readFileSync(file, 'utf8')).toMatch(/^(x{100000}|y{100000})$/)
    expect(readdirSync(folder)).toEqual(['report.html'])
  })

  it('leaves nothing and tells why when the file cannot get its name', async () => {
    const folder = temporaryDirectory()
    const file = join(folder, 'a-folder')
    mkdirSync(join(file, 'with-something'), { recursive: true })
    await expect(writeAside(file, 'x')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
    expect(() => writeAsideSync(file, (add) => add('x'))).toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
    expect(readdirSync(folder)).toEqual(['a-folder'])
  })
})

describe('writing values as CSV', () => {
  it.runIf(existsSync(descriptors))('closes and removes its file when it fails, and leaves what was there', () => {
    const workspace = openTestWorkspace()
    const run = insertRun(workspace)
    workspace.metrics.append(run.id, [stepRecord(1), stepRecord(2)])
    const folder = temporaryDirectory()
    const file = join(folder, 'values.csv')
    writeFileSync(file, 'before')
    const metrics = {
      ...workspace.metrics,
      *export() {
        yield* workspace.metrics.export(run.id, 'train/loss')
        throw new Error('no space left on device')
      },
    }
    const query = { runIds: [run.id], metrics: ['train/loss'], references: [], file }
    const broken = { ...workspace, metrics, dataVersion: () => 0 }
    expect(() => writeCsv(broken, query)).toThrow('no space left on device')
    expect([readdirSync(folder), readFileSync(file, 'utf8'), openIn(folder)]).toEqual([['values.csv'], 'before', []])
  })
})
