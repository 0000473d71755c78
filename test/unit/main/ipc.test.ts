import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { describe, expect, it } from 'vitest'
import type { Handlers } from '../../../src-core/contract/procedures/index.ts'
import type { Reply } from '../../../src-core/contract/transport.ts'
import { mostPictureBytes, mostPictures, type Question } from '../../../src-core/domain/inspection/questions.ts'
import { bindProcedures } from '../../../src-main/ipc.ts'

type Listener = (event: IpcMainInvokeEvent, input: unknown) => Reply | Promise<Reply>

const questions: Question[] = []
const handlers: Partial<Handlers> = {
  'inspection.ask': ({ question }) => {
    questions.push(question)
    return { step: 1, answer: { kind: 'classify', pictures: [] } }
  },
}

/** Calls a procedure as the window does, through the channel that main listens to. */
async function call(name: string, input: unknown): Promise<Reply> {
  const listeners = new Map<string, Listener>()
  const ipcMain: Pick<IpcMain, 'handle'> = {
    handle: (channel, listener) => void listeners.set(channel, listener as Listener),
  }
  bindProcedures(ipcMain, handlers as Handlers, { info() {}, warn() {}, error() {} })
  const senderFrame = { url: 'app://ablate/index.html', parent: null, detached: false }
  return listeners.get(name)!({ senderFrame } as unknown as IpcMainInvokeEvent, input)
}

const picture = (length: number) => ({ kind: 'file', name: 'photo.jpg', bytes: new Uint8Array(length) })
const classify = (...pictures: unknown[]) => ({
  asker: 'a panel',
  runId: 'r0123456789',
  step: null,
  question: { kind: 'classify', pictures },
})

describe('a call from the window', () => {
  it.each<[string, number, number]>([
    ['a photo', 1, 5_000_000],
    ['the largest picture', 1, mostPictureBytes],
    ['as many of them as may be asked about', mostPictures, mostPictureBytes],
  ])('carries %s', async (_what, count, length) => {
    questions.length = 0
    await call('inspection.ask', classify(...Array.from({ length: count }, () => picture(length))))
    expect(questions).toMatchObject([{ kind: 'classify' }])
    const [question] = questions as Extract<Question, { kind: 'classify' }>[]
    expect(question!.pictures).toHaveLength(count)
  })

  it('is refused with a picture that is too large, saying how large one may be', async () => {
    const reply = await call('inspection.ask', classify(picture(mostPictureBytes + 1)))
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'invalid-value', message: expect.stringContaining('20 MB') },
    })
  })

  it('is refused unread when it is larger than anything that it could be about', async () => {
    const tooLarge = { ok: false, error: { code: 'invalid-value', message: expect.stringContaining('too large') } }
    expect(await call('runs.rename', { runId: 'r0123456789', name: new Uint8Array(5_000_000) })).toMatchObject(tooLarge)
    const pictures = Array.from({ length: mostPictures + 1 }, () => picture(mostPictureBytes))
    expect(await call('inspection.ask', classify(...pictures))).toMatchObject(tooLarge)
  })
})
