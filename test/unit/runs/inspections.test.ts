import { describe, expect, it, onTestFinished } from 'vitest'
import type { ImagesJob } from '../../../src-core/contract/trainer-protocol.ts'
import { Inspections } from '../../../src-core/runs/jobs/inspections.ts'
import { fakeEnvironment, FakeTrainer } from '../../support/fake-trainer.ts'
import { samplePreview } from '../../support/sample-run.ts'
import { openTestWorkspace } from '../../support/workspaces.ts'

/** Questions about images, which need no checkpoint; the process is played by the test. */
function testInspections() {
  const processes: FakeTrainer[] = []
  const startTrainer = ({ threads }: { threads: number | null }) => {
    const process = new FakeTrainer(threads, () => () => undefined)
    processes.push(process)
    return process
  }
  const inspections = new Inspections({ workspace: openTestWorkspace(), startTrainer })
  onTestFinished(() => inspections.close())
  const ends: string[] = []
  const ask = (asker: string, index: number): void => {
    const end = (how: string) => ends.push(`${asker} ${index} ${how}`)
    inspections.images(asker, 'mnist', 'test', [index]).then(
      () => end('answered'),
      ({ code }: { code: string }) => end(code),
    )
  }
  const current = (): FakeTrainer => processes.at(-1)!
  const sent = (): number[] => current().sent.map((job) => (job as ImagesJob).indices[0]!)
  const answer = async (): Promise<void> => {
    const job = current().sent.at(-1) as ImagesJob
    current().emit({ type: 'inspected', id: job.id, answer: { kind: 'images', images: samplePreview().originals } })
    await settled()
  }
  return {
    inspections,
    processes,
    current,
    ends,
    ask,
    sent,
    answer,
    ready: () => current().emit({ type: 'ready', environment: fakeEnvironment }),
  }
}

const settled = () => new Promise((done) => setImmediate(done))

describe('questions to trained networks', () => {
  it('go to one process, one at a time, in their order', async () => {
    const { ask, ready, sent, answer, ends, processes } = testInspections()
    ask('a', 1)
    ask('b', 2)
    expect(sent()).toEqual([])
    ready()
    expect(sent()).toEqual([1])
    await answer()
    expect([sent(), ends]).toEqual([[1, 2], ['a 1 answered']])
    await answer()
    ask('a', 3)
    expect([sent(), processes.length]).toEqual([[1, 2, 3], 1])
  })

  it('are given up for one asker alone; the others are answered by the same process', async () => {
    const { inspections, ask, ready, sent, answer, ends, current, processes } = testInspections()
    ask('history', 1)
    ask('history', 2)
    ask('kernels', 3)
    ready()
    inspections.cancel('history')
    await settled()
    expect([ends, current().killed]).toEqual([['history 1 cancelled', 'history 2 cancelled'], false])
    // The answer that nobody waits for any more; what had not begun is not asked at all.
    await answer()
    expect(sent()).toEqual([1, 3])
    await answer()
    expect([ends.slice(2), processes.length]).toEqual([['kernels 3 answered'], 1])
  })

  it('end the process when it works for nobody else, and only then', async () => {
    const { inspections, ask, ready, current, ends, processes } = testInspections()
    ask('a', 1)
    ready()
    inspections.cancel('b')
    expect(current().killed).toBe(false)
    inspections.cancel('a')
    await settled()
    expect([current().killed, ends]).toEqual([true, ['a 1 cancelled']])
    ask('a', 2)
    expect(processes).toHaveLength(2)
  })

  it('keep a process that has nothing to do when another panel cancels', async () => {
    const { inspections, ask, ready, answer, current } = testInspections()
    ask('a', 1)
    ready()
    await answer()
    inspections.cancel('a')
    expect(current().killed).toBe(false)
  })

  it('all fail when the process dies', async () => {
    const { ask, ready, current, ends } = testInspections()
    ask('a', 1)
    ask('b', 2)
    ready()
    current().exit({ code: 1, signal: null, stderr: '' })
    await settled()
    expect(ends).toEqual(['a 1 trainer-died', 'b 2 trainer-died'])
  })
})
