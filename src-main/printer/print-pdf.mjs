// @ts-check
import { pathToFileURL } from 'node:url'
import { session, WebContentsView } from 'electron'
import { denyPermissions } from './permissions.mjs'

let prints = 0

/**
 * The page and what is in it as data; everything else is refused before a connection is made. Each print has a session
 * of its own, in memory: a session has one listener, so that a second print would refuse the page of the first.
 * @param {string} address
 */
function sessionFor(address) {
  const own = session.fromPartition(`report-${++prints}`)
  denyPermissions(own)
  own.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: url !== address && !url.startsWith('data:') }))
  return own
}

/**
 * Prints an HTML file. In a view that belongs to no window, so that no screen is needed, and that runs no script, knows
 * nothing of Ablate, and has no network.
 * @param {string} file
 * @returns {Promise<Uint8Array>} the PDF
 */
export async function printPdf(file) {
  const address = pathToFileURL(file).href
  const { webContents } = new WebContentsView({
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
    await webContents.loadURL(address)
    return await webContents.printToPDF({
      pageSize: 'A4',
      preferCSSPageSize: true,
      printBackground: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    })
  } finally {
    webContents.close()
  }
}
