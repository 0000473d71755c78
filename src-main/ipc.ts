import type { IpcMain, IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron'
import { dispatch } from '../src-core/contract/dispatcher.ts'
import type { EventName, EventPayload } from '../src-core/contract/events.ts'
import { procedures, type Handlers } from '../src-core/contract/procedures/index.ts'
import type { Reply } from '../src-core/contract/transport.ts'
import { WorkbenchError, toWireError } from '../src-core/domain/errors.ts'
import type { Log } from './logging.ts'
import { isSanePayload, mostCharactersOf } from './payload-size.ts'
import { isAppAddress } from './window/app-protocol.ts'

/** What the sender check reads of a frame. */
export type SenderFrame = Pick<WebFrameMain, 'url' | 'parent' | 'detached'>

/**
 * Whether a frame may talk to main: only the living top frame of one of our own pages.
 * Electron hands over null when the frame is gone or has navigated in the meantime.
 */
export function isTrustedSender(frame: SenderFrame | null): boolean {
  if (!frame || frame.detached || frame.parent !== null) return false
  return isAppAddress(frame.url)
}

/**
 * The only place that listens to the window. The channels are the procedures' names; every call passes the sender
 * check, the size check and the dispatcher's schemas, and every failure travels as data.
 */
export function bindProcedures(ipcMain: Pick<IpcMain, 'handle'>, handlers: Handlers, log: Log): void {
  for (const name of Object.keys(procedures)) {
    ipcMain.handle(name, (event: IpcMainInvokeEvent, input: unknown): Reply | Promise<Reply> => {
      // Synchronously: a moment later the frame may have navigated away and `senderFrame` be another page's or null.
      const refusal = refuse(name, event.senderFrame, input)
      if (!refusal) return dispatch(handlers, name, input, (error) => log.error(`${name} failed`, error))
      log.warn(refusal.message)
      return { ok: false, error: toWireError(refusal) }
    })
  }
}

function refuse(name: string, frame: SenderFrame | null, input: unknown): WorkbenchError | null {
  if (!isTrustedSender(frame)) {
    return new WorkbenchError('refused-sender', `${name} was refused: the page that called it is not Ablate's window.`)
  }
  if (isSanePayload(input, mostCharactersOf(name))) return null
  return new WorkbenchError('invalid-value', `${name} was refused: what was sent is too large.`)
}

export type EmitEvent = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void

/** Sends events to the window, if there is one that lives. `webContents.send` reaches the top frame only. */
export function createEmitter(findWindow: () => WebContents | undefined): EmitEvent {
  return (name, payload) => {
    const contents = findWindow()
    if (contents && !contents.isDestroyed() && !contents.isCrashed()) contents.send(name, payload)
  }
}
