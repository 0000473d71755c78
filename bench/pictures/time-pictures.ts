import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writePictureFolder } from '../../test/support/picture-folder.ts'
import { newFindings, timeInTurn } from '../run-case.ts'
import { median } from '../../src-core/domain/statistics/median.ts'
import { batchSize, pictures, picturesSpec, type PicturesTask } from './task.ts'

export interface PicturesResult {
  /** Median milliseconds of a step from pictures on the disk and on one batch in memory. */
  readonly medianMs: Readonly<Record<string, number>>
  /** Pictures that the import reads, decodes and packs in a second; done once. */
  readonly importedPerSecond: number
  /** Speed from the disk over that from memory: in later epochs, and in the first one with the import. */
  readonly ofMemory: { readonly later: number; readonly first: number }
  readonly failures: Record<string, string>
}

const count = pictures.classes * pictures.perClass

interface Imported {
  readonly id: string
  readonly directory: string
  readonly milliseconds: number
}

/** Imports the pictures as a user does, in a workspace of its own. */
function importPictures(folder: string, workspace: string): Imported {
  const cli = resolve(import.meta.dirname, '../../src-cli/index.ts')
  const command = [cli, 'dataset', 'import', folder, '--name', 'Bench', '--workspace', workspace, '--json']
  const before = performance.now()
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The pictures could not be imported: ${stderr.trim()}`)
  const milliseconds = performance.now() - before
  return { ...(JSON.parse(stdout) as Pick<Imported, 'id' | 'directory'>), milliseconds }
}

/** Times steps from a folder of JPEGs that was imported against the same steps on data in memory, in turn. */
export async function timePictures(rounds: number): Promise<PicturesResult> {
  const home = mkdtempSync(join(tmpdir(), 'ablate-bench-'))
  try {
    const folder = join(home, 'pictures')
    await writePictureFolder(folder, pictures)
    const { id, directory, milliseconds } = importPictures(folder, join(home, 'workspace'))
    const task: PicturesTask = { spec: picturesSpec(id), datasetDirectory: directory }
    const findings = newFindings()
    const steps = resolve(import.meta.dirname, 'steps.ts')
    const commands = ['folder', 'memory'].map((name) => ({
      name,
      command: process.execPath,
      arguments: [steps, JSON.stringify(task), name],
    }))
    await timeInTurn(commands, { rounds, repetitions: 3 }, findings)
    return summarise(findings.times, milliseconds / count, findings.failures)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function summarise(
  times: Readonly<Record<string, number[]>>,
  importMs: number,
  failures: Record<string, string>,
): PicturesResult {
  const medianMs = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
  const [folder, memory] = [medianMs['folder'] ?? NaN, medianMs['memory'] ?? NaN]
  return {
    medianMs,
    importedPerSecond: 1000 / importMs,
    ofMemory: { later: memory / folder, first: memory / (folder + batchSize * importMs) },
    failures,
  }
}
