import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { startStorageChild } from '../../support/child-process.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { insertRun, openTestWorkspace, valuesOf } from '../../support/workspaces.ts'

describe('a writer that is killed', () => {
  it('loses nothing that was committed, and leaves a sound file that opens at once', async () => {
    const directory = temporaryDirectory()
    const first = openTestWorkspace(directory)
    const { id } = insertRun(first)
    first.close()
    let acknowledged = 0
    for (let round = 0; round < 8; round++) {
      const child = startStorageChild(['append', directory, id])
      await child.nextAnswer()
      await new Promise((resolve) => setTimeout(resolve, 5 + round * 15))
      child.process.kill('SIGKILL')
      await child.ended
      acknowledged = child.answers.at(-1)!.committed as number
      expect(checkFile(directory, 'integrity_check')).toBe('ok')
      const workspace = openTestWorkspace(directory)
      const steps = valuesOf(workspace, id).map(([step]) => step)
      expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => index + 1))
      expect(steps.length).toBeGreaterThanOrEqual(acknowledged)
      // One transaction holds three steps and the run's progress: never a part of it.
      expect(steps.length % 3).toBe(0)
      expect(workspace.runs.find(id)!.step).toBe(steps.length)
      expect(valuesOf(workspace, id, 'train/accuracy')).toHaveLength(steps.length)
      workspace.close()
    }
    expect(acknowledged).toBeGreaterThan(8 * 3)
  })
})

describe('two processes', () => {
  it('cannot both write: the second is told who does, and can read', async () => {
    const directory = temporaryDirectory()
    const holder = startStorageChild(['hold', directory])
    expect(await holder.nextAnswer()).toEqual({ opened: true })
    expect(() => openWorkspace(directory, { application: 'a test' })).toThrow(
      expect.objectContaining({
        code: 'workspace-locked',
        message: expect.stringContaining(`a second process (process ${holder.process.pid})`),
      }),
    )
    const reader = openWorkspace(directory, { application: 'a test', readOnly: true })
    expect(reader.runs.list({ deleted: false })).toEqual([])
    reader.close()
    holder.process.kill('SIGKILL')
    await holder.ended
    openTestWorkspace(directory)
  })

  it('that find the same dead lock do not both get it', async () => {
    for (let round = 0; round < 2; round++) {
      const directory = temporaryDirectory()
      const dead = startStorageChild(['hold', directory])
      await dead.nextAnswer()
      dead.process.kill('SIGKILL')
      await dead.ended
      const racers = [1, 2, 3, 4].map(() => startStorageChild(['open', directory]))
      await Promise.all(racers.map(({ ended }) => ended))
      const answers = racers.map(({ answers }) => answers[0]!)
      const held = racers.flatMap(({ answers }) => (answers[1] ? [answers[1] as { from: number; to: number }] : []))
      held.sort((a, b) => a.from - b.from)
      expect(held.length).toBeGreaterThanOrEqual(1)
      expect(held.every(({ from }, index) => index === 0 || from >= held[index - 1]!.to)).toBe(true)
      const others = answers.filter(({ opened }) => !opened)
      expect(others.map(({ code }) => code)).toEqual(others.map(() => 'workspace-locked'))
      expect(readdirSync(directory)).not.toContain('lock')
    }
  })

  it('a reader sees commits while another process writes without pause', async () => {
    const directory = temporaryDirectory()
    const first = openTestWorkspace(directory)
    const { id } = insertRun(first)
    first.close()
    const writer = startStorageChild(['append', directory, id])
    await writer.nextAnswer()
    const reader = openWorkspace(directory, { application: 'a test', readOnly: true })
    let seen = 0
    for (let look = 0; look < 40; look++) {
      const [series] = reader.metrics.history({
        ...{ runIds: [id], metrics: ['train/loss'], fromStep: null, toStep: null, maxPoints: 50 },
      })
      expect(series!.total).toBeGreaterThanOrEqual(seen)
      expect(series!.points.length).toBeLessThanOrEqual(50)
      seen = series!.total
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    reader.close()
    expect(seen).toBeGreaterThan(3)
  })
})

const nobody = 65534
const isRoot = process.getuid?.() === 0

describe.skipIf(process.platform === 'win32')('a folder that cannot be written', () => {
  // Modes bind everybody but root.
  const userId = isRoot ? nobody : null

  /** A closed workspace with a run, owned by whom the second process runs as, where that user may look. */
  function ownedWorkspace(): string {
    const directory = mkdtempSync('/tmp/ablate-modes-')
    onTestFinished(() => {
      for (const name of ['.', 'workspace']) chmodSync(join(directory, name), 0o700)
      rmSync(directory, { recursive: true, force: true })
    })
    const workspace = openTestWorkspace(join(directory, 'workspace'))
    insertRun(workspace)
    workspace.close()
    if (isRoot) {
      const names = ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]
      for (const name of names) chownSync(join(directory, name), nobody, nobody)
    }
    return join(directory, 'workspace')
  }

  async function answerOf(command: string, directory: string): Promise<Record<string, unknown>> {
    const child = startStorageChild([command, directory], userId)
    await child.ended
    return child.answers[0]!
  }

  it('is refused for writing, read all the same, and left as it was', async () => {
    const directory = ownedWorkspace()
    expect(await answerOf('open', directory)).toEqual({ opened: true, runs: 1 })
    const before = readdirSync(directory).sort()
    chmodSync(directory, 0o555)
    const refused = await answerOf('open', directory)
    expect(refused).toMatchObject({ code: 'workspace-read-only', message: expect.stringContaining(directory) })
    expect(await answerOf('read', directory)).toEqual({ opened: true, runs: 1 })
    expect(readdirSync(directory).sort()).toEqual(before)
  })

  it('is refused when only the file cannot be written', async () => {
    const directory = ownedWorkspace()
    chmodSync(join(directory, 'ablate.db'), 0o444)
    expect(await answerOf('open', directory)).toMatchObject({ code: 'workspace-read-only' })
    expect(await answerOf('read', directory)).toEqual({ opened: true, runs: 1 })
    expect(readdirSync(directory)).not.toContain('lock')
  })

  it('cannot be made where its parent cannot be written', async () => {
    const directory = ownedWorkspace()
    chmodSync(directory, 0o555)
    expect(await answerOf('open', join(directory, 'new'))).toMatchObject({ code: 'workspace-read-only' })
  })
})

/** A tmpfs needs root; elsewhere the disk cannot be filled without harm. */
function mountSmallDisk(): string | null {
  const directory = mkdtempSync('/tmp/ablate-disk-')
  const mounted = isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]).status === 0
  onTestFinished(() => {
    if (mounted) spawnSync('umount', [directory])
    rmSync(directory, { recursive: true, force: true })
  })
  return mounted ? directory : null
}

describe('a full disk', () => {
  it('is named, loses nothing that was committed, and is over when there is space again', ({ skip }) => {
    const disk = mountSmallDisk()
    if (disk === null) return skip('no tmpfs can be mounted')
    const workspace = openTestWorkspace(join(disk, 'workspace'))
    const { id } = insertRun(workspace)
    let committed = 0
    const appendTen = (): void => {
      const steps = Array.from({ length: 10 }, (_, index) => committed + index + 1)
      const metrics = { 'train/loss': 1 }
      workspace.metrics.append(
        id,
        steps.map((step) => ({ step, epoch: 0, wallTime: 0, activeTime: 0, metrics })),
      )
      committed += 10
    }
    const fill = (): void => {
      for (;;) appendTen()
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'disk-full' }))
    expect(committed).toBeGreaterThan(100)
    expect(valuesOf(workspace, id)).toHaveLength(committed)
    expect(spawnSync('mount', ['-o', 'remount,size=4m', disk]).status).toBe(0)
    appendTen()
    workspace.close()
    expect(checkFile(join(disk, 'workspace'), 'integrity_check')).toBe('ok')
    expect(valuesOf(openTestWorkspace(join(disk, 'workspace')), id)).toHaveLength(committed)
  })
})

describe('a write-ahead log that is torn', () => {
  it('at any byte opens to whole transactions, oldest first', () => {
    const source = openTestWorkspace()
    const { id } = insertRun(source)
    for (let step = 1; step <= 30; step++) {
      source.metrics.append(id, [{ step, epoch: 0, wallTime: 0, activeTime: 0, metrics: { a: step, b: step } }])
    }
    const log = join(source.directory, 'ablate.db-wal')
    const { size } = statSync(log)
    const seen = new Set<number>()
    for (let cut = 0; cut <= size; cut += Math.ceil(size / 60)) {
      const directory = temporaryDirectory()
      mkdirSync(join(directory, 'w'))
      for (const name of ['ablate.db', 'ablate.db-wal'])
        cpSync(join(source.directory, name), join(directory, 'w', name))
      truncateSync(join(directory, 'w', 'ablate.db-wal'), cut)
      const workspace = openTestWorkspace(join(directory, 'w'))
      const a = workspace.runs.find(id) ? valuesOf(workspace, id, 'a').map(([step]) => step) : []
      expect(a).toEqual(Array.from({ length: a.length }, (_, index) => index + 1))
      expect(workspace.runs.find(id) ? valuesOf(workspace, id, 'b') : []).toHaveLength(a.length)
      seen.add(a.length)
      workspace.close()
    }
    expect(seen.size).toBeGreaterThan(10)
  })
})

function checkFile(directory: string, pragma: string): unknown {
  const database = new Database(join(directory, 'ablate.db'))
  try {
    return database.pragma(pragma, { simple: true })
  } finally {
    database.close()
  }
}
