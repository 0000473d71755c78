import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../src-core/contract/dispatcher.ts'
import { procedures, type ProcedureName } from '../../../src-core/contract/procedures/index.ts'
import { createHandlers } from '../../../src-main/handlers/index.ts'
import { isSanePayload } from '../../../src-main/payload-size.ts'
import { RecordReader } from '../../../src-main/reader/record-reader.ts'
import { threadless } from '../../support/threadless-reader.ts'
import { fakeTrainers } from '../../support/fake-trainer.ts'
import { testService } from '../../support/run-services.ts'
import { sampleConfusion, sampleFilters, samplePreview } from '../../support/sample-run.ts'
import { insertRun, stepRecord, testSpec } from '../../support/workspaces.ts'

/** Main's handlers over a run service with fake trainers, called as the window calls them. */
function testHandlers() {
  const artifactsAt = (step: number) => (step === 20 ? [sampleConfusion(20)] : [])
  const readLimits = () => ({ memory: 2 ** 34, disk: 2 ** 36 })
  const context = testService({ trainers: fakeTrainers({ artifactsAt }), readLimits })
  const asked: string[] = []
  const handlers = createHandlers({
    workspace: context.workspace,
    runs: context.service,
    facts: {
      version: '0',
      sandboxed: true,
      openFolder: async (folder) => {
        asked.push(folder)
        return ''
      },
    },
    reader: new RecordReader(() => threadless(context.workspace)),
    saveFile: async ({ suggestedName, kind }, write) => {
      asked.push(`${suggestedName}.${kind}`)
      const file = join(context.workspace.directory, `${suggestedName}.${kind}`)
      await write(file)
      return file
    },
    printPdf: async (page) => new TextEncoder().encode(`%PDF of ${readFileSync(page, 'utf8').length > 1000}`),
    reveal: (directory) => void asked.push(directory),
    chooseModelFile: async () => {
      asked.push('a file')
      return '/w/alexnet.safetensors'
    },
    chooseCurvesFile: async () => {
      asked.push('curves')
      return join(context.workspace.directory, 'paper.csv')
    },
    onSettingsChange: () => {},
  })
  const call = async (name: ProcedureName, input?: unknown): Promise<unknown> => {
    const reply = await dispatch(handlers, name, input, (error) => {
      throw error
    })
    return reply.ok ? reply.value : reply.error
  }
  return { ...context, call, asked }
}

describe('the window', () => {
  it('creates the runs of an ablation at once, then reads their artifacts and checkpoints', async () => {
    const { service, workspace, call } = testHandlers()
    const runs = ['a', 'b'].map((name) => ({ name, spec: testSpec() }))
    expect(await call('runs.createAll', { runs, start: true })).toMatchObject([
      { name: 'a', queuePosition: 0 },
      { name: 'b', queuePosition: 1 },
    ])
    service.startQueue()
    const [newest] = service.list({ deleted: false })
    const runId = newest!.id
    await service.settled(runId)
    const listed = await call('artifacts.list', { runId })
    expect(listed).toMatchObject([{ step: 20, kind: 'confusion', subject: 'test' }])
    const [{ id: artifactId }] = listed as { id: number }[] as [{ id: number }]
    expect(await call('artifacts.get', { artifactId })).toEqual(sampleConfusion(20))
    const { id } = workspace.artifacts.add(runId, sampleFilters(40))
    expect(await call('artifacts.filters', { runId, after: artifactId })).toEqual([{ id, filters: sampleFilters(40) }])
    expect(await call('checkpoints.list', { runId })).toMatchObject([{ step: 40 }, { step: 30 }])
  })

  it('previews augmentation and chooses a file', async () => {
    const { call } = testHandlers()
    expect(await call('preview.augmentation', { spec: testSpec() })).toEqual(samplePreview())
    expect(await call('transfer.chooseFile')).toBe('/w/alexnet.safetensors')
  })

  it('measures a preflight, and gives up what is under way', async () => {
    const { call } = testHandlers()
    const measured = await call('preflight.measure', { spec: testSpec() })
    expect(measured).toMatchObject({ fits: true, time: { imagesPerSecond: 200 } })
    expect([await call('preflight.cancel'), await call('preview.cancel')]).toEqual([undefined, undefined])
  })

  it('reads histories, values at a step, and saves what was logged', async () => {
    const { workspace, call } = testHandlers()
    const run = insertRun(workspace, '=name, "quoted"')
    workspace.metrics.append(run.id, [stepRecord(1), stepRecord(2, { 'train/loss': NaN })])
    const query = { runIds: [run.id], metrics: ['train/loss'] }
    const paper = { from: 'text', name: 'paper.csv', text: 'epoch,accuracy\n0.5,57\n' }
    await call('references.import', paper)
    const references = [{ referenceId: 1, curve: 'accuracy', metric: 'validation/accuracy' }]
    const all = { fromStep: null, toStep: null, maxPoints: 10, smoothing: { kind: 'ema', amount: 0.5 } }
    expect(await call('metrics.history', { ...query, ...all })).toMatchObject([{ metric: 'train/loss', total: 2 }])
    expect(await call('metrics.at', { runIds: [run.id], step: 1 })).toEqual([{ 'train/loss': { step: 1, value: 1 } }])
    const file = await call('metrics.saveCsv', { ...query, references, suggestedName: 'curves' })
    expect(readFileSync(file as string, 'utf8').split('\r\n')).toEqual([
      'run,name,metric,step,epoch,wall_time_ms,active_time_ms,value',
      `${run.id},"'=name, ""quoted""",train/loss,1,0.1,1700000001000,1000,1`,
      `${run.id},"'=name, ""quoted""",train/loss,2,0.2,1700000002000,2000,NaN`,
      ',paper,validation/accuracy,,0.5,,,0.57',
      '',
    ])
  })

  it('imports reference curves from a file or a text, lists them and deletes them', async () => {
    const { workspace, call } = testHandlers()
    writeFileSync(join(workspace.directory, 'paper.csv'), 'step,train/loss\n1,0.5\n2,NaN\n')
    const columns = {
      step: Float64Array.of(1, 2),
      epoch: null,
      curves: [{ label: 'train/loss', values: Float64Array.of(0.5, NaN) }],
    }
    const fromFile = await call('references.import', { from: 'dialog' })
    expect(fromFile).toMatchObject({ id: 1, name: 'paper', ...columns })
    const text = { from: 'text', name: 'a.csv', text: 'epoch,x\n0.5,-inf\n' }
    const fromText = await call('references.import', text)
    expect(await call('references.list')).toEqual([fromText, fromFile])
    await call('references.rename', { referenceId: 1, name: ' Paper ' })
    expect(await call('references.list')).toMatchObject([{ name: 'a' }, { name: 'Paper' }])
    expect(await call('references.rename', { referenceId: 9, name: 'b' })).toMatchObject({
      code: 'invalid-value',
      message: 'There are no reference curves 9.',
    })
    expect(await call('references.rename', { referenceId: 1, name: ' ' })).toMatchObject({ code: 'invalid-value' })
    await call('references.delete', { referenceId: 1 })
    expect(await call('references.list')).toEqual([fromText])
    const bad = await call('references.import', { ...text, text: 'step,x\n1,?' })
    expect(bad).toMatchObject({ code: 'invalid-value', message: 'a.csv, line 2, column "x": "?" is no number.' })
    rmSync(join(workspace.directory, 'paper.csv'))
    expect(await call('references.import', { from: 'dialog' })).toMatchObject({
      code: 'invalid-value',
      message: expect.stringMatching(/^paper.csv cannot be read: ENOENT/),
    })
    expect(await call('references.list')).toEqual([fromText])
  })

  it('saves what it has drawn', async () => {
    const { call } = testHandlers()
    const text = await call('files.saveText', { suggestedName: 'a', kind: 'csv', text: 'x,y' })
    const bytes = await call('files.saveBinary', { suggestedName: 'b', kind: 'png', bytes: Uint8Array.of(1, 2) })
    expect([readFileSync(text as string, 'utf8'), [...readFileSync(bytes as string)]]).toEqual(['x,y', [1, 2]])
  })

  it('previews, copies and saves a report, and shows no file but the one that was saved', async () => {
    const { workspace, call, asked } = testHandlers()
    const run = insertRun(workspace, 'a <b>name</b>')
    workspace.metrics.append(run.id, [stepRecord(1), stepRecord(2)])
    const request = { title: 'T', runIds: [run.id], metrics: null, blocks: [{ kind: 'section', section: 'summary' }] }
    expect(await call('reports.reveal')).toMatchObject({ code: 'usage' })
    expect(await call('reports.preview', request)).toMatchObject({ body: expect.stringContaining('a &lt;b&gt;name') })
    expect(await call('reports.markdown', request)).toContain('# T')
    const page = (await call('reports.save', { request, format: 'html' })) as string
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/)
    const pdf = (await call('reports.save', { request, format: 'pdf' })) as string
    expect(readFileSync(pdf, 'utf8')).toBe('%PDF of true')
    await call('reports.reveal')
    expect(asked.at(-1)).toBe(pdf)
    const unknown = { ...request, metrics: ['no/such'] }
    expect(await call('reports.preview', unknown)).toMatchObject({ code: 'usage' })
  })

  it('gets what is not there as typed errors', async () => {
    const { call } = testHandlers()
    const runId = 'r0000000000'
    expect(await call('artifacts.list', { runId })).toMatchObject({ code: 'run-not-found' })
    expect(await call('checkpoints.list', { runId })).toMatchObject({ code: 'run-not-found' })
    expect(await call('artifacts.get', { artifactId: 1 })).toMatchObject({ code: 'usage' })
    expect(await call('runs.createAll', { runs: [], start: true })).toMatchObject({ code: 'invalid-value' })
  })

  it('gets a typed refusal for every malformed value, and no dialog opens', async () => {
    const { call, asked, trainers } = testHandlers()
    const spec = { ...testSpec(), extra: 1 }
    const values = [
      null,
      0,
      NaN,
      '',
      [],
      {},
      new Date(0),
      new Map([['runId', 'r0123456789']]),
      10n,
      { deleted: 'maybe' },
    ]
    const objects = [
      { runId: '../../etc/passwd' },
      { artifactId: 0.5 },
      { artifactId: 2 ** 53 },
      { spec },
      { spec: {} },
    ]
    const lists = [
      { runs: [{ name: 'n', spec }], start: true },
      { runs: {}, start: true },
      { runs: [null], start: 1 },
    ]
    // These take parts of a whole, so that an empty object is well-formed.
    const partial = ['settings.update', 'layout.update']
    const names = Object.keys(procedures).filter((name) => !partial.includes(name)) as ProcedureName[]
    for (const name of names) {
      for (const value of [...values, ...objects, ...lists]) {
        expect([name, value, await call(name, value)]).toEqual([
          name,
          value,
          expect.objectContaining({ code: 'invalid-value' }),
        ])
      }
    }
    expect([asked, trainers.all]).toEqual([[], []])
  })

  it('may send as many runs as the contract allows', () => {
    const runs = Array.from({ length: 500 }, (_, index) => ({ name: `run ${index}`, spec: testSpec() }))
    expect(isSanePayload({ runs, start: true })).toBe(true)
  })
})
