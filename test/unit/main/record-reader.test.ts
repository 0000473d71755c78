import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultBlocks } from '../../../src-core/domain/report/report-request.ts'
import { unpackRunList } from '../../../src-core/domain/run-list/run-list.ts'
import { RecordReader, startReader, type ReaderThread } from '../../../src-main/reader/record-reader.ts'
import { insertRun, openTestWorkspace, stepRecord } from '../../support/workspaces.ts'

const entry = resolve(import.meta.dirname, '../../../src-main/reader/reader-thread.ts')

function testReader() {
  const workspace = openTestWorkspace()
  const run = insertRun(workspace)
  workspace.metrics.append(run.id, [stepRecord(1), stepRecord(2)])
  const started: ReaderThread[] = []
  const deaths: string[] = []
  const start = () => {
    const thread = startReader(entry, { directory: workspace.directory, nativeBinding: undefined })
    started.push(thread)
    return thread
  }
  const reader = new RecordReader(start, (reason) => deaths.push(reason))
  const at = () => reader.ask('at', { runIds: [run.id], step: 2 })
  return { workspace, run, reader, started, deaths, at }
}

describe('the reading thread', () => {
  it('sees what was recorded after it began to read', async () => {
    const { workspace, run, reader, at } = testReader()
    expect(await at()).toEqual([{ 'train/loss': { step: 2, value: 0.5 } }])
    workspace.metrics.append(run.id, [stepRecord(3, { 'train/loss': 9 })])
    const smoothing = { kind: 'ema', amount: 0.5 } as const
    const query = { runIds: [run.id], metrics: ['train/loss'], fromStep: null, toStep: null, maxPoints: 9, smoothing }
    const [series] = await reader.ask('drawn', query)
    expect([...series!.columns.last]).toEqual([1, 0.5, 9])
    await reader.close()
  })

  it('answers the list of runs as it was read before only while nobody has written', async () => {
    const { workspace, run, reader } = testReader()
    const names = async () => unpackRunList(await reader.ask('runs', undefined)).names
    await reader.ask('prepare', undefined)
    expect(await names()).toEqual([run.name])
    expect(await names()).toEqual([run.name])
    workspace.runs.update(run.id, { name: 'renamed' })
    expect(await names()).toEqual(['renamed'])
    await reader.close()
  })

  it('answers a failure with its code', async () => {
    const { reader } = testReader()
    const file = '/no/such/folder/x.csv'
    await expect(reader.ask('writeCsv', { runIds: [], metrics: [], references: [], file })).rejects.toThrow(
      /no such file/i,
    )
    await reader.close()
  })

  it('is started again after it has died, and what was asked of the dead one fails', async () => {
    const { reader, started, deaths, at } = testReader()
    await at()
    const lost = at()
    await started[0]!.terminate()
    await expect(lost).rejects.toMatchObject({ code: 'internal' })
    expect(await at()).toHaveLength(1)
    expect([started.length, deaths]).toEqual([2, ['it ended']])
    await reader.close()
    await expect(at()).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('writes files in a thread of their own, which ends afterwards', async () => {
    const { workspace, run, reader, started, deaths, at } = testReader()
    await at()
    const file = join(workspace.directory, 'curves.csv')
    await reader.ask('writeCsv', { runIds: [run.id], metrics: ['train/loss'], references: [], file })
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4)
    expect(started).toHaveLength(2)
    await new Promise((done) => started[1]!.on('exit', done))
    await at()
    expect([started.length, deaths]).toEqual([2, []])
    await reader.close()
  })

  it('makes reports beside the charts, whatever becomes of them', async () => {
    const { run, reader, started, at } = testReader()
    await at()
    const request = { references: [], title: 'A', runIds: [run.id], metrics: ['train/loss'], blocks: defaultBlocks() }
    const preview = reader.ask('previewReport', request)
    const markdown = reader.ask('reportMarkdown', request)
    expect(started).toHaveLength(2)
    expect((await preview).body).toContain(run.name)
    expect(await markdown).toContain(run.name)
    await reader.close()
  })
})
