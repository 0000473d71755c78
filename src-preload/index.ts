import { contextBridge, ipcRenderer } from 'electron'
import { createTransport } from './transport.ts'

// All that a page gets. The context bridge freezes it.
contextBridge.exposeInMainWorld('ablate', createTransport(ipcRenderer))
