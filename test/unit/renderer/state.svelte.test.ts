import { flushSync } from 'svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../src-core/contract/client.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { packRunList, unpackRunList, type PackedRunList } from '../../../src-core/domain/run-list/run-list.ts'
import type { Transport } from '../../../src-core/contract/transport.ts'
import { Notices } from '../../../src-renderer/state/notices.svelte.ts'
import { Preferences } from '../../../src-renderer/state/preferences.svelte.ts'
import { Router } from '../../../src-renderer/state/router.svelte.ts'
import { SeriesSet } from '../../../src-renderer/state/charts/series.svelte.ts'
import { Workbench } from '../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../support/renderer/sample-runs.ts'

async function open(samples = sampleRuns()): Promise<{ fake: FakeWorkbench; workbench: Workbench }> {
  const fake = new FakeWorkbench(samples)
  const workbench = new Workbench(createClient(fake.transport))
  await workbench.load()
  return { fake, workbench }
}

const calls = (fake: FakeWorkbench, procedure: string): number =>
  fake.calls.filter((call) => call.procedure === procedure).length

const byName = ({ runs }: Workbench, part: string): string => runs.all.find(({ name }) => name.includes(part))!.id

afterEach(() => vi.useRealTimers())

describe('runs', () => {
  it('are deleted with undo', async () => {
    const { workbench } = await open()
    const id = byName(workbench, 'lr 0.3')
    await workbench.runs.remove([id])
    expect([workbench.runs.get(id)!.deletedAt === null, workbench.notices.passing!.message]).toEqual([
      false,
      'Deleted “Small AlexNet, LRN, lr 0.3”.',
    ])
    workbench.notices.act()
    await vi.waitFor(() => expect(workbench.runs.get(id)!.deletedAt).toBeNull())
  })

  it('that train are deleted only after a question, and stopped before', async () => {
    const { workbench } = await open()
    const id = byName(workbench, 'BN, all images, seed 3')
    workbench.remove([workbench.runs.get(id)!])
    expect([workbench.dialogs.question!.confirm, workbench.runs.get(id)!.state]).toEqual(['Stop and delete', 'running'])
    workbench.dialogs.answer(true)
    await vi.waitFor(() => expect(workbench.runs.get(id)!.deletedAt).not.toBeNull())
    expect(workbench.runs.get(id)!.state).toBe('stopped')
  })

  it('hand the place in the table on when they are deleted', async () => {
    const { workbench } = await open()
    const [first, second, third] = workbench.table.rows
    workbench.table.currentId = first!.id
    workbench.remove([first!, second!])
    expect(workbench.table.currentId).toBe(third!.id)
  })

  it('are listed although some cannot be read, and these are told', async () => {
    const fake = new FakeWorkbench(sampleRuns())
    const unreadable = ['“a” is left out of the list: why.', '“b” is left out of the list: why.']
    const invoke: Transport['invoke'] = async (name, input) => {
      const reply = (await fake.transport.invoke(name, input)) as { value: PackedRunList }
      if (name !== 'runs.columns') return reply
      return { ok: true, value: packRunList({ ...unpackRunList(reply.value), unreadable }) }
    }
    const workbench = new Workbench(createClient({ ...fake.transport, invoke }))
    await workbench.load()
    expect(workbench.runs.all.length).toBeGreaterThan(1)
    const message = '“a” is left out of the list: why. So is 1 other run.'
    expect(workbench.notices.kept).toMatchObject([{ level: 'warning', message }])
  })

  it('say what main refused, and what to do', async () => {
    const { workbench } = await open()
    await workbench.runs.remove([byName(workbench, 'BN, all images, seed 3')])
    expect(workbench.notices.kept[0]).toMatchObject({
      level: 'error',
      message: expect.stringContaining('Stop the run first.'),
    })
  })

  it('change their place in the queue', async () => {
    const { workbench } = await open()
    const before = workbench.runs.queued.map(({ id }) => id)
    await workbench.runs.move(before[1]!, 0)
    expect(workbench.runs.queued.map(({ id }) => id)).toEqual(before.reverse())
  })

  it('of the sample are two queued runs in the comparison', async () => {
    const { workbench } = await open([])
    await workbench.startSample()
    expect(workbench.runs.queued.map(({ name }) => name)).toEqual(workbench.comparison.runs.map(({ name }) => name))
    expect(workbench.comparison.runs).toHaveLength(2)
  })

  it('are started from a draft', async () => {
    const { workbench } = await open([])
    await workbench.startDraft(false)
    expect([workbench.runs.all[0]!.state, workbench.router.route.view]).toEqual(['paused', 'runs'])
  })
})

describe('the table', () => {
  it('selects only what it shows', async () => {
    const { workbench } = await open()
    workbench.table.toggleAll()
    workbench.table.filter = 'lrn finished'
    expect(workbench.table.selectedRuns).toHaveLength(1)
  })

  it('moves within its rows', async () => {
    const { workbench } = await open()
    workbench.table.step(1)
    expect(workbench.table.current!.id).toBe(workbench.table.rows[0]!.id)
    workbench.table.step(-1e9)
    workbench.table.step(1e9)
    expect(workbench.table.current!.id).toBe(workbench.table.rows.at(-1)!.id)
  })
})

describe('series', () => {
  it('grow by live records without asking again', async () => {
    const { fake, workbench } = await open()
    const id = byName(workbench, 'BN, all images, seed 3')
    const set = new SeriesSet(createClient(fake.transport), [metricNames.trainLoss])
    await set.show([id], null)
    const series = set.get(id, metricNames.trainLoss)!
    const [before, version] = [series.total, set.version(id, metricNames.trainLoss)]
    for (let tick = 0; tick < 5; tick++) fake.tick(10)
    expect([series.total - before, calls(fake, 'metrics.history')]).toEqual([50, 1])
    expect(set.version(id, metricNames.trainLoss)).toBe(version + 5)
    set.dispose()
  })

  it('lose nothing that arrives while history is on its way', async () => {
    const { fake, workbench } = await open()
    const id = byName(workbench, 'BN, all images, seed 3')
    const set = new SeriesSet(createClient(fake.transport), [metricNames.trainLoss])
    const shown = set.show([id], null)
    fake.tick(10)
    await shown
    fake.tick(10)
    await vi.waitFor(() => expect(set.get(id, metricNames.trainLoss)!.total).toBe(workbench.runs.get(id)!.step))
    set.dispose()
  })

  it('fetch only the run that was added, and everything after a rewind', async () => {
    const { fake, workbench } = await open()
    const [first, second] = [byName(workbench, 'Small AlexNet, BN, dropout 0.5'), byName(workbench, 'lr 0.3')]
    const set = new SeriesSet(createClient(fake.transport), [metricNames.trainLoss])
    await set.show([first], null)
    await set.show([first, second], null)
    const last = fake.calls.findLast(({ procedure }) => procedure === 'metrics.history')!
    expect(last.input).toMatchObject({ runIds: [second] })
    fake.emit('metrics.rewound', { runId: first, toStep: 0 })
    await vi.waitFor(() => expect(calls(fake, 'metrics.history')).toBe(3))
    set.dispose()
  })

  it('show a range of steps exactly', async () => {
    const { fake, workbench } = await open()
    const id = byName(workbench, 'Small AlexNet, BN, dropout 0.5')
    const set = new SeriesSet(createClient(fake.transport), [metricNames.trainLoss])
    await set.show([id], { from: 100, to: 199 })
    const { step } = set.get(id, metricNames.trainLoss)!.columns
    expect([step[0], step.at(-1), step.length]).toEqual([100, 199, 100])
    set.dispose()
  })

  it('say why they could not be loaded, and try again', async () => {
    const { fake } = await open([])
    const set = new SeriesSet(createClient(fake.transport), [metricNames.trainLoss])
    await set.show(['r0123456789'], null)
    expect([set.status, set.problem]).toEqual(['failed', 'There is no run r0123456789.'])
    set.dispose()
  })
})

describe('notices, settings and places', () => {
  it('let successes fade and keep errors until they are dismissed', () => {
    vi.useFakeTimers()
    const notices = new Notices()
    notices.say('Saved.')
    notices.fail(new Error('Broken.'))
    notices.fail(new Error('Broken.'))
    vi.advanceTimersByTime(60_000)
    expect([notices.passing, notices.kept.length]).toEqual([null, 1])
    notices.dismiss(notices.kept[0]!.id)
    expect(notices.kept).toEqual([])
  })

  it('record a burst of changes once', async () => {
    vi.useFakeTimers()
    const fake = new FakeWorkbench([])
    const preferences = new Preferences(createClient(fake.transport), new Notices())
    for (const smoothing of [0.1, 0.2, 0.3]) preferences.update({ smoothing })
    preferences.update({ theme: 'dark' })
    await vi.advanceTimersByTimeAsync(1_000)
    flushSync()
    expect(fake.calls).toEqual([{ procedure: 'settings.update', input: { smoothing: 0.3, theme: 'dark' } }])
    expect(preferences.theme).toBe('dark')
  })

  it('lead back', () => {
    const router = new Router()
    router.go({ view: 'new' })
    router.go({ view: 'settings' })
    router.go({ view: 'settings' })
    router.back()
    expect(router.route.view).toBe('new')
    router.back()
    router.back()
    expect(router.route.view).toBe('runs')
  })
})
