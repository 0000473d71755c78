import { describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src-core/contract/client.ts'
import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import { replySchema } from '../../src-core/contract/transport.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import { fakeHandlers } from '../support/fake-handlers.ts'
import { sampleRun } from '../support/sample-run.ts'
import { connectInMemory, connectOverIpc } from '../support/transports.ts'

const runId = 'r0123456789'

/** Every transport keeps these promises, so what is proved over one holds over the other. */
describe.each([
  ['in memory', connectInMemory],
  ['over ipcMain and the preload', connectOverIpc],
])('a client %s', (_name, connect) => {
  function connected(changes: Partial<Handlers> = {}) {
    const unexpected: unknown[] = []
    const connection = connect(fakeHandlers(changes), (error) => unexpected.push(error))
    return { ...connection, client: createClient(connection.transport), unexpected }
  }

  it('gets typed answers', async () => {
    const { client } = connected()
    expect(await client.call('runs.get', { runId })).toEqual(sampleRun())
    expect(await client.call('app.openWorkspaceFolder')).toBeUndefined()
  })

  it('keeps NaN and infinities', async () => {
    const last = { 'train/loss': NaN, 'train/accuracy': -Infinity }
    const { client } = connected({ 'runs.get': () => sampleRun({ last }) })
    expect((await client.call('runs.get', { runId })).last).toEqual(last)
  })

  it('gets an expected failure as the same error', async () => {
    const failure = new WorkbenchError('run-busy', 'It trains.', { runId })
    const { client, unexpected } = connected({ 'runs.delete': () => Promise.reject(failure) })
    await expect(client.call('runs.delete', { runId })).rejects.toEqual(failure)
    expect(unexpected).toEqual([])
  })

  it('gets an unexpected failure as "internal", without its stack, and main hears of it', async () => {
    const surprise = new TypeError('surprise')
    const { client, unexpected } = connected({
      'runs.stop': () => {
        throw surprise
      },
    })
    await expect(client.call('runs.stop', { runId })).rejects.toMatchObject({ code: 'internal', message: 'surprise' })
    expect(unexpected).toEqual([surprise])
  })

  it('is refused with "invalid-value" before the handler when the input does not fit', async () => {
    const create = vi.fn(fakeHandlers()['runs.create'])
    const { transport } = connected({ 'runs.create': create })
    const spec = recipeSpec('alexnet-small')
    for (const input of [
      undefined,
      null,
      'x',
      {},
      { name: '', spec, start: true },
      { name: 'n', spec, start: true, x: 1 },
    ]) {
      const reply = replySchema.parse(await transport.invoke('runs.create', input))
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-value' } })
    }
    expect(create).not.toHaveBeenCalled()
  })

  it('is refused with "usage" for a procedure that does not exist', async () => {
    const { transport } = connected()
    for (const name of ['runs.nope', '', '__proto__', 'constructor', 'toString', 'x'.repeat(10_000)]) {
      expect(await transport.invoke(name, undefined)).toMatchObject({ ok: false, error: { code: 'usage' } })
    }
  })

  it('fails with "internal" when a handler answers something that the contract does not know', async () => {
    const { client } = connected({ 'metrics.names': () => ['NOT A METRIC NAME'] })
    await expect(client.call('metrics.names', { runId })).rejects.toMatchObject({ code: 'internal' })
  })

  it('subscribes once for all who listen to an event, as long as there is one', () => {
    const { client, transport, emit } = connected()
    const subscribe = vi.spyOn(transport, 'subscribe')
    const heard: string[] = []
    const listen = (name: string) => client.on('run.changed', () => void heard.push(name))
    const ends = ['a', 'b', 'c'].map(listen)
    emit('run.changed', { run: sampleRun() })
    ends[1]!()
    ends[1]!()
    emit('run.changed', { run: sampleRun() })
    expect([heard, subscribe.mock.calls.length]).toEqual([['a', 'b', 'c', 'a', 'c'], 1])
    for (const end of ends) end()
    emit('run.changed', { run: sampleRun() })
    expect(heard).toHaveLength(5)
    listen('d')
    emit('run.changed', { run: sampleRun() })
    expect([heard.at(-1), subscribe.mock.calls.length]).toEqual(['d', 2])
  })

  it('hears events until it stops listening', () => {
    const { client, emit } = connected()
    const heard: string[] = []
    const stop = client.on('run.changed', ({ run }) => heard.push(run.name))
    emit('run.changed', { run: sampleRun({ name: 'first' }) })
    emit('run.purged', { runId })
    stop()
    emit('run.changed', { run: sampleRun({ name: 'second' }) })
    expect(heard).toEqual(['first'])
  })

  it('hands listeners the payload alone', () => {
    const { transport, emit } = connected()
    const heard: unknown[][] = []
    transport.subscribe('command', (...values) => heard.push(values))
    emit('command', { command: 'new-run' })
    expect(heard).toEqual([[{ command: 'new-run' }]])
  })

  it('refuses a name that is longer than a name may be, and keeps hostile ones as they are', async () => {
    const { client } = connected()
    const name = '<img src=x onerror=alert(1)> ../../etc \u202e'
    expect((await client.call('runs.rename', { runId, name })).name).toBe(name)
    await expect(client.call('runs.rename', { runId, name: 'x'.repeat(201) })).rejects.toMatchObject({
      code: 'invalid-value',
    })
  })
})

describe('over ipcMain', () => {
  it.each([
    ['a frame that is gone', null],
    ['an iframe', { url: 'app://ablate/index.html', parent: {} as never, detached: false }],
    ['another page', { url: 'about:blank', parent: null, detached: false }],
  ])('every procedure refuses %s', async (_what, frame) => {
    const handlers = fakeHandlers()
    const { transport } = connectOverIpc(
      handlers,
      () => {},
      () => frame,
    )
    for (const name of Object.keys(handlers)) {
      expect(await transport.invoke(name, undefined)).toMatchObject({ ok: false, error: { code: 'refused-sender' } })
    }
  })

  it('answers what cannot be cloned as data', async () => {
    const { transport } = connectOverIpc(fakeHandlers(), () => {})
    const reply = await transport.invoke('runs.get', { runId: () => {} })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-value' } })
  })

  it('refuses an input that is too large', async () => {
    const { transport } = connectOverIpc(fakeHandlers(), () => {})
    const reply = await transport.invoke('runs.rename', { runId, name: 'x'.repeat(5_000_000) })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-value' } })
  })

  it('refuses to listen to an event that does not exist', () => {
    const { transport } = connectOverIpc(fakeHandlers(), () => {})
    expect(() => transport.subscribe('ELECTRON_INTERNAL', () => {})).toThrow('no event')
  })
})
