import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { leaveCleanMark } from '../../../src-core/storage/folder/clean-mark.ts'
import { openWorkspace, type Workspace } from '../../../src-core/storage/workspace.ts'
import { RecordReader, type ReaderThread } from '../../../src-main/reader/record-reader.ts'
import { LaterUpkeep } from '../../../src-main/upkeep.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { threadless } from '../../support/threadless-reader.ts'
import { insertRun, openTestWorkspace, stepRecord } from '../../support/workspaces.ts'

/** A workspace that was closed properly; `change` does something to its file that nobody notes. */
function closedWorkspace(change: (file: string) => void = () => {}): string {
  const directory = temporaryDirectory()
  const workspace = openTestWorkspace(directory)
  const steps = Array.from({ length: 2000 }, (_, index) => stepRecord(index + 1))
  workspace.metrics.append(insertRun(workspace).id, steps)
  workspace.close()
  const file = join(directory, 'ablate.db')
  change(file)
  leaveCleanMark(directory, file)
  return directory
}

function openedWith(directory: string, startThread: (workspace: Workspace) => ReaderThread = threadless) {
  const workspace = openWorkspace(directory, { application: 'a test', deferUpkeep: true })
  const [emit, error] = [vi.fn(), vi.fn()]
  const log = { info() {}, warn() {}, error }
  const newReader = vi.fn(() => new RecordReader(() => startThread(workspace)))
  return { workspace, emit, error, newReader, upkeep: new LaterUpkeep({ workspace, newReader, emit, log }) }
}

const backupsIn = (directory: string): string[] =>
  existsSync(join(directory, 'backups')) ? readdirSync(join(directory, 'backups')) : []
const isMarked = (directory: string): boolean => existsSync(join(directory, 'closed-properly'))

describe('what the opening left for later', () => {
  it('is done at closing when there was no time for it: the record is checked and backed up', async () => {
    const directory = closedWorkspace()
    const { workspace, upkeep, emit } = openedWith(directory)
    await upkeep.finish(10_000)
    workspace.close()
    expect([backupsIn(directory).length, isMarked(directory), emit.mock.calls]).toEqual([1, true, []])
  })

  it('is done once', async () => {
    const { workspace, upkeep, newReader } = openedWith(closedWorkspace())
    await Promise.all([upkeep.begin(), upkeep.finish(10_000)])
    await upkeep.finish(10_000)
    workspace.close()
    expect(newReader).toHaveBeenCalledTimes(1)
  })

  it('tells a damaged record and copies nothing; the next opening sets it aside', async () => {
    const directory = closedWorkspace((file) => {
      const bytes = readFileSync(file)
      bytes.fill(0xa5, statSync(file).size - 4096)
      writeFileSync(file, bytes)
    })
    const { workspace, upkeep, emit, error } = openedWith(directory)
    await upkeep.finish(10_000)
    workspace.close()
    const message = expect.stringContaining('damaged') as string
    expect(emit.mock.calls).toEqual([['notice', { level: 'error', message }]])
    expect(error).toHaveBeenCalledWith(message)
    expect([backupsIn(directory), isMarked(directory)]).toEqual([[], false])
    expect(() => openTestWorkspace(directory)).toThrow(expect.objectContaining({ code: 'workspace-damaged' }))
  })

  it('is not waited for without end: a record whose check was cut off is checked at the next opening', async () => {
    const directory = closedWorkspace()
    const silent = { on: () => silent, postMessage() {}, terminate: () => Promise.resolve(0) }
    const { workspace, upkeep } = openedWith(directory, () => silent as unknown as ReaderThread)
    await upkeep.finish(20)
    workspace.close()
    expect(isMarked(directory)).toBe(false)
  })

  it('is no reason not to close when its thread dies', async () => {
    const directory = closedWorkspace()
    const { workspace, upkeep, error } = openedWith(directory, () => {
      throw new Error('no more threads')
    })
    await upkeep.finish(10_000)
    workspace.close()
    expect(error).toHaveBeenCalledWith('the record could not be checked', expect.any(Error))
    expect(isMarked(directory)).toBe(false)
  })
})
