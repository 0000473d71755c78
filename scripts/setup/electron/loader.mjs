// The app inside the stock Electron: like Electron's own default app it runs the app of the folder that is named
// among the arguments.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const isApp = (argument) => !argument.startsWith('-') && existsSync(path.join(argument, 'package.json'))
const named = process.argv.slice(1).find(isApp)
if (named) await run(path.resolve(named))
else {
  console.error('Name the folder of an app.')
  app.exit(1)
}

async function run(folder) {
  const about = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  process.defaultApp = true
  app.name = about.productName ?? about.name
  if (about.version) app.setVersion(about.version)
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', path.join(app.getPath('appData'), app.name))
  app.setAppPath(folder)
  // Awaited, so that the app still does things that must come before "ready".
  await import(pathToFileURL(path.join(folder, about.main ?? 'index.js')).href)
}
