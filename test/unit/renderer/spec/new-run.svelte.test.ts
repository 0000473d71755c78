import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import { mnistInfo } from '../../../../src-core/domain/dataset.ts'
import { learningRateAt } from '../../../../src-core/domain/schedule/learning-rate.ts'
import { setAtPath } from '../../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import { templates, withAssignments } from '../../../../src-core/domain/spec/templates.ts'
import { planWorkload } from '../../../../src-core/domain/workload.ts'
import { curveAt, rateLevel, scheduleCurve } from '../../../../src-renderer/lib/spec/schedule-curve.ts'
import { checkpointTitle, readSource, writeSource } from '../../../../src-renderer/lib/spec/transfer-source.ts'
import { AblationDraft } from '../../../../src-renderer/state/new-run/ablation-draft.svelte.ts'
import { AugmentationPreviewLoader } from '../../../../src-renderer/state/new-run/augmentation-preview.svelte.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'

const spec = recipeSpec('alexnet-small')

describe('ablations', () => {
  const newAblation = (): AblationDraft => new AblationDraft(() => [mnistInfo])

  it.each(templates.map(({ id }) => id))('%s can be started as it is offered', (id) => {
    const ablation = newAblation()
    ablation.choose(id)
    expect([ablation.plan.problems, ablation.ready]).toEqual([{}, true])
    expect(ablation.runs).toHaveLength(ablation.template.variants.length)
  })

  it('are made as large as wanted, once per seed', () => {
    const ablation = newAblation()
    ablation.choose('dropout')
    ablation.type('images', '1,000')
    ablation.type('epochs', '2')
    ablation.seeds = 2
    expect(ablation.runs.map(({ name, spec: { data, training } }) => [name, data.trainImages, training.seed])).toEqual([
      ['Dropout 0, 0.4 and 0.5: Dropout 0, seed 1', 1000, 1],
      ['Dropout 0, 0.4 and 0.5: Dropout 0.4, seed 1', 1000, 1],
      ['Dropout 0, 0.4 and 0.5: Dropout 0.5, seed 1', 1000, 1],
      ['Dropout 0, 0.4 and 0.5: Dropout 0, seed 2', 1000, 2],
      ['Dropout 0, 0.4 and 0.5: Dropout 0.4, seed 2', 1000, 2],
      ['Dropout 0, 0.4 and 0.5: Dropout 0.5, seed 2', 1000, 2],
    ])
    // 900 images are left to train on: 14 batches of 64.
    expect(ablation.plan.steps).toBe(6 * 2 * 14)
  })

  it('say what is wrong with a field, and what would be right', () => {
    const ablation = newAblation()
    ablation.type('epochs', '0')
    expect(ablation.plan.problems['training.epochs']).toEqual({ message: 'Must be at least 1.', nearest: 1 })
    ablation.type('epochs', '1')
    ablation.type('images', '70000')
    expect(ablation.plan.problems['data.trainImages']).toMatchObject({ nearest: 60_000 })
    ablation.type('images', '20')
    expect([Object.keys(ablation.plan.problems), ablation.ready]).toEqual([['training.batchSize'], false])
  })

  it('forget what was typed when another is chosen', () => {
    const ablation = newAblation()
    ablation.type('epochs', '9')
    ablation.choose('augmentation')
    expect(ablation.fields).toEqual({ images: '2000', epochs: '8' })
  })

  it('are recorded with one call and then shown in the table', async () => {
    const fake = new FakeWorkbench([])
    const workbench = new Workbench(createClient(fake.transport))
    await workbench.load()
    workbench.openNewRun('ablation')
    workbench.ablation.choose('weight-decay')
    await workbench.startAblation(true)
    expect(
      fake.calls.filter(({ procedure }) => procedure.startsWith('runs.create')).map(({ procedure }) => procedure),
    ).toEqual(['runs.createAll'])
    expect(workbench.runs.kept.map(({ name }) => name)).toEqual([
      'Weight decay on and off: Off',
      'Weight decay on and off: 0.0005',
    ])
    expect(workbench.router.route.view).toBe('runs')
  })
})

describe('the drawn schedule', () => {
  const curveOf = (set: Record<string, unknown>) => {
    const changed = withAssignments(spec, { 'data.trainImages': 6400, 'data.validationFraction': 0, ...set })
    return { changed, curve: scheduleCurve(changed, planWorkload(changed, mnistInfo))! }
  }

  it('has the rates of the schedule itself', () => {
    const { changed, curve } = curveOf({ 'training.schedule.kind': 'cosine', 'training.epochs': 2 })
    const history = { stepsPerEpoch: 100, totalSteps: 200, history: [] }
    for (const { step, learningRate } of curve.points)
      expect(learningRate).toBe(learningRateAt(changed.training, { step, ...history }))
    expect([curve.totalSteps, curve.points[0]!.step, curve.points.at(-1)!.step]).toEqual([200, 0, 199])
  })

  it('begins after the pre-training of each layer', () => {
    const { curve } = curveOf({ 'training.epochs': 2, 'training.pretraining.kind': 'rbm' })
    expect(curve.phases.map(({ layer, from, to }) => [layer, from, to])).toEqual([
      ['conv1', 0, 100],
      ['conv2', 100, 200],
      ['conv3', 200, 300],
      ['conv4', 300, 400],
      ['conv5', 400, 500],
    ])
    expect(curve.points[0]!.step).toBe(500)
    expect(curveAt(curve, 150)).toEqual({ phase: 'conv2', epoch: 1.5, learningRate: 0.001 })
    expect(curveAt(curve, 550)).toEqual({ phase: null, epoch: 5.5, learningRate: 0.01 })
  })

  it('fits both scales, however small its end', () => {
    const { curve } = curveOf({ 'training.schedule.kind': 'one-cycle' })
    for (const scale of ['linear', 'log'] as const) {
      const levels = curve.points.map(({ learningRate }) => rateLevel(curve, scale, learningRate))
      expect(Math.min(...levels)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...levels)).toBeLessThanOrEqual(1)
    }
    const halves = [0.01, 0.001].map((rate) => rateLevel(curve, 'log', rate))
    expect(halves[0]! - halves[1]!).toBeCloseTo(rateLevel(curve, 'log', 0.001) - rateLevel(curve, 'log', 1e-4), 10)
  })

  it('is not there for a run without steps', () => {
    const empty = withAssignments(spec, { 'data.trainImages': 10 })
    expect(scheduleCurve(empty, planWorkload(empty, mnistInfo))).toBeNull()
  })
})

describe('where first weights come from', () => {
  it.each([
    [null, { kind: 'random' }],
    ['run:r0000000001', { kind: 'run', runId: 'r0000000001', step: null }],
    ['run:r0000000001@840', { kind: 'run', runId: 'r0000000001', step: 840 }],
    ['file:/models/a b.safetensors', { kind: 'file', path: '/models/a b.safetensors' }],
  ] as const)('%s is read and written back', (from, source) => {
    expect(readSource(from)).toEqual(source)
    expect(writeSource(source)).toBe(from)
  })

  it('a checkpoint says its step, its epoch and why it is kept', () => {
    const checkpoint = {
      directory: 'step-000000840',
      step: 840,
      epoch: 2,
      bytes: 1,
      manifestSha256: '0'.repeat(64),
      reason: 'epoch' as const,
      best: null,
      activeTime: 0,
      createdAt: 0,
      mark: 'best' as const,
    }
    expect(checkpointTitle(checkpoint)).toBe('Step 840, epoch 2.00, best')
    expect(checkpointTitle({ ...checkpoint, mark: null })).toBe('Step 840, epoch 2.00')
  })
})

describe('sample images', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const flipped = setAtPath(spec, 'data.augmentation.flip', true)

  function loaderOf(fake = new FakeWorkbench([])): { fake: FakeWorkbench; loader: AugmentationPreviewLoader } {
    return { fake, loader: new AugmentationPreviewLoader(createClient(fake.transport)) }
  }

  it('are asked for once typing rests, and not again for what does not change them', async () => {
    const { fake, loader } = loaderOf()
    loader.want(flipped)
    loader.want(setAtPath(flipped, 'data.augmentation.rotation', 10))
    expect([loader.status, fake.calls]).toEqual(['loading', []])
    await vi.advanceTimersByTimeAsync(1000)
    expect([loader.status, fake.calls.length]).toEqual(['shown', 1])
    loader.want(setAtPath(setAtPath(flipped, 'data.augmentation.rotation', 10), 'training.learningRate', 0.5))
    await vi.advanceTimersByTimeAsync(1000)
    expect(fake.calls).toHaveLength(1)
  })

  it('are none when none are wanted', async () => {
    const { fake, loader } = loaderOf()
    loader.want(flipped)
    loader.want(null)
    await vi.advanceTimersByTimeAsync(1000)
    expect([loader.status, loader.preview, fake.calls]).toEqual(['idle', null, []])
  })

  it('say why they failed and can be asked for again', async () => {
    const fake = new FakeWorkbench([])
    const invoke = fake.transport.invoke
    let failures = 1
    const loader = new AugmentationPreviewLoader(
      createClient({
        ...fake.transport,
        invoke: (procedure, input) => {
          if (failures-- > 0) throw new Error('The trainer ended.')
          return invoke(procedure, input)
        },
      }),
    )
    loader.want(flipped)
    await vi.advanceTimersByTimeAsync(1000)
    expect([loader.status, loader.problem]).toEqual(['failed', 'The trainer ended.'])
    loader.retry()
    await vi.advanceTimersByTimeAsync(10)
    expect(loader.status).toBe('shown')
  })

  it('that are being drawn are given up when the page is left, and only then', async () => {
    const { fake, loader } = loaderOf()
    loader.want(flipped)
    vi.advanceTimersByTime(600)
    loader.dispose()
    expect(fake.calls.map(({ procedure }) => procedure)).toEqual(['preview.augmentation', 'preview.cancel'])
    await vi.advanceTimersByTimeAsync(1000)
    loader.want(flipped)
    await vi.advanceTimersByTimeAsync(1000)
    loader.dispose()
    expect(fake.calls.map(({ procedure }) => procedure).slice(2)).toEqual(['preview.augmentation'])
  })
})
