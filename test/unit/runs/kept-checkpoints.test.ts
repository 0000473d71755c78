import { describe, expect, it } from 'vitest'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { markCheckpoints } from '../../../src-core/runs/checkpoints/checkpoint-marks.ts'
import { fakeTrainers, startedAt, writeFakeCheckpoint } from '../../support/fake-trainer.ts'
import { testService, until } from '../../support/run-services.ts'
import { stepRecord, testSpec } from '../../support/workspaces.ts'

/** Trains a run by hand: each step has these values and a checkpoint after it. */
async function trainedBy(selection: string, steps: Record<string, number>[]) {
  const trainers = fakeTrainers({ onJob: (trainer) => trainer.emit(startedAt(0)) })
  const context = testService({ trainers, times: { commit: 5, close: 50 } })
  const spec = setAtPath(testSpec(), 'training.selection', selection)
  const { id } = context.service.create({ name: 'a run', spec, start: true })
  context.service.startQueue()
  await until(() => context.service.get(id).state === 'running')
  const trainer = trainers.latest()
  steps.forEach((values, index) => {
    const step = index + 1
    trainer.emit({ type: 'records', records: [stepRecord(step, values)] })
    const checkpoint = writeFakeCheckpoint(context.workspace.checkpointsDirectory(id), step)
    trainer.emit({ type: 'checkpoint', checkpoint })
  })
  return { ...context, id, trainer }
}

const values = [
  { 'validation/accuracy': 0.1, 'validation/loss': 0.2, 'validation/top5-error': 0.5 },
  { 'validation/accuracy': 0.9, 'validation/loss': 0.9, 'validation/top5-error': 0.6 },
  { 'validation/accuracy': 0.3, 'validation/loss': 0.7, 'validation/top5-error': 0.1 },
  { 'validation/accuracy': 0.4, 'validation/loss': NaN, 'validation/top5-error': 0.7 },
  { 'validation/accuracy': 0.5, 'validation/loss': 0.3, 'validation/top5-error': 0.8 },
]

describe('the best checkpoint', () => {
  it.each([
    ['validation/accuracy', 0.9, 2],
    ['validation/loss', 0.2, 1],
    ['validation/top5-error', 0.1, 3],
  ])('by %s is kept and marked', async (selection, value, step) => {
    const { service, id } = await trainedBy(selection, values)
    expect(service.get(id).best).toMatchObject({ metric: selection, value, step })
    expect(service.checkpoints(id).map((checkpoint) => [checkpoint.step, checkpoint.mark])).toEqual([
      [5, null],
      [4, null],
      [step, 'best'],
    ])
    expect(service.checkpoints(id)[0]).not.toHaveProperty('coveredStep')
  })

  it('is found again after a crash, by the same metric', async () => {
    const { service, id, trainer } = await trainedBy('validation/loss', values.slice(0, 2))
    const better = stepRecord(3, { 'validation/loss': 0.05 })
    trainer.emit({ type: 'records', records: [better] })
    trainer.exit({ code: 1 })
    expect((await service.settled(id)).best).toMatchObject({ value: 0.05, step: 3 })
    service.resume(id)
    await until(() => service.get(id).state === 'preparing')
    expect(service.get(id).best).toMatchObject({ metric: 'validation/loss', value: 0.2, step: 1 })
  })
})

describe('the last finite checkpoint', () => {
  it('of a diverged run is kept beside the best', async () => {
    const { service, id, trainer } = await trainedBy('validation/accuracy', values)
    trainer.emit({ type: 'ended', outcome: 'diverged', step: 6, weightsSha256: '', note: null })
    await service.settled(id)
    expect(service.checkpoints(id).map(({ step, mark }) => [step, mark])).toEqual([
      [5, 'last-finite'],
      [4, null],
      [2, 'best'],
    ])
  })

  it('is what a checkpoint is called that is the best too', () => {
    const checkpoint = { ...writtenAt(3), coveredStep: 3, createdAt: 1 }
    const best = { metric: 'validation/accuracy', value: 1, step: 3, epoch: 1 }
    const markOf = (mark: 'last-finite' | null) => markCheckpoints({ best }, [{ ...checkpoint, mark }])[0]!.mark
    expect([markOf('last-finite'), markOf(null)]).toEqual(['last-finite', 'best'])
  })
})

function writtenAt(step: number) {
  const directory = `step-${String(step).padStart(9, '0')}`
  const facts = { epoch: 1, bytes: 1, manifestSha256: 'a'.repeat(64), best: null, activeTime: 1 }
  return { directory, step, reason: 'epoch' as const, ...facts }
}
