import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../src-core/contract/dispatcher.ts'
import { procedures, type ProcedureName } from '../../../src-core/contract/procedures/index.ts'
import { createHandlers } from '../../../src-main/handlers/index.ts'
import { isSanePayload } from '../../../src-main/payload-size.ts'
import { fakeTrainers } from '../../support/fake-trainer.ts'
import { testService } from '../../support/run-services.ts'
import { sampleConfusion, samplePreview } from '../../support/sample-run.ts'
import { testSpec } from '../../support/workspaces.ts'

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
    reveal: (directory) => void asked.push(directory),
    chooseModelFile: async () => {
      asked.push('a file')
      return '/w/alexnet.safetensors'
    },
    saveFile: async ({ suggestedName, kind }) => `/w/${suggestedName}.${kind}`,
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
    const { service, call } = testHandlers()
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
