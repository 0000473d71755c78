import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { ImportProgress, ImportRequest } from '../../../src-core/domain/datasets/import-request.ts'
import {
  datasetFiles,
  storedDatasetSchema,
  type StoredDataset,
} from '../../../src-core/domain/datasets/stored-dataset.ts'
import { importFolder } from '../../../src-core/engine/data/import/import-folder.ts'
import { openPackedDataset } from '../../../src-core/engine/data/packed-dataset.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

type Color = readonly [number, number, number]

/** Writes a picture of one colour; the format follows the name. */
async function paint(path: string, color: Color, width = 12, height = 12): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const [r, g, b] = color
  await sharp({ create: { width, height, channels: 3, background: { r, g, b } } }).toFile(path)
}

/** Lets a PNG file say that it holds a picture of another size. */
function claimSize(path: string, width: number, height: number): void {
  const bytes = readFileSync(path)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
  writeFileSync(path, bytes)
}

/** Two classes of five pictures: red ones and blue ones, each a little brighter than the one before. */
async function twoClasses(folder: string): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await paint(join(folder, 'blue', `${i}.png`), [0, 0, 100 + i])
    await paint(join(folder, 'red', `${i}.webp`), [200 + i, 0, 0])
  }
}

interface Imported {
  readonly dataset: StoredDataset
  readonly directory: string
  readonly progress: readonly ImportProgress[]
}

async function importing(folder: string, changes: Partial<ImportRequest> = {}, id = 'colours'): Promise<Imported> {
  const datasets = temporaryDirectory()
  const directory = join(datasets, 'colours')
  const progress: ImportProgress[] = []
  const request = { folder, title: 'Colours', size: 8, channels: 3, testShare: 0.2, ...changes } as ImportRequest
  const stagingDirectory = join(datasets, 'staging')
  const onProgress = (now: ImportProgress): void => void progress.push(now)
  try {
    const dataset = await importFolder({ request, id, directory, stagingDirectory, onProgress })
    expect(readdirSync(datasets)).toEqual(['colours'])
    return { dataset, directory, progress }
  } catch (error) {
    expect(readdirSync(datasets)).toEqual([])
    throw error
  }
}

describe('a folder of classes', () => {
  test('becomes packed pixels with labels, statistics and a split', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    const { dataset, directory, progress } = await importing(folder)
    const { info, source, unreadable } = dataset
    expect(info).toMatchObject({ labels: ['blue', 'red'], trainImages: 8, testImages: 2, size: 8, channels: 3 })
    expect([source.testShare, unreadable.count]).toEqual([0.2, 0])
    expect(progress.at(-1)).toEqual({ done: 10, total: 10, unreadable: 0 })
    expect(storedDatasetSchema.parse(JSON.parse(readFileSync(join(directory, 'info.json'), 'utf8')))).toEqual(dataset)

    const opened = await openPackedDataset(directory)
    const labels = opened.readLabels('train', [0, 1, 2, 3, 4, 5, 6, 7])
    expect([...labels]).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
    expect([...opened.readLabels('test', [0, 1])]).toEqual([0, 1])
    const pixels = opened.readImages('train', [7, 0])
    expect(pixels).toHaveLength(2 * 8 * 8 * 3)
    const [red, blue] = [pixels.subarray(0, 3), pixels.subarray(8 * 8 * 3, 8 * 8 * 3 + 3)]
    expect([red[0]! >= 195, blue[0], blue[2]! >= 95]).toEqual([true, 0, true])
    opened.close()
  })

  test('has exact means and deviations of its training images', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    const { dataset, directory } = await importing(folder)
    const bytes = readFileSync(join(directory, datasetFiles.train.images))
    for (const channel of [0, 1, 2]) {
      const values = [...bytes].filter((_, index) => index % 3 === channel).map((value) => value / 255)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
      expect(dataset.info.mean[channel]).toBeCloseTo(mean, 12)
      // Green is 0 everywhere: it is divided by 1 and not by 0.
      expect(dataset.info.standardDeviation[channel]).toBeCloseTo(channel === 1 ? 1 : Math.sqrt(variance), 12)
    }
  })

  test('is packed alike each time, and its files have the digests that it states', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    const [one, other] = [await importing(folder), await importing(folder)]
    expect(one.dataset).toEqual(other.dataset)
    for (const { name, bytes, sha256 } of one.dataset.files) {
      const content = readFileSync(join(one.directory, name))
      expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256])
    }
  })

  test('may be stored in grey', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    const { dataset } = await importing(folder, { channels: 1 })
    expect([dataset.info.channels, dataset.info.mean.length]).toEqual([1, 1])
    expect(dataset.files[0]!.bytes).toBe(8 * 8 * 8)
  })

  test.each(['test', 'val'])('that has train/ and %s/ keeps that division', async (name) => {
    const folder = temporaryDirectory()
    await twoClasses(join(folder, 'train'))
    await paint(join(folder, name, 'red', 'nested', 'a.jpg'), [250, 0, 0])
    const { dataset, directory } = await importing(folder)
    expect([dataset.info.trainImages, dataset.info.testImages, dataset.source.testShare]).toEqual([10, 1, null])
    const opened = await openPackedDataset(directory)
    expect([...opened.readLabels('test', [0])]).toEqual([1])
    opened.close()
  })
})

describe('what lies beside the classes', () => {
  const leftOut = ({ dataset }: Imported): object =>
    Object.fromEntries(dataset.unreadable.first.map(({ file, reason }) => [file, reason]))

  test('is a picture in train/, in test/ or above them: it is left out and named', async () => {
    const folder = temporaryDirectory()
    await twoClasses(join(folder, 'train'))
    await paint(join(folder, 'test', 'red', 'a.jpg'), [250, 0, 0])
    for (const place of ['', 'train', 'test']) await paint(join(folder, place, 'stray.jpg'), [1, 2, 3])
    const imported = await importing(folder)
    const reason = 'a picture beside the folders'
    expect(leftOut(imported)).toEqual({ 'stray.jpg': reason, 'train/stray.jpg': reason, 'test/stray.jpg': reason })
    const { info, unreadable } = imported.dataset
    expect([info.labels, info.trainImages, info.testImages, unreadable.count]).toEqual([['blue', 'red'], 10, 1, 3])
    expect(imported.progress.at(-1)).toEqual({ done: 14, total: 14, unreadable: 3 })
  })

  test('is a picture or a link beside plain class folders', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    await paint(join(folder, 'stray.png'), [1, 2, 3])
    symlinkSync(temporaryDirectory(), join(folder, 'green'))
    expect(leftOut(await importing(folder))).toEqual({
      'stray.png': 'a picture beside the folders',
      green: 'a symbolic link that leads out of the folder',
    })
  })

  test('is a second folder to test on', async () => {
    const folder = temporaryDirectory()
    await twoClasses(join(folder, 'train'))
    for (const name of ['val', 'test']) await paint(join(folder, name, 'red', 'a.jpg'), [250, 0, 0])
    const imported = await importing(folder)
    expect(imported.dataset.info.testImages).toBe(1)
    expect(leftOut(imported)).toEqual({ val: 'a folder beside train/ and test/, which is not looked into' })
  })

  test('is nothing where train and test are classes themselves', async () => {
    const folder = temporaryDirectory()
    for (const name of ['train', 'test', 'tram']) {
      for (const i of [0, 1]) await paint(join(folder, name, `${i}.png`), [i, 2, 3])
    }
    const imported = await importing(folder)
    expect([imported.dataset.info.labels, leftOut(imported)]).toEqual([['test', 'train', 'tram'], {}])
  })
})

describe('what cannot be read', () => {
  test('is left out, counted and named, and the rest is imported', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    writeFileSync(join(folder, 'red', 'broken.jpg'), 'no picture at all')
    writeFileSync(join(folder, 'red', 'cut.png'), readFileSync(join(folder, 'blue', '0.png')).subarray(0, 60))
    writeFileSync(join(folder, 'red', 'notes.txt'), 'is no picture and is passed over')
    writeFileSync(join(folder, 'red', '.hidden.jpg'), 'is passed over too')
    const { dataset, progress } = await importing(folder)
    expect(dataset.unreadable.count).toBe(2)
    const named = dataset.unreadable.first.map(({ file }) => file).sort()
    expect(named).toEqual(['red/broken.jpg', 'red/cut.png'])
    for (const { reason } of dataset.unreadable.first) expect(reason).not.toContain(folder)
    expect(dataset.info.trainImages + dataset.info.testImages).toBe(10)
    expect(progress.at(-1)).toEqual({ done: 12, total: 12, unreadable: 2 })
  })

  test('are pictures too large for the memory, and drawings under the name of a picture', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    await paint(join(folder, 'red', 'camera.jpg'), [1, 2, 3], 6000, 5000)
    await paint(join(folder, 'red', 'huge.png'), [1, 2, 3])
    claimSize(join(folder, 'red', 'huge.png'), 10_001, 10_000)
    writeFileSync(join(folder, 'red', 'drawing.png'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    const { dataset } = await importing(folder)
    const reasons = Object.fromEntries(dataset.unreadable.first.map(({ file, reason }) => [file, reason]))
    expect(reasons).toEqual({
      'red/huge.png': 'it has more than 100,000,000 pixels',
      'red/drawing.png': 'it is not a JPEG, PNG or WebP picture',
    })
    expect(dataset.info.trainImages + dataset.info.testImages).toBe(11)
  })

  test('are links that lead out of the folder or nowhere; one to a picture of the folder counts as one', async () => {
    const [folder, elsewhere] = [temporaryDirectory(), temporaryDirectory()]
    await twoClasses(folder)
    await paint(join(elsewhere, 'secret.png'), [9, 9, 9])
    symlinkSync(join(elsewhere, 'secret.png'), join(folder, 'red', 'out.png'))
    symlinkSync(elsewhere, join(folder, 'red', 'folder'))
    symlinkSync(join(folder, 'nothing'), join(folder, 'red', 'nowhere.png'))
    symlinkSync(join(folder, 'blue'), join(folder, 'red', 'inner'))
    symlinkSync(join(folder, 'blue', '0.png'), join(folder, 'red', 'within.png'))
    const { dataset } = await importing(folder)
    const reasons = Object.fromEntries(dataset.unreadable.first.map(({ file, reason }) => [file, reason]))
    expect(reasons).toEqual({
      'red/out.png': 'a symbolic link that leads out of the folder',
      'red/folder': 'a symbolic link that leads out of the folder',
      'red/nowhere.png': 'a symbolic link to nothing',
      'red/inner': 'a symbolic link to a folder',
    })
    expect(dataset.info.trainImages + dataset.info.testImages).toBe(11)
  })

  test('is named up to a number, and always counted', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    for (let i = 0; i < 30; i++) writeFileSync(join(folder, 'red', `broken-${i}.jpg`), '')
    const { dataset } = await importing(folder)
    expect([dataset.unreadable.count, dataset.unreadable.first.length]).toEqual([30, 20])
  })
})

describe('a folder is refused', () => {
  const expectRefusal = async (folder: string, message: RegExp): Promise<void> => {
    const found = expect.objectContaining({ code: 'import-refused', message: expect.stringMatching(message) })
    await expect(importing(folder)).rejects.toEqual(found)
  }

  test('that is not there, or is a file', async () => {
    const folder = temporaryDirectory()
    await expectRefusal(join(folder, 'none'), /no such folder/)
    writeFileSync(join(folder, 'file'), '')
    await expectRefusal(join(folder, 'file'), /is no folder/)
  })

  test('without classes, or with one', async () => {
    const folder = temporaryDirectory()
    await paint(join(folder, 'a.png'), [1, 2, 3])
    await expectRefusal(folder, /no sub-folder of it holds pictures.*one sub-folder/)
    await paint(join(folder, 'red', 'a.png'), [1, 2, 3])
    await expectRefusal(folder, /only "red" holds pictures/)
  })

  test('that is nested without end', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    mkdirSync(join(folder, 'red', ...new Array<string>(12).fill('deeper')), { recursive: true })
    await expectRefusal(folder, /nested too deeply/)
  })

  test('that tests on a class which it does not train on', async () => {
    const folder = temporaryDirectory()
    await twoClasses(join(folder, 'train'))
    await paint(join(folder, 'test', 'green', 'a.png'), [0, 9, 0])
    await expectRefusal(folder, /"green" to test on, but none to train on/)
  })

  test.each([
    ['test', 'train'],
    ['train', 'test'],
    ['val', 'train'],
  ])('of which %s/ has no class folders while %s/ does', async (flat, divided) => {
    const folder = temporaryDirectory()
    await twoClasses(join(folder, divided))
    for (const i of [0, 1]) await paint(join(folder, flat, `${i}.png`), [i, 2, 3])
    mkdirSync(join(folder, flat, 'empty'))
    await expectRefusal(folder, new RegExp(`: ${flat}/ holds no sub-folders with pictures, but ${divided}/ does`))
  })

  test('of which the description could not be read later, before it has its name', async () => {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    const found = expect.objectContaining({ code: 'import-refused', message: expect.stringContaining('info.id') })
    await expect(importing(folder, {}, 'No Id')).rejects.toEqual(found)
  })

  test('of which nothing is left to train or to test on', async () => {
    const folder = temporaryDirectory()
    for (const name of ['blue', 'red']) await paint(join(folder, name, '0.png'), [1, 2, 3])
    await expectRefusal(folder, /nothing to test on/)
    const broken = temporaryDirectory()
    for (const name of ['blue', 'red']) {
      mkdirSync(join(broken, name))
      for (let i = 0; i < 4; i++) writeFileSync(join(broken, name, `${i}.png`), 'no picture')
    }
    await expectRefusal(broken, /none of the pictures to train on can be read\. The first one, blue/)
    const parts = temporaryDirectory()
    await twoClasses(join(parts, 'train'))
    mkdirSync(join(parts, 'test', 'red'), { recursive: true })
    writeFileSync(join(parts, 'test', 'red', '0.png'), 'no picture')
    await expectRefusal(parts, /none of the pictures to test on can be read/)
  })
})

describe('an imported data set', () => {
  async function imported(): Promise<string> {
    const folder = temporaryDirectory()
    await twoClasses(folder)
    return (await importing(folder)).directory
  }

  test('hands out fresh memory', async () => {
    const dataset = await openPackedDataset(await imported())
    const before = dataset.readImages('test', [1])
    const kept = [...before]
    before.fill(7)
    expect([...dataset.readImages('test', [1])]).toEqual(kept)
    dataset.close()
  })

  const file = (part: 'train' | 'test', kind: 'images' | 'labels'): string => datasetFiles[part][kind]

  test.each<[string, string, Uint8Array, RegExp]>([
    ['is too short', file('train', 'images'), new Uint8Array(5), /5 bytes instead of 1536/],
    ['has too many labels', file('test', 'labels'), new Uint8Array(80), /80 bytes instead of 8/],
    [
      'holds another class',
      file('test', 'labels'),
      Uint8Array.of(9, 0, 0, 0, 1, 0, 0, 0),
      /the class 9, but there are 2/,
    ],
    ['holds a negative class', file('test', 'labels'), Uint8Array.of(255, 255, 255, 255, 1, 0, 0, 0), /class -1/],
    ['is no description', datasetFiles.info, new TextEncoder().encode('{"format":1}'), /does not say/],
  ])('is damaged when a file %s', async (_what, name, content, message) => {
    const directory = await imported()
    writeFileSync(join(directory, name), content)
    const found = expect.objectContaining({ code: 'dataset-damaged', message: expect.stringMatching(message) })
    await expect(openPackedDataset(directory)).rejects.toEqual(found)
  })

  test('that becomes shorter while it is open is damaged, and one without files is missing', async () => {
    const directory = await imported()
    const dataset = await openPackedDataset(directory)
    writeFileSync(join(directory, file('train', 'images')), new Uint8Array(10))
    expect(() => dataset.readImages('train', [0])).toThrow(expect.objectContaining({ code: 'dataset-damaged' }))
    dataset.close()
    const missing = expect.objectContaining({ code: 'dataset-missing' })
    const nowhere = join(directory, 'nowhere')
    await expect(openPackedDataset(nowhere)).rejects.toEqual(missing)
    expect(existsSync(nowhere)).toBe(false)
  })
})
