import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../src-core/contract/client.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { RunArtifacts } from '../../../src-renderer/state/run/run-artifacts.svelte.ts'
import { RunDetail } from '../../../src-renderer/state/run/run-detail.svelte.ts'
import { Workbench } from '../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../support/renderer/sample-runs.ts'

async function open(): Promise<{ fake: FakeWorkbench; workbench: Workbench; idOf: (part: string) => string }> {
  const fake = new FakeWorkbench(sampleRuns())
  const workbench = new Workbench(createClient(fake.transport))
  await workbench.load()
  return { fake, workbench, idOf: (part) => workbench.runs.all.find(({ name }) => name.includes(part))!.id }
}

afterEach(() => vi.restoreAllMocks())

describe('the artifacts of a run', () => {
  it('are listed in the order of their steps and fetched once', async () => {
    const { fake, workbench, idOf } = await open()
    const artifacts = new RunArtifacts(workbench.client, idOf('auto-encoder'))
    await artifacts.load()
    const headers = artifacts.headers!
    const reconstruction = headers.find(({ kind }) => kind === 'reconstruction')!
    expect(headers.map(({ step }) => step)).toEqual([...headers].map(({ step }) => step).sort((a, b) => a - b))
    await Promise.all([artifacts.fetch(reconstruction.id), artifacts.fetch(reconstruction.id)])
    await artifacts.fetch(reconstruction.id)
    expect(artifacts.get(reconstruction.id)).toMatchObject({ kind: 'reconstruction', layer: 'conv1' })
    expect(fake.calls.filter(({ procedure }) => procedure === 'artifacts.get')).toHaveLength(1)
    artifacts.dispose()
  })

  it('grow while the run trains, each once, and not with those of other runs', async () => {
    const { fake, workbench, idOf } = await open()
    const id = idOf('BN, all images, seed 3')
    const own = new RunArtifacts(workbench.client, id)
    const other = new RunArtifacts(workbench.client, idOf('auto-encoder'))
    await Promise.all([own.load(), other.load()])
    // The kernels come at other steps.
    const count = ({ headers }: RunArtifacts): number => headers!.filter(({ kind }) => kind !== 'filters').length
    const [before, others] = [count(own), count(other)]
    fake.tick(workbench.runs.get(id)!.stepsPerEpoch!)
    expect([count(own), count(other)]).toEqual([before + 1, others])
    await own.load()
    expect(count(own)).toBe(before + 1)
  })

  it('are asked for anew after a rewind', async () => {
    const { fake, workbench, idOf } = await open()
    const id = idOf('auto-encoder')
    const artifacts = new RunArtifacts(workbench.client, id)
    await artifacts.load()
    const [first] = artifacts.headers!
    await artifacts.fetch(first!.id)
    fake.emit('metrics.rewound', { runId: id, toStep: 0 })
    expect([artifacts.headers, artifacts.get(first!.id)]).toEqual([null, null])
    await vi.waitFor(() => expect(artifacts.headers).not.toBeNull())
  })

  it('say why they could not be read', async () => {
    const { workbench } = await open()
    const artifacts = new RunArtifacts(workbench.client, 'r0zzzzzzzzz')
    await artifacts.load()
    expect([artifacts.headers, artifacts.problem]).toEqual([null, 'There is no run r0zzzzzzzzz.'])
    await artifacts.fetch(999_999)
    expect(artifacts.problem).toBe('There is no artifact 999999.')
  })
})

describe('the checkpoints of a run', () => {
  it('are listed newest first with the best marked', async () => {
    const { workbench, idOf } = await open()
    const id = idOf('BN, dropout 0.5, seed 1')
    const detail = new RunDetail(workbench.client, id, [])
    await detail.loadCheckpoints()
    const steps = detail.checkpoints!.map(({ step }) => step)
    expect(steps).toEqual([...steps].sort((a, b) => b - a))
    expect(detail.checkpoints!.filter(({ mark }) => mark === 'best')).toHaveLength(1)
    detail.dispose()
  })

  it('say why they could not be read', async () => {
    const { workbench } = await open()
    const detail = new RunDetail(workbench.client, 'r0zzzzzzzzz', [])
    await detail.loadCheckpoints()
    expect([detail.checkpoints, detail.checkpointsProblem]).toEqual([null, 'There is no run r0zzzzzzzzz.'])
  })

  it('begin a new run with their weights, which are not pre-trained again', async () => {
    const { workbench, idOf } = await open()
    const run = workbench.runs.get(idOf('auto-encoder'))!
    workbench.startFrom(run, 2520)
    expect([
      workbench.draft.value('training.transfer.from'),
      workbench.draft.value('training.pretraining.kind'),
      workbench.draft.value('training.schedule.kind'),
      workbench.router.route.view,
    ]).toEqual([`run:${run.id}@2520`, 'none', 'one-cycle', 'new'])
  })
})

describe('the charts of the comparison', () => {
  it('ask for a metric when the first chart wants it, once, for the runs and range that are shown', async () => {
    const { fake, workbench, idOf } = await open()
    const { comparison } = workbench
    const id = idOf('BN, dropout 0.5, seed 1')
    comparison.choose([id])
    await comparison.showCurves()
    const before = fake.calls.length
    comparison.pool.want([metricNames.learningRate, metricNames.trainLoss])
    comparison.pool.want([metricNames.learningRate])
    await vi.waitFor(() => expect(comparison.pool.get(id, metricNames.learningRate)?.length).toBeGreaterThan(0))
    expect(fake.calls.slice(before).map(({ input }) => input)).toMatchObject([{ metrics: [metricNames.learningRate] }])
    expect(comparison.pool.view([metricNames.learningRate]).status).toBe('ready')
    expect(comparison.pool.get(id, metricNames.trainLoss)).toBe(comparison.series.get(id, metricNames.trainLoss))
  })

  it('follow the zoom, with some steps more on either side', async () => {
    const { fake, workbench, idOf } = await open()
    const { comparison } = workbench
    comparison.choose([idOf('BN, dropout 0.5, seed 1')])
    await comparison.showCurves()
    comparison.options.reached(1_000)
    comparison.options.show(100, 300)
    await comparison.showCurves()
    expect(fake.calls.at(-1)!.input).toMatchObject({ fromStep: 80, toStep: 320 })
    comparison.options.show(-50, 5_000)
    expect(comparison.options.range).toBeNull()
  })

  it('give a run its own colour, and one that shares it another', async () => {
    const { workbench } = await open()
    const { comparison, runs } = workbench
    const [first, second] = runs.kept
    await runs.recolor(second!.id, first!.color)
    comparison.choose([first!.id, second!.id])
    const looks = comparison.looks.of
    expect(looks.get(first!.id)!.color).toBe(first!.color)
    expect(looks.get(second!.id)!.color).not.toBe(first!.color)
  })

  it('keep their arrangement with undo', async () => {
    const { workbench } = await open()
    workbench.charts.toggle('pinned', 'train/loss', 'Pin a chart')
    expect(workbench.charts.settings.pinned).toEqual(['train/loss'])
    workbench.router.go({ view: 'compare' })
    workbench.undo()
    expect(workbench.charts.settings.pinned).toEqual([])
  })
})
