import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { datasetsIn } from '../../../src-core/storage/folder/datasets.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { addStored, sampleStored } from '../../support/stored-datasets.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

describe('the data sets of a workspace', () => {
  it('are those that come with Ablate, then the imported ones by their ids', () => {
    const directory = temporaryDirectory()
    for (const id of ['roses', 'birds']) addStored(directory, id)
    const datasets = datasetsIn(directory)
    expect(datasets.list()).toEqual([mnistInfo, sampleStored('birds').info, sampleStored('roses').info])
    expect(datasets.directoryOf('mnist')).toBeNull()
    expect(datasets.directoryOf('roses')).toBe(join(directory, 'roses'))
    expect(datasets.find('birds')).toMatchObject({ stored: sampleStored('birds') })
  })

  it('are seen as soon as they are there', () => {
    const directory = join(temporaryDirectory(), 'datasets')
    const datasets = datasetsIn(directory)
    expect(datasets.list()).toEqual([mnistInfo])
    addStored(directory, 'late')
    expect(datasets.list().map(({ id }) => id)).toEqual(['mnist', 'late'])
  })

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /info\.json cannot be read/],
    ['another format', { ...sampleStored('odd'), format: 'zip' }, /info\.json: format/],
    ['one class', sampleStored('odd', { labels: ['rose'] }), /info\.json: info\.labels/],
    ['means of another number of channels', sampleStored('odd', { mean: [0.5] }), /info\.json: info/],
    ["somebody else's id", sampleStored('even'), /that of "even"/],
  ])('with %s are damaged: told, left alone, and not offered', (_what, content, reason) => {
    const directory = temporaryDirectory()
    const folder = addStored(directory, 'odd', content)
    const before = readFileSync(join(folder, 'info.json'), 'utf8')
    const datasets = datasetsIn(directory)
    expect(datasets.list()).toEqual([mnistInfo])
    expect(datasets.find('odd')).toBeNull()
    expect(datasets.imported().damaged).toEqual([{ directory: folder, reason: expect.stringMatching(reason) }])
    expect(() => datasets.directoryOf('odd')).toThrow(expect.objectContaining({ code: 'dataset-damaged' }))
    expect(readFileSync(join(folder, 'info.json'), 'utf8')).toBe(before)
  })

  it('without a description are damaged, and other things in the folder are nothing', () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'empty'))
    mkdirSync(join(directory, 'roses.0123abcd.unfinished-import'))
    writeFileSync(join(directory, 'file'), '')
    expect(datasetsIn(directory).imported().damaged).toMatchObject([{ directory: join(directory, 'empty') }])
  })

  it.each(['nowhere', '..', '../../etc', 'a/b', ''])('do not reach "%s"', (id) => {
    const datasets = datasetsIn(temporaryDirectory())
    expect(() => datasets.directoryOf(id)).toThrow(expect.objectContaining({ code: 'dataset-missing' }))
    expect([datasets.find(id), datasets.isFolder(id)]).toEqual([null, false])
  })

  it('that are damaged are told when the workspace is opened', () => {
    const directory = temporaryDirectory()
    const folder = addStored(join(directory, 'datasets'), 'odd', '{')
    const workspace = openWorkspace(directory, { application: 'a test' })
    expect(workspace.warnings).toEqual([expect.stringContaining(`${folder} is damaged and cannot be used`)])
    workspace.close()
    expect(existsSync(folder)).toBe(true)
  })
})
