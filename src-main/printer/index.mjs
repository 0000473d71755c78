// @ts-check
// An app of its own that prints one page and ends, for the command line: electron src-main/printer PAGE PDF.
// Not TypeScript, since Electron runs it as it is: the command line needs no build.
import { writeFileSync } from 'node:fs'
import { app } from 'electron'
import { printPdf } from './print-pdf.mjs'

const [page = '', pdf = ''] = process.argv.slice(-2)

app.disableHardwareAcceleration()
// Not awaited: Electron becomes ready only once this module has been evaluated.
void app
  .whenReady()
  .then(async () => writeFileSync(pdf, await printPdf(page)))
  .then(
    () => app.exit(0),
    (error) => {
      console.error(error.message)
      app.exit(1)
    },
  )
