import { Command } from 'commander'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { addDatasetCommands } from '../../../src-cli/commands/dataset.ts'
import { printPrediction } from '../../../src-cli/commands/predict.ts'
import { singleLine } from '../../../src-cli/terminal/output.ts'
import { addStored } from '../../support/stored-datasets.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

vi.mock('node:fs', async (original) => {
  const actual = await original<typeof fs>()
  return { ...actual, readFileSync: vi.fn(actual.readFileSync), readdirSync: vi.fn(actual.readdirSync) }
})

afterEach(() => void vi.restoreAllMocks())

const written = (stream: NodeJS.WriteStream) => vi.spyOn(stream, 'write').mockReturnValue(true)

async function list(workspace: string): Promise<void> {
  const program = new Command()
  addDatasetCommands(program)
  await program.parseAsync(['dataset', 'list', '--json', '--workspace', workspace], { from: 'user' })
}

it('`dataset list` reads each description once and the folder once', async () => {
  const workspace = temporaryDirectory()
  const datasets = join(workspace, 'datasets')
  for (const id of ['birds', 'roses']) addStored(datasets, id)
  addStored(datasets, 'odd', '{')
  const [printed] = [written(process.stdout), written(process.stderr)]
  vi.mocked(fs.readFileSync).mockClear()
  vi.mocked(fs.readdirSync).mockClear()
  await list(workspace)
  const records = JSON.parse(String(printed.mock.calls[0]![0])) as { id: string; directory: string | null }[]
  expect(records.map(({ id, directory }) => [id, directory])).toEqual([
    ['mnist', null],
    ['birds', join(datasets, 'birds')],
    ['roses', join(datasets, 'roses')],
  ])
  const read = vi.mocked(fs.readFileSync).mock.calls.map(([path]) => String(path))
  expect(read.filter((path) => path.startsWith(datasets))).toEqual(
    ['birds', 'odd', 'roses'].map((id) => join(datasets, id, 'info.json')),
  )
  expect(vi.mocked(fs.readdirSync).mock.calls.filter(([path]) => path === datasets)).toHaveLength(1)
})

it('what a damaged description holds does not steer the terminal', async () => {
  const workspace = temporaryDirectory()
  addStored(join(workspace, 'datasets'), 'odd', '\u001b[31m\n{')
  written(process.stdout)
  const told = written(process.stderr)
  await list(workspace)
  const line = String(told.mock.calls[0]![0])
  expect(line).toMatch(/^ablate: warning: .* is damaged: info\.json cannot be read: .*\n$/)
  expect(line).toBe(`${singleLine(line.slice(0, -1))}\n`)
})

it('neither the name of a picture nor that of a class steers the terminal', () => {
  const printed = written(process.stdout)
  printPrediction({ image: 'a\u001b[2J.png', top: [{ label: 'rose\u001b[31m\n', probability: 0.5 }] })
  expect(printed.mock.calls.flat()).toEqual(['a [2J.png\n', '   50.00 %  rose [31m \n'])
})
