import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { ablate, ablateJson, CliProcess, newFolder } from '../../support/cli.ts'
import { writePictureFolder } from '../../support/picture-folder.ts'

const workspace = newFolder()
const inWorkspace = ['--workspace', workspace]

interface Listed {
  readonly id: string
  readonly labels: readonly string[]
  readonly trainImages: number
  readonly directory: string | null
}

describe('a data set out of a folder', () => {
  const pictures = newFolder()
  let run = ''

  beforeAll(async () => {
    await writePictureFolder(pictures, { classes: 3, perClass: 30, size: 48 })
    writeFileSync(join(pictures, 'class-1', 'broken.jpg'), 'no picture')
    const imported = await ablate(
      'dataset',
      'import',
      pictures,
      '--name',
      'Three greys',
      '--size',
      '40',
      ...inWorkspace,
    )
    expect(imported).toMatchObject({ status: 0, stderr: expect.stringMatching(/Three greys: 91 of 91, .*1 left out/) })
    expect(imported.stdout).toMatch(/72 to train on, 18 to test on/)
    expect(imported.stdout).toMatch(/class-1\/broken\.jpg: /)
    expect(imported.stdout).toContain('--dataset three-greys')
  })

  test('is listed and shown', async () => {
    const listed = await ablateJson<Listed[]>('dataset', 'list', ...inWorkspace)
    expect(listed.map(({ id, directory }) => [id, directory])).toEqual([
      ['mnist', null],
      ['three-greys', join(workspace, 'datasets', 'three-greys')],
    ])
    const shown = await ablateJson<Listed>('dataset', 'show', 'three-greys', ...inWorkspace)
    expect(shown).toMatchObject({ ...listed[1], unreadable: { count: 1 }, source: { folder: pictures } })
    const text = await ablate('dataset', 'show', 'mnist', ...inWorkspace)
    expect(text.stdout).toMatch(/60,000 to train on.*\n.*28 x 28 pixels, grey/)
    const unknown = await ablate('dataset', 'show', 'nothing', ...inWorkspace)
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('Known data sets: mnist, three-greys') })
  })

  test('trains: the classes follow it, and what it teaches is learned', async () => {
    const sets = [
      'model.input.channels=3',
      'data.resize=40',
      'data.augmentation.flip=true',
      'data.augmentation.randomCrop=true',
      'training.batchSize=8',
      'training.optimizer=adam',
      'training.learningRate=0.002',
    ].flatMap((set) => ['--set', set])
    const child = new CliProcess([
      'train',
      'lenet-5',
      '--dataset',
      'three-greys',
      ...sets,
      '--epochs',
      '6',
      '--json',
      ...inWorkspace,
    ])
    const { status, stderr } = await child.result
    expect([status, stderr]).toEqual([0, expect.stringContaining('gets 3 outputs for Three greys')])
    const points = child.lines.filter(({ event }) => event === 'point')
    run = (child.lines.find(({ event }) => event === 'run')!.run as { id: string }).id
    expect(points.at(-1)!.metrics!['test/accuracy']).toBeGreaterThan(0.9)
  })

  test('is what a trained run predicts and exports with', async () => {
    const picture = join(pictures, 'class-2', readdirSync(join(pictures, 'class-2'))[0]!)
    const [predicted] = await ablateJson<{ top: { label: string }[] }[]>('predict', run, picture, ...inWorkspace)
    expect(predicted!.top.map(({ label }) => label).sort()).toEqual(['class-0', 'class-1', 'class-2'])
    const out = join(newFolder(), 'model')
    const { check } = await ablateJson<{ check: object }>('export', run, '--out', out, ...inWorkspace)
    expect(check).toMatchObject({ images: 18, top1Agreement: 1 })
    expect(JSON.parse(readFileSync(join(out, 'labels.json'), 'utf8'))).toEqual(['class-0', 'class-1', 'class-2'])
  })

  test('that is damaged is told by its name, and stays', async () => {
    const directory = join(workspace, 'datasets', 'odd')
    mkdirSync(directory)
    const shown = await ablate('dataset', 'show', 'odd', ...inWorkspace)
    expect(shown).toMatchObject({ status: 1, stderr: expect.stringContaining('[dataset-damaged]') })
    const listed = await ablate('dataset', 'list', ...inWorkspace)
    expect(listed.stderr).toContain(`the data set in ${directory} is damaged`)
    expect(existsSync(directory)).toBe(true)
  })
})

describe('an import', () => {
  test('that is interrupted leaves nothing behind', async () => {
    const [pictures, place] = [newFolder(), newFolder()]
    await writePictureFolder(pictures, { classes: 2, perClass: 150, size: 500 })
    const datasets = join(place, 'datasets')
    const child = new CliProcess([
      'dataset',
      'import',
      pictures,
      '--name',
      'Cut',
      '--size',
      '500',
      '--workspace',
      place,
    ])
    const isWriting = (): boolean => existsSync(datasets) && readdirSync(datasets).length > 0
    while (!isWriting()) await delay(5)
    child.child.kill('SIGINT')
    const { status, stderr } = await child.result
    expect([status, stderr]).toEqual([1, expect.stringContaining('[cancelled]')])
    expect(readdirSync(datasets)).toEqual([])
  })

  test('of a folder without classes is refused in words', async () => {
    const refused = await ablate('dataset', 'import', newFolder(), '--name', 'Empty', '--workspace', newFolder())
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no sub-folder of it.*\[import-refused\]/),
    })
    const steering = await ablate('dataset', 'import', '/a\u001b[31mred', '--name', 'Red', '--workspace', newFolder())
    expect(steering.stderr).toMatch(
      /^ablate: \/a \[31mred cannot be imported: there is no such folder\. \[import-refused\]\n$/,
    )
    const wrong = await ablate('dataset', 'import', '.', '--name', 'x', '--size', 'big', '--workspace', newFolder())
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('size: ') })
  })
})
