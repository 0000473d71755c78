import { toWireError } from '../../src-core/domain/errors.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { readings } from '../../src-main/reader/readings.ts'
import type { ReaderThread } from '../../src-main/reader/record-reader.ts'
import type { ReaderReply, ReaderRequest } from '../../src-main/reader/requests.ts'

/** The reading thread without a thread: answers in a later turn from an open workspace. */
export function threadless(workspace: Omit<ReadableWorkspace, 'dataVersion'>): ReaderThread {
  // Each question is answered anew: nothing is kept.
  const read = { ...workspace, dataVersion: () => 0 }
  let listener: (reply: ReaderReply) => void = () => {}
  const thread = {
    on(event: string, heard: (value: never) => void) {
      if (event === 'message') listener = heard as typeof listener
      return thread
    },
    postMessage({ id, name, input }: ReaderRequest) {
      queueMicrotask(() => {
        try {
          listener({ id, value: (readings(read, {})[name] as (input: unknown) => unknown)(input) })
        } catch (error) {
          listener({ id, error: toWireError(error) })
        }
      })
    },
    terminate: () => Promise.resolve(0),
  }
  return thread as unknown as ReaderThread
}
