import { describe, expect, it, vi } from 'vitest'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { testService, until } from '../../support/run-services.ts'
import { testSpec } from '../../support/workspaces.ts'

const seeds = [1, 2, 3].map((seed) => ({ name: `seed ${seed}`, spec: setAtPath(testSpec(), 'training.seed', seed) }))

describe('creating several runs', () => {
  it('queues them in the given order, behind what waits already, and announces each once', async () => {
    const { service, trainers, heard } = testService()
    const first = service.create({ name: 'first', spec: testSpec(), start: true })
    const runs = service.createAll(seeds, true)
    expect(runs.map(({ name, state, queuePosition }) => [name, state, queuePosition])).toEqual([
      ['seed 1', 'queued', 1],
      ['seed 2', 'queued', 2],
      ['seed 3', 'queued', 3],
    ])
    expect(new Set(runs.map(({ color }) => color)).size).toBe(3)
    expect(heard.runs.map(({ name }) => name)).toEqual(['first', 'seed 1', 'seed 2', 'seed 3'])
    expect(service.events(runs[1]!.id).map(({ message }) => message)).toEqual(['Created.', 'Queued.'])
    service.startQueue()
    await until(() => trainers.all.length === 4 && trainers.latest().sentTypes.includes('train'))
    const trained = trainers.all.map(({ sent }) => sent[0]!)
    expect(trained.map((job) => job.type === 'train' && job.spec.training.seed)).toEqual([1, 1, 2, 3])
    expect(service.get(first.id).state).toBe('finished')
  })

  it('leaves them paused at step 0 unless they shall start', () => {
    const { service } = testService()
    const runs = service.createAll(seeds, false)
    expect(runs.map(({ state, step }) => [state, step])).toEqual(seeds.map(() => ['paused', 0]))
    expect(service.createAll([], true)).toEqual([])
  })

  it('lists them in the given order, however long it took to record them', () => {
    let time = 0
    const ticking = vi.spyOn(Date, 'now').mockImplementation(() => (time += 5))
    const { service } = testService()
    const earlier = service.create({ name: 'earlier', spec: testSpec(), start: false })
    const runs = service.createAll(seeds, false)
    ticking.mockRestore()
    expect(new Set(runs.map(({ createdAt }) => createdAt)).size).toBe(1)
    expect(service.list({ deleted: false }).map(({ id }) => id)).toEqual([...runs.map(({ id }) => id), earlier.id])
  })

  it('starts the first at once when the queue is running', async () => {
    const { service } = testService()
    service.startQueue()
    expect(service.createAll(seeds, true).map(({ state }) => state)).toEqual(['preparing', 'queued', 'queued'])
  })

  it('records none when one is wrong, and names it', () => {
    const { service, heard } = testService()
    const wrong = { name: 'cats', spec: setAtPath(testSpec(), 'data.dataset', 'cats') }
    expect(() => service.createAll([...seeds, wrong], true)).toThrow(
      expect.objectContaining({
        code: 'unknown-dataset',
        message: expect.stringMatching(/^Run 4 of 4 \("cats"\): /),
        details: expect.objectContaining({ index: 3 }),
      }),
    )
    expect(service.list({ deleted: false })).toEqual([])
    expect(heard.runs).toEqual([])
  })

  it('records none when the record fails halfway', () => {
    const { service, workspace, heard } = testService()
    let left = 2
    const insert: typeof workspace.runs.insert = (run) => {
      if (left-- === 0) throw new Error('the disk broke')
      return workspace.runs.insert(run)
    }
    const failing = testService({ workspace: { ...workspace, runs: { ...workspace.runs, insert } } })
    expect(() => failing.service.createAll(seeds, true)).toThrow('the disk broke')
    expect(service.list({ deleted: false })).toEqual([])
    expect([...heard.runs, ...failing.heard.runs]).toEqual([])
  })
})

describe('settings that do not go together', () => {
  const refusals: [string, (spec: RunSpec) => RunSpec, string, string][] = [
    [
      'a rule over several fields',
      (spec) => setAtPath(spec, 'data.tenCrop', true),
      'data.resize',
      "data.resize: must be more than the input's 32 pixels for ten crops.",
    ],
    [
      'frozen layers without weights from elsewhere',
      (spec) => setAtPath(spec, 'training.transfer.frozen', ['conv1']),
      'training.transfer.frozen',
      'training.transfer.frozen: must be empty unless training.transfer.from says where weights come from.',
    ],
    [
      'a frozen layer that the network has not',
      (spec) => {
        const { transfer } = spec.training
        return setAtPath(spec, 'training.transfer', { ...transfer, from: 'run:r0123456789', frozen: ['conv9'] })
      },
      'training.transfer.frozen',
      'training.transfer.frozen: must name layers of this network ' +
        '(conv1, conv2, conv3, conv4, conv5, fc6, fc7, fc8), but got conv9.',
    ],
    [
      'an exception from weight decay that the network has not',
      (spec) => setAtPath(spec, 'training.weightDecay.exclude', ['fc8', 'fc9']),
      'training.weightDecay.exclude',
      'training.weightDecay.exclude: must name layers of this network ' +
        '(conv1, conv2, conv3, conv4, conv5, fc6, fc7, fc8), but got fc9.',
    ],
    [
      'a bias of a layer that the network has not',
      (spec) => setAtPath(spec, 'model.onesBiases', ['conv2', 'conv9']),
      'model.onesBiases',
      'model.onesBiases: must name layers of this network ' +
        '(conv1, conv2, conv3, conv4, conv5, fc6, fc7, fc8), but got conv9.',
    ],
  ]

  it.each(refusals)('%s: refused with its path', (_name, change, path, message) => {
    const { service } = testService()
    expect(() => service.create({ name: 'a run', spec: change(testSpec()), start: true })).toThrow(
      expect.objectContaining({ code: 'invalid-value', message, details: { path } }),
    )
    expect(service.list({ deleted: false })).toEqual([])
  })

  it('a removed layer may keep its bias in the list', () => {
    const { service } = testService()
    const spec = setAtPath(setAtPath(testSpec(), 'model.onesBiases', ['conv2']), 'model.removed', [2])
    expect(service.create({ name: 'without conv2', spec, start: false }).parameters).toBeGreaterThan(0)
  })
})
