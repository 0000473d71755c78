import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication } from '@playwright/test'

const projectRoot = resolve(import.meta.dirname, '..')
// Root has no sandbox for Chromium.
const isRoot = process.getuid?.() === 0

/** The Electron that set-up chose for this machine. */
export function electronExecutable(): string {
  const setup = readFileSync(join(projectRoot, '.ablate/setup.json'), 'utf8')
  return resolve(projectRoot, (JSON.parse(setup) as { electron: { path: string } }).electron.path)
}

/** One launch in some hundred is never answered although the window is there. In milliseconds. */
const launchWithin = 30_000

/** Starts Electron with `arguments_`, as the real application is started; once more where that was not answered. */
export function launchElectron(arguments_: readonly string[]): Promise<ElectronApplication> {
  return launchOnce(arguments_).catch(() => launchOnce(arguments_))
}

function launchOnce(arguments_: readonly string[]): Promise<ElectronApplication> {
  return _electron.launch({
    timeout: launchWithin,
    executablePath: electronExecutable(),
    args: [...(isRoot ? ['--no-sandbox'] : []), ...arguments_],
    chromiumSandbox: !isRoot,
    colorScheme: null,
    cwd: projectRoot,
  })
}

/** Starts the built application on `folder`/workspace. */
export function launchApplication(folder: string): Promise<ElectronApplication> {
  const userData = join(folder, 'user')
  mkdirSync(userData, { recursive: true })
  return launchElectron([`--user-data-dir=${userData}`, `--workspace=${join(folder, 'workspace')}`, projectRoot])
}
