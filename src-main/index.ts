import { resolve } from 'node:path'
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  session,
  shell,
  utilityProcess,
} from 'electron'
import { version } from '../package.json'
import { RunService } from '../src-core/runs/run-service.ts'
import { userDataDirectory } from '../src-core/storage/default-directory.ts'
import { openWorkspace, type Workspace } from '../src-core/storage/workspace.ts'
import { readerPath } from './reader/reader-path.ts'
import { RecordReader, startReader } from './reader/record-reader.ts'
import { reviveWindow, watchChildProcesses, watchProcess } from './crash-events.ts'
import { createHandlers } from './handlers/index.ts'
import { bindProcedures, createEmitter } from './ipc.ts'
import { openLog } from './logging.ts'
import { findNativeBinding } from './native-binding.ts'
import { argumentOf, resolvePaths } from './paths.ts'
import { printPdf } from './printer/print-pdf.mjs'
import { quitInOrder } from './quit.ts'
import { electronTrainers } from './runs/electron-trainer.ts'
import { announceRuns } from './runs/run-events.ts'
import { batchWorkerPath, trainerPath } from './runs/trainer-path.ts'
import { denyNavigation, denyNetwork, denyPermissions } from './security.ts'
import { startFailurePages } from './start-failure.ts'
import { indexAddress, listPages, registerAppScheme, serveApp } from './window/app-protocol.ts'
import { curvesFileChooser, modelFileChooser, type ShowOpenDialog } from './window/choose-file.ts'
import { holdEarlyNotices } from './window/early-notices.ts'
import { fileSaver, type ShowSaveDialog } from './window/save-file.ts'
import { menuTemplate } from './window/menu.ts'
import { focusWindow, followTheme, mainWindow, openWindow } from './window/windows.ts'
import { LaterUpkeep } from './upkeep.ts'

const quitDeadline = 30_000
/** When the window has long been on the screen, in milliseconds. */
const upkeepAfter = 8_000
/** How long closing waits for what was left for later, in milliseconds. */
const longestUpkeep = 8_000

app.setName('Ablate')

// Before Electron is ready: Chromium reads the scheme and the sandbox while it starts, later they would do nothing.
registerAppScheme(protocol)
const sandboxed = !app.commandLine.hasSwitch('no-sandbox')
// As root there is no sandbox to be had, and turning it on all the same ends in a loop of crashes.
if (sandboxed) app.enableSandbox()

// The user's folder comes before the lock, because the lock lies in it.
app.setPath('userData', resolve(argumentOf(process.argv, 'user-data-dir') ?? userDataDirectory()))
const paths = resolvePaths({
  mainFolder: import.meta.dirname,
  appFolder: app.getAppPath(),
  userData: app.getPath('userData'),
  argv: process.argv,
  workingDirectory: process.cwd(),
})
const log = openLog(paths.log)
const { emit, release: releaseNotices } = holdEarlyNotices(createEmitter(() => mainWindow()?.webContents))

// Not awaited: Electron becomes ready only once this module has been evaluated.
if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.exit(0)

function start(): void {
  log.info(`Ablate ${version} on Electron ${process.versions.electron}, workspace ${paths.workspace}`)
  watchProcess(log, emit)
  watchChildProcesses(app, log)
  // Before the first page exists: they hold for what is made after them.
  denyNavigation(app)
  denyPermissions(session.defaultSession)
  denyNetwork(session.defaultSession)
  app.on('second-instance', focusWindow)
  try {
    startWorkbench(openRecord())
  } catch (error) {
    log.error('the workspace cannot be opened', error)
    showStartFailure(error)
  }
}

function openRecord(): Workspace {
  const nativeBinding = findNativeBinding(app.getAppPath())
  return openWorkspace(paths.workspace, {
    application: 'the Ablate window',
    deferUpkeep: true,
    ...(nativeBinding && { nativeBinding }),
  })
}

function startWorkbench(workspace: Workspace): void {
  const nativeBinding = findNativeBinding(app.getAppPath())
  const newReader = (): RecordReader =>
    new RecordReader(
      () => startReader(readerPath, { directory: workspace.directory, nativeBinding }),
      (reason) => log.error(`the reading thread ended, the next question starts another: ${reason}`),
    )
  const reader = newReader()
  // While Chromium starts: by the time the page asks for the runs they have been read. What fails here fails there too.
  void reader.ask('prepare', undefined).catch(() => {})
  const runs = new RunService({
    workspace,
    startTrainer: electronTrainers(utilityProcess.fork, trainerPath, batchWorkerPath),
    listeners: announceRuns(emit),
    threads: () => workspace.settings.get().threads,
  })
  // Before the window asks for the list: it must not see a run of an earlier life as still running.
  runs.recover()
  bindProcedures(ipcMain, createWindowHandlers(workspace, runs, reader), log)
  nativeTheme.themeSource = workspace.settings.get().theme
  followTheme()
  serveApp(protocol, listPages(paths.renderer))
  const upkeep = new LaterUpkeep({ workspace, newReader, emit, log })
  const close = async (): Promise<void> => {
    await closeRuns(runs)
    await upkeep.finish(longestUpkeep)
    // Awaited: a thread that still reads keeps the record's log from being emptied.
    await reader.close()
  }
  const quit = quitInOrder({ app, close, deadlineMilliseconds: quitDeadline, log })
  // After the windows are gone: until then they may still ask.
  app.on('will-quit', () => workspace.close())
  setMenu()
  const window = showWindow(quit.mayClose)
  window.webContents.once('did-finish-load', releaseNotices)
  reviveWindow(window, log)
  setTimeout(() => void upkeep.begin(), upkeepAfter).unref()
  // Last, so that the window is on the screen before a trainer takes the processor.
  runs.startQueue()
}

function createWindowHandlers(workspace: Workspace, runs: RunService, reader: RecordReader) {
  return createHandlers({
    workspace,
    runs,
    reader,
    saveFile: fileSaver(showSaveDialog),
    printPdf,
    facts: { version, sandboxed, openFolder: (folder) => shell.openPath(folder) },
    reveal: (directory) => shell.showItemInFolder(directory),
    chooseModelFile: modelFileChooser(showOpenDialog),
    chooseCurvesFile: curvesFileChooser(showOpenDialog),
    onSettingsChange: (settings) => {
      nativeTheme.themeSource = settings.theme
      emit('settings.changed', { settings })
    },
  })
}

/** Over the window, so that nothing else can be done there meanwhile. */
const showOpenDialog: ShowOpenDialog = (options) => {
  const window = mainWindow()
  return window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options)
}

const showSaveDialog: ShowSaveDialog = (options) => {
  const window = mainWindow()
  return window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options)
}

async function closeRuns(runs: RunService): Promise<void> {
  emit('notice', { level: 'info', message: 'Closing: a run that trains is paused first, with a checkpoint.' })
  await runs.close()
}

function showWindow(mayClose: () => boolean): BrowserWindow {
  const { preload, icon, windowState: stateFile } = paths
  const options = { address: indexAddress, preload, icon, stateFile, mayClose, onCloseRefused: () => app.quit() }
  return openWindow(options, app.isPackaged)
}

function setMenu(): void {
  const send = (command: Parameters<Parameters<typeof menuTemplate>[0]['send']>[0]): void =>
    emit('command', { command })
  const template = menuTemplate({ isMac: process.platform === 'darwin', isDevelopment: !app.isPackaged, send })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

/** Nothing but a page that says what happened: no record is open, so there is nothing to ask of main. */
function showStartFailure(error: unknown): void {
  serveApp(protocol, startFailurePages(error, paths.workspace, paths.log))
  Menu.setApplicationMenu(null)
  app.on('window-all-closed', () => app.quit())
  showWindow(() => true)
}
