import type { IpcRenderer, IpcRendererEvent } from 'electron'
import type { Reply, Transport } from '../src-core/contract/transport.ts'
import type { ErrorCode } from '../src-core/domain/errors.ts'
import { eventNames, procedureNames } from './names.ts'

type Line = Pick<IpcRenderer, 'invoke' | 'on' | 'removeListener'>

/** The contract's transport over ipcRenderer: only the contract's names pass, and no event object comes out. */
export function createTransport(line: Line): Transport {
  return {
    async invoke(procedure, input) {
      if (!procedureNames.has(procedure)) return refuse('usage', `There is no procedure "${show(procedure)}".`)
      try {
        return await line.invoke(procedure, input)
      } catch (error) {
        // Only what cannot be cloned ends here: main answers its own failures as data.
        return refuse('invalid-value', `${procedure}: this cannot be sent: ${String(error)}`)
      }
    },
    subscribe(event, listener) {
      if (!eventNames.has(event)) throw new TypeError(`There is no event "${show(event)}".`)
      const forward = (_event: IpcRendererEvent, payload: unknown): void => listener(payload)
      line.on(event, forward)
      return () => void line.removeListener(event, forward)
    },
  }
}

function refuse(code: ErrorCode, message: string): Reply {
  return { ok: false, error: { code, message } }
}

function show(name: unknown): string {
  return typeof name === 'string' ? name.slice(0, 80) : typeof name
}
