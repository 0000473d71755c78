import { join, resolve } from 'node:path'

/** Where the application finds its own files and where it keeps the user's. */
export interface AppPaths {
  readonly preload: string
  readonly renderer: string
  readonly icon: string
  readonly workspace: string
  readonly log: string
  readonly windowState: string
}

export interface PathSources {
  /** Folder of the built main process: `out/main`. */
  readonly mainFolder: string
  readonly appFolder: string
  readonly userData: string
  readonly argv: readonly string[]
  readonly workingDirectory: string
}

/** The value of `--name VALUE` or `--name=VALUE`; null when it is absent or empty. */
export function argumentOf(argv: readonly string[], name: string): string | null {
  const flag = `--${name}`
  const joined = argv.find((argument) => argument.startsWith(`${flag}=`))
  if (joined) return joined.slice(flag.length + 1) || null
  const index = argv.indexOf(flag)
  const next = index < 0 ? undefined : argv[index + 1]
  return next && !next.startsWith('--') ? next : null
}

export function resolvePaths({ mainFolder, appFolder, userData, argv, workingDirectory }: PathSources): AppPaths {
  const workspace = argumentOf(argv, 'workspace')
  return {
    preload: join(mainFolder, '../preload/index.cjs'),
    renderer: join(mainFolder, '../renderer'),
    icon: join(appFolder, 'resources/icon.png'),
    workspace: workspace ? resolve(workingDirectory, workspace) : join(userData, 'workspace'),
    log: join(userData, 'ablate.log'),
    windowState: join(userData, 'window.json'),
  }
}
