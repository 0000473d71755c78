import { pathToFileURL } from 'node:url'
import { BrowserWindow, session, type Session } from 'electron'
import { denyPermissions } from '../security.ts'

/** Prints an HTML file; answers the PDF. */
export type PrintPdf = (file: string) => Promise<Uint8Array>

let prints = 0

/**
 * The page and what is in it as data; everything else is refused before a connection is made. Each print has a session
 * of its own, in memory: a session has one listener, so that a second print would refuse the page of the first.
 */
function sessionFor(address: string): Session {
  const own = session.fromPartition(`report-${++prints}`)
  denyPermissions(own)
  own.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: url !== address && !url.startsWith('data:') }))
  return own
}

/** In a hidden window of its own that runs no script, knows nothing of Ablate, and has no network. */
export const printPdf: PrintPdf = async (file) => {
  const address = pathToFileURL(file).href
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: sessionFor(address),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      webviewTag: false,
      devTools: false,
      spellcheck: false,
    },
  })
  try {
    await window.loadURL(address)
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      preferCSSPageSize: true,
      printBackground: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    })
  } finally {
    window.destroy()
  }
}
