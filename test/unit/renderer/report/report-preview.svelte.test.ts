import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../../src-core/contract/client.ts'
import { WorkbenchError } from '../../../../src-core/domain/errors.ts'
import type { ReportRequest } from '../../../../src-core/domain/report/report-request.ts'
import { ReportPreviews } from '../../../../src-renderer/state/report/report-preview.svelte.ts'

const report = (title: string): ReportRequest => ({ title, runIds: [], metrics: [], references: [], blocks: [] })

/** Main that makes one page after the other when it is let go. */
function slowMain() {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const client = {
    async call(_name: string, { title }: ReportRequest) {
      asked.push(title)
      await new Promise<void>((done) => waiting.push(done))
      if (title === 'broken') throw new WorkbenchError('internal', 'The record could not be read.')
      return { style: '', body: title }
    },
  } as unknown as Client
  const answer = async (): Promise<void> => {
    waiting.shift()!()
    await vi.advanceTimersByTimeAsync(0)
  }
  return { previews: new ReportPreviews(client), asked, answer }
}

async function want(previews: ReportPreviews, title: string): Promise<void> {
  previews.want(report(title))
  await vi.advanceTimersByTimeAsync(300)
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the preview of a report', () => {
  it('is made one at a time, and of what was wished for meanwhile only the newest', async () => {
    const { previews, asked, answer } = slowMain()
    for (const title of ['a', 'b', 'c', 'd']) await want(previews, title)
    expect(asked).toEqual(['a'])
    await answer()
    expect([asked, previews.shown!.body]).toEqual([['a', 'd'], 'a'])
    await answer()
    expect([asked, previews.shown!.body]).toEqual([['a', 'd'], 'd'])
  })

  it('says why it could not be made, and goes on with the next wish', async () => {
    const { previews, answer } = slowMain()
    await want(previews, 'broken')
    await answer()
    expect(previews.problem).toMatch(/could not be read/)
    await want(previews, 'whole')
    await answer()
    expect([previews.problem, previews.shown!.body]).toEqual([null, 'whole'])
  })

  it('is not made for a tab that was left', async () => {
    const { previews, asked, answer } = slowMain()
    await want(previews, 'a')
    previews.want(report('b'))
    previews.dispose()
    await answer()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual(['a'])
  })
})
