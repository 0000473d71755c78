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
    const [before, others] = [own.headers!.length, other.headers!.length]
    fake.tick(workbench.runs.get(id)!.stepsPerEpoch!)
    expect([own.headers!.length, other.headers!.length]).toEqual([before + 1, others])
    await own.load()
    expect(own.headers!.length).toBe(before + 1)
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

describe('the second chart of the comparison', () => {
  it('asks for a metric only when it is chosen, for the runs and range that are shown', async () => {
    const { fake, workbench, idOf } = await open()
    const { comparison } = workbench
    comparison.choose([idOf('auto-encoder'), idOf('BN, dropout 0.5, seed 1')])
    expect(comparison.choices.map(({ title }) => title)).toContain('Reconstruction error, conv1')
    await comparison.showCurves()
    comparison.chooseSecond(metricNames.learningRate)
    await comparison.showCurves()
    expect(fake.calls.at(-1)!.input).toMatchObject({ metrics: [metricNames.learningRate] })
    expect(comparison.second!.get(idOf('auto-encoder'), metricNames.learningRate)!.length).toBeGreaterThan(0)
    comparison.chooseSecond(null)
    expect([comparison.second, comparison.choice.title]).toEqual([null, 'Accuracy'])
  })

  it('falls back to the accuracy when no run has the layer any more', async () => {
    const { workbench, idOf } = await open()
    const { comparison } = workbench
    comparison.choose([idOf('auto-encoder'), idOf('BN, dropout 0.5, seed 1')])
    comparison.chooseSecond('pretraining/conv1/error')
    expect(comparison.choice.title).toBe('Reconstruction error, conv1')
    comparison.remove(idOf('auto-encoder'))
    expect(comparison.choice.title).toBe('Accuracy')
  })
})
