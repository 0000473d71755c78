import type { IpcMain, IpcMainInvokeEvent, IpcRenderer, WebContents } from 'electron'
import { dispatch } from '../../src-core/contract/dispatcher.ts'
import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Transport } from '../../src-core/contract/transport.ts'
import { bindProcedures, createEmitter, type EmitEvent, type SenderFrame } from '../../src-main/ipc.ts'
import { createTransport } from '../../src-preload/transport.ts'

/** A window's transport and main's way to tell it something, connected. */
export interface Connection {
  readonly transport: Transport
  readonly emit: EmitEvent
}

type Listener = (payload: unknown) => void

/** Both ends in this process; values are cloned as they would be between processes. */
export function connectInMemory(handlers: Handlers, onUnexpected: (error: unknown) => void): Connection {
  const listeners = new Map<string, Set<Listener>>()
  return {
    transport: {
      invoke: async (name, input) =>
        structuredClone(await dispatch(handlers, name, structuredClone(input), onUnexpected)),
      subscribe(event, listener) {
        const all = listeners.get(event) ?? new Set()
        listeners.set(event, all.add(listener))
        return () => void all.delete(listener)
      },
    },
    emit: (name, payload) => listeners.get(name)?.forEach((listener) => listener(structuredClone(payload))),
  }
}

/** Main's real wrapper and the real preload transport, over a double of Electron's two ends. */
export function connectOverIpc(
  handlers: Handlers,
  onUnexpected: (error: unknown) => void,
  senderFrame: () => SenderFrame | null = () => ({ url: 'app://ablate/index.html', parent: null, detached: false }),
): Connection {
  const answers = new Map<string, (event: IpcMainInvokeEvent, input: unknown) => unknown>()
  const listeners = new Map<string, Set<(event: object, payload: unknown) => void>>()
  const ipcMain = { handle: (name: string, answer: never) => void answers.set(name, answer) } as unknown as IpcMain
  const log = { info: () => {}, warn: () => {}, error: (_message: string, cause: unknown) => onUnexpected(cause) }
  bindProcedures(ipcMain, handlers, log)
  return {
    transport: createTransport({
      async invoke(name: string, input: unknown) {
        const event = { senderFrame: senderFrame() } as unknown as IpcMainInvokeEvent
        const answer = answers.get(name)
        if (!answer) throw new Error(`No handler registered for '${name}'`)
        return structuredClone(await answer(event, structuredClone(input)))
      },
      on: (name: string, listener: never) => void listeners.set(name, (listeners.get(name) ?? new Set()).add(listener)),
      removeListener: (name: string, listener: never) => void listeners.get(name)?.delete(listener),
    } as unknown as IpcRenderer),
    emit: createEmitter(() => windowDouble(listeners)),
  }
}

function windowDouble(listeners: Map<string, Set<(event: object, payload: unknown) => void>>): WebContents {
  return {
    isDestroyed: () => false,
    isCrashed: () => false,
    send: (name: string, payload: unknown) =>
      listeners.get(name)?.forEach((listener) => listener({ sender: 'never to be seen' }, structuredClone(payload))),
  } as unknown as WebContents
}
