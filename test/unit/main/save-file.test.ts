import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SaveDialogOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { fileHandlers } from '../../../src-main/handlers/files.ts'
import { safeFileName } from '../../../src-core/domain/report/file-name.ts'
import { fileSaver } from '../../../src-main/window/save-file.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

describe('saving a file', () => {
  it('suggests a name with the right ending and writes where the user chose', async () => {
    const path = join(temporaryDirectory(), 'table.csv')
    const asked: SaveDialogOptions[] = []
    const save = fileSaver((options) => {
      asked.push(options)
      return Promise.resolve({ canceled: false, filePath: path })
    })
    const handlers = fileHandlers(save)
    expect(await handlers['files.saveText']({ suggestedName: 'Runs', kind: 'csv', text: 'a,b\n' })).toBe(path)
    expect(readFileSync(path, 'utf8')).toBe('a,b\n')
    expect(asked[0]!.defaultPath).toBe('Runs.csv')
  })

  it('writes bytes as they are', async () => {
    const path = join(temporaryDirectory(), 'chart.png')
    const handlers = fileHandlers(fileSaver(() => Promise.resolve({ canceled: false, filePath: path })))
    const bytes = new Uint8Array([137, 80, 78, 71, 0, 255])
    await handlers['files.saveBinary']({ suggestedName: 'Loss', kind: 'png', bytes })
    expect([...readFileSync(path)]).toEqual([...bytes])
  })

  it('answers null and writes nothing when cancelled', async () => {
    const save = fileSaver(() => Promise.resolve({ canceled: true, filePath: '' }))
    expect(await fileHandlers(save)['files.saveText']({ suggestedName: 'Runs', kind: 'json', text: '{}' })).toBeNull()
  })

  it('says which place cannot be written to, and leaves what was there', async () => {
    const folder = temporaryDirectory()
    writeFileSync(join(folder, 'file'), 'before')
    const save = fileSaver(() => Promise.resolve({ canceled: false, filePath: join(folder, 'file', 'table.csv') }))
    await expect(
      fileHandlers(save)['files.saveText']({ suggestedName: 'Runs', kind: 'csv', text: 'a' }),
    ).rejects.toThrow(/could not be written/)
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('takes out of a name what a file system refuses', () => {
    expect(safeFileName('../../etc/passwd')).toBe('etc passwd')
    expect(safeFileName('Loss: LRN/BN?')).toBe('Loss LRN BN')
    expect(safeFileName('...')).toBe('Ablate')
  })
})
