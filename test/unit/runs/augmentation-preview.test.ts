import { describe, expect, it } from 'vitest'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { fakeTrainers, type FakeBehaviour } from '../../support/fake-trainer.ts'
import { startRun, testService, until } from '../../support/run-services.ts'
import { samplePreview } from '../../support/sample-run.ts'
import { testSpec } from '../../support/workspaces.ts'

const died = (message: RegExp) =>
  expect.objectContaining({ code: 'trainer-died', message: expect.stringMatching(message) })

/** A service whose trainers get a preview job and say nothing. */
function silentService(times: { preview?: number } = {}, behaviour: FakeBehaviour = { onJob: () => {} }) {
  return testService({ trainers: fakeTrainers(behaviour), times: { ...times, close: 50 } })
}

describe('a preview of augmentation', () => {
  it('is drawn by a process of its own, beside a run that trains', async () => {
    const { service, trainers } = testService({ threads: () => 3 })
    startRun(service)
    const spec = setAtPath(testSpec(), 'data.augmentation.flip', true)
    expect(await service.setup.previewAugmentation(spec)).toEqual(samplePreview())
    expect(trainers.latest().sent).toEqual([{ type: 'preview', spec, datasetDirectory: null }])
    expect([trainers.latest().exited, trainers.latest().threads]).toEqual([true, 3])
  })

  it('of settings that cannot train starts no process', async () => {
    const { service, trainers } = testService()
    const spec = setAtPath(testSpec(), 'data.tenCrop', true)
    await expect(service.setup.previewAugmentation(spec)).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-value' }),
    )
    expect(trainers.all).toEqual([])
  })

  it('gives way to a newer one, which starts when its process is gone', async () => {
    const { service, trainers } = silentService()
    const requests = [1, 2, 3].map((seed) =>
      service.setup.previewAugmentation(setAtPath(testSpec(), 'training.seed', seed)),
    )
    const results = Promise.allSettled(requests)
    await until(() => trainers.all.length === 1 && trainers.latest().sent.length === 1)
    expect(trainers.latest().sent[0]).toMatchObject({ spec: { training: { seed: 3 } } })
    const newest = service.setup.previewAugmentation(testSpec())
    expect(trainers.all[0]!.killed).toBe(true)
    await until(() => trainers.all.length === 2 && trainers.latest().sent.length === 1)
    expect(trainers.all[0]!.exited).toBe(true)
    trainers.latest().emit({ type: 'previewed', preview: samplePreview() })
    trainers.latest().exit()
    expect(await newest).toEqual(samplePreview())
    const reasons = (await results).map((result) => (result as PromiseRejectedResult).reason as unknown)
    expect(reasons).toEqual(requests.map(() => expect.objectContaining({ code: 'run-busy' })))
  })

  it('that takes too long is given up, and its process ended', async () => {
    const { service, trainers } = silentService({ preview: 30 })
    await expect(service.setup.previewAugmentation(testSpec())).rejects.toThrow(died(/not done within/))
    expect([trainers.latest().killed, trainers.latest().exited]).toEqual([true, true])
  })

  it('whose process lives on after its answer has it ended', async () => {
    const onJob: FakeBehaviour['onJob'] = (trainer) => trainer.emit({ type: 'previewed', preview: samplePreview() })
    const { service, trainers } = silentService({}, { onJob })
    expect(await service.setup.previewAugmentation(testSpec())).toEqual(samplePreview())
    expect([trainers.latest().killed, trainers.latest().exited]).toEqual([true, true])
  })

  const failures: [string, Record<string, unknown> | null, string][] = [
    ['an error', { type: 'failed', error: { code: 'dataset-missing', message: 'no images' } }, 'dataset-missing'],
    ['nonsense', { type: 'previewed', preview: { variants: 1 } }, 'trainer-protocol'],
    ['an answer to another job', { type: 'records', records: [] }, 'trainer-protocol'],
    ['nothing but its end', null, 'trainer-died'],
  ]

  it.each(failures)('that gets %s is refused, and the next one is drawn', async (_name, answer, code) => {
    let first = true
    const onJob: FakeBehaviour['onJob'] = (trainer) => {
      if (!first) trainer.emit({ type: 'previewed', preview: samplePreview() })
      else if (answer) trainer.emit(answer)
      first = false
      trainer.exit()
    }
    const { service } = silentService({}, { onJob })
    await expect(service.setup.previewAugmentation(testSpec())).rejects.toThrow(expect.objectContaining({ code }))
    expect(await service.setup.previewAugmentation(testSpec())).toEqual(samplePreview())
  })

  it('whose process cannot be started is refused', async () => {
    const startTrainer = (): never => {
      throw new Error('spawn ENOENT')
    }
    const { service } = testService({ startTrainer })
    await expect(service.setup.previewAugmentation(testSpec())).rejects.toThrow(
      died(/could not be started: spawn ENOENT/),
    )
  })

  it('is given up when the service closes', async () => {
    const { service, trainers } = silentService()
    const preview = service.setup.previewAugmentation(testSpec())
    const given = expect(preview).rejects.toThrow(died(/Ablate was closed/))
    await until(() => trainers.all.length === 1)
    await service.close()
    await given
    expect(trainers.latest().exited).toBe(true)
    await expect(service.setup.previewAugmentation(testSpec())).rejects.toThrow(died(/Ablate was closed/))
  })
})
