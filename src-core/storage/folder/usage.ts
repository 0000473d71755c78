import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface WorkspaceUsage {
  readonly databaseBytes: number
  readonly checkpointBytes: number
  readonly datasetBytes: number
  readonly exportBytes: number
}

/** How much disk the parts of a workspace take, in bytes. */
export function measureUsage(directory: string, databaseFile: string): WorkspaceUsage {
  const parts = [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`]
  return {
    databaseBytes: parts.reduce((total, file) => total + sizeOf(file), 0),
    checkpointBytes: folderSize(join(directory, 'checkpoints')),
    datasetBytes: folderSize(join(directory, 'datasets')),
    exportBytes: folderSize(join(directory, 'exports')),
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Files may vanish meanwhile, because checkpoints are pruned while a run trains: what is gone counts nothing. */
function folderSize(directory: string): number {
  let names: string[]
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  } catch {
    return 0
  }
  return names.reduce((total, name) => {
    const status = statSync(join(directory, name), { throwIfNoEntry: false })
    return total + (status?.isFile() ? status.size : 0)
  }, 0)
}
