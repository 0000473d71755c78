import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import type { Transport } from '../../../../src-core/contract/transport.ts'
import type { CheckpointRecord } from '../../../../src-core/domain/checkpoint.ts'
import { mostPictureBytes, mostPictures } from '../../../../src-core/domain/inspection/questions.ts'
import { RunInspection } from '../../../../src-renderer/state/inspection/run-inspection.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../../support/renderer/sample-runs.ts'
import { sampleAnswer } from '../../../support/sample-answers.ts'
import type { Question } from '../../../../src-core/domain/inspection/questions.ts'

/** A transport whose questions are answered when the test says so. */
class HeldTransport implements Transport {
  readonly asked: {
    step: number
    question: Question
    answer: () => void
    fail: (message: string) => void
    refuse: (problem: string) => void
  }[] = []
  readonly askers: string[] = []
  readonly cancelled: string[] = []

  invoke = (procedure: string, input: unknown): Promise<unknown> => {
    if (procedure === 'inspection.cancel') {
      this.cancelled.push((input as { asker: string }).asker)
      return Promise.resolve({ ok: true, value: undefined })
    }
    const { asker, step, question } = input as { asker: string; step: number; question: Question }
    this.askers.push(asker)
    return new Promise((resolve) => {
      this.asked.push({
        step,
        question,
        answer: () => resolve({ ok: true, value: { step, answer: sampleAnswer(question) } }),
        refuse: (problem) => {
          const unreadable = {
            name: 'a file',
            top: [],
            probabilities: null,
            seen: null,
            unlikeDataset: false,
            problem,
          }
          resolve({ ok: true, value: { step, answer: { kind: 'classify', pictures: [unreadable] } } })
        },
        fail: (message) => resolve({ ok: false, error: { code: 'checkpoint-damaged', message } }),
      })
    })
  }

  subscribe = (): (() => void) => () => undefined
}

function checkpoint(step: number): CheckpointRecord {
  return {
    directory: `step-${String(step).padStart(9, '0')}`,
    step,
    epoch: step / 12,
    bytes: 10,
    manifestSha256: `${step}`.padStart(64, '0'),
    reason: 'epoch',
    best: null,
    activeTime: 1,
    createdAt: 1,
    mark: null,
  }
}

function open(): { transport: HeldTransport; inspection: RunInspection } {
  const transport = new HeldTransport()
  return { transport, inspection: new RunInspection(createClient(transport), 'r'.repeat(8)) }
}

const settle = () => new Promise((done) => setTimeout(done))
const png = (name: string) => new File([new Uint8Array([1, 2, 3])], name)

describe('a question to a trained network', () => {
  it('is asked of a checkpoint once', async () => {
    const { transport, inspection } = open()
    const first = inspection.kernels.ask(checkpoint(12), { kind: 'kernels' })
    transport.asked[0]!.answer()
    await first
    expect(inspection.kernels.answer?.layer).toBe('conv1')
    await inspection.kernels.ask(checkpoint(12), { kind: 'kernels' })
    expect(transport.asked).toHaveLength(1)
    void inspection.kernels.ask(checkpoint(24), { kind: 'kernels' })
    expect(transport.asked.map(({ step }) => step)).toEqual([12, 24])
  })

  it('is not answered by what comes late', async () => {
    const { transport, inspection } = open()
    void inspection.kernels.ask(checkpoint(12), { kind: 'kernels' })
    void inspection.kernels.ask(checkpoint(24), { kind: 'kernels' })
    transport.asked[1]!.answer()
    await settle()
    transport.asked[0]!.answer()
    await settle()
    expect([inspection.kernels.step, inspection.kernels.waiting.pending]).toEqual([24, false])
  })

  it('says why it failed and can be asked again', async () => {
    const { transport, inspection } = open()
    void inspection.kernels.ask(checkpoint(12), { kind: 'kernels' })
    transport.asked[0]!.fail('A file is damaged.')
    await settle()
    expect(inspection.kernels.waiting.problem).toContain('A file is damaged.')
    inspection.kernels.again()
    transport.asked[1]!.answer()
    await settle()
    expect([inspection.kernels.waiting.problem, inspection.kernels.step]).toEqual(['', 12])
  })

  it('can be given up, in the process too', async () => {
    const { transport, inspection } = open()
    void inspection.kernels.ask(checkpoint(12), { kind: 'kernels' })
    inspection.kernels.cancel()
    transport.asked[0]!.answer()
    await settle()
    const { waiting, answer } = inspection.kernels
    expect([answer, waiting.pending, waiting.problem]).toEqual([null, false, 'Cancelled.'])
    expect(transport.cancelled).toEqual(transport.askers)
  })

  it('is given up alone: the questions of other panels go on', async () => {
    const { transport, inspection } = open()
    void inspection.kernels.ask(checkpoint(12), { kind: 'kernels' })
    await inspection.tried.add([png('a.png')])
    await settle()
    const [picture] = inspection.tried.pictures
    void picture!.history.ask([checkpoint(12)], picture!.source!)
    picture!.history.cancel()
    transport.asked[0]!.answer()
    await settle()
    expect([picture!.history.waiting.problem, inspection.kernels.waiting.problem]).toEqual(['Cancelled.', ''])
    expect(inspection.kernels.answer?.layer).toBe('conv1')
    expect(transport.cancelled).toEqual([transport.askers[1]])
    expect(transport.askers[1]).not.toBe(transport.askers[0])
  })

  describe('that takes long', () => {
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())

    it('says so after 300 ms, not before', async () => {
      const { transport, inspection } = open()
      const asking = inspection.kernels.ask(checkpoint(12), { kind: 'kernels' })
      await vi.advanceTimersByTimeAsync(299)
      expect(inspection.kernels.waiting.slow).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      expect(inspection.kernels.waiting.slow).toBe(true)
      transport.asked[0]!.answer()
      await asking
      expect(inspection.kernels.waiting.slow).toBe(false)
    })
  })
})

describe('pictures that are brought', () => {
  it('are asked about one by one, once for each checkpoint that is shown', async () => {
    const { transport, inspection } = open()
    const { tried } = inspection
    await tried.add([png('a.png'), png('b.png')])
    tried.ask(checkpoint(12))
    tried.ask(checkpoint(12))
    expect(transport.asked).toHaveLength(2)
    for (const { answer } of transport.asked) answer()
    await settle()
    tried.ask(checkpoint(24))
    expect(transport.asked.slice(2).map(({ step }) => step)).toEqual([24, 24])
    expect(tried.pictures.map(({ asked }) => asked.step)).toEqual([12, 12])
    for (const { answer } of transport.asked.slice(2)) answer()
    await settle()
    tried.ask(checkpoint(12))
    await settle()
    expect(transport.asked).toHaveLength(4)
    expect(tried.pictures.map(({ asked }) => asked.step)).toEqual([12, 12])
  })

  it('are not asked about again and again by themselves when that fails', async () => {
    const { transport, inspection } = open()
    await inspection.tried.add([png('a.png')])
    inspection.tried.ask(checkpoint(12))
    transport.asked[0]!.fail('A file is damaged.')
    await settle()
    inspection.tried.ask(checkpoint(12))
    expect(transport.asked).toHaveLength(1)
    expect(inspection.tried.pictures[0]!.asked.waiting.problem).toContain('A file is damaged.')
  })

  it('are told apart by their bytes, though they have the same name', async () => {
    const { transport, inspection } = open()
    await inspection.tried.add([png('a.png'), png('a.png')])
    inspection.tried.ask(checkpoint(12))
    for (const { answer } of transport.asked) answer()
    await settle()
    inspection.tried.ask(checkpoint(12))
    expect(transport.asked).toHaveLength(2)
  })

  it('are refused one by one when they are too large, and the others go on', async () => {
    const { inspection } = open()
    const large = png('large.png')
    Object.defineProperty(large, 'size', { value: mostPictureBytes + 1 })
    await inspection.tried.add([large, png('b.png')])
    expect(inspection.tried.pictures.map(({ source }) => source === null)).toEqual([true, false])
    expect(inspection.tried.pictures[0]!.problem).toContain('a picture may have')
    expect(inspection.tried.chosen?.name).toBe('b.png')
  })

  it('are at most sixteen, and it says what was left out', async () => {
    const { inspection } = open()
    await inspection.tried.add(Array.from({ length: mostPictures + 2 }, (_, index) => png(`${index}.png`)))
    expect(inspection.tried.pictures).toHaveLength(mostPictures)
    expect(inspection.tried.note).toContain('2 files left out')
    await inspection.tried.add([png('new.png')])
    expect(inspection.tried.pictures).toHaveLength(mostPictures)
    expect([inspection.tried.pictures[0]!.name, inspection.tried.note]).toEqual([
      'new.png',
      expect.stringContaining('made room'),
    ])
  })

  it('are not offered further once they were found to be none', async () => {
    const { transport, inspection } = open()
    const { tried } = inspection
    await tried.add([png('notes.png'), png('b.png')])
    const [notes, other] = tried.pictures
    inspection.lookAt(notes!.id)
    tried.choose(notes!.id)
    tried.ask(checkpoint(12))
    transport.asked[0]!.refuse('it is not a JPEG, PNG or WebP picture')
    transport.asked[1]!.answer()
    await settle()
    expect(tried.readable.map(({ name }) => name)).toEqual(['b.png'])
    expect([tried.chosen?.id, inspection.lookedAt]).toEqual([other!.id, null])
    expect(inspection.picture(7)).toEqual({ kind: 'dataset', part: 'test', index: 7 })
    expect(tried.pictures).toHaveLength(2)
  })

  it('can be looked at in place of a test image, until they are removed', async () => {
    const { inspection } = open()
    await inspection.tried.add([png('a.png')])
    const { id } = inspection.tried.pictures[0]!
    expect(inspection.picture(0)).toEqual({ kind: 'dataset', part: 'test', index: 0 })
    inspection.lookAt(id)
    expect(inspection.picture(0)).toMatchObject({ kind: 'file', name: 'a.png' })
    inspection.tried.remove(id)
    expect(inspection.picture(7)).toEqual({ kind: 'dataset', part: 'test', index: 7 })
  })
})

describe('how a picture changed over the checkpoints', () => {
  it('comes in the order of the steps, one by one', async () => {
    const { transport, inspection } = open()
    await inspection.tried.add([png('a.png')])
    const { history, source } = inspection.tried.pictures[0]!
    const asking = history.ask([checkpoint(24), checkpoint(12)], source!)
    transport.asked[0]!.answer()
    await settle()
    expect([history.points.map(({ step }) => step), history.total]).toEqual([[12], 2])
    transport.asked[1]!.answer()
    await asking
    expect(history.points.map(({ step }) => step)).toEqual([12, 24])
  })
})

it('reads the answers of the contract', async () => {
  const fake = new FakeWorkbench(sampleRuns())
  const client = createClient(fake.transport)
  const run = (await client.call('runs.list', { deleted: false })).find(({ checkpointStep }) => checkpointStep)!
  const inspection = new RunInspection(client, run.id)
  const [newest] = await client.call('checkpoints.list', { runId: run.id })
  await inspection.tried.add([png('three.png')])
  inspection.tried.ask(newest!)
  await vi.waitFor(() => expect(inspection.tried.pictures[0]!.asked.answer).not.toBeNull())
  expect(inspection.tried.pictures[0]!.asked.answer!.pictures[0]!.top[0]).toMatchObject({ label: '3' })
})
