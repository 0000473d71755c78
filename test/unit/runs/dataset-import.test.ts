import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ToImporter } from '../../../src-core/contract/importer-protocol.ts'
import type { ImporterProcess, ProcessExit } from '../../../src-core/contract/trainer-process.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { importDataset } from '../../../src-core/runs/jobs/dataset-import.ts'
import { testService, until } from '../../support/run-services.ts'
import { addStored, sampleStored } from '../../support/stored-datasets.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { testSpec } from '../../support/workspaces.ts'

/** An importer that exists only in this process and plays the part that the test gives it. */
class FakeImporter implements ImporterProcess {
  readonly pid = 4243
  job: ToImporter | null = null
  killed = false
  emit: (message: unknown) => void = () => {}
  exit: (exit?: Partial<ProcessExit>) => void = () => {}
  readonly #onJob: (importer: FakeImporter, job: ToImporter) => void

  constructor(onJob: (importer: FakeImporter, job: ToImporter) => void) {
    this.#onJob = onJob
    setImmediate(() => this.emit({ type: 'ready' }))
  }

  send(job: ToImporter): void {
    this.job = job
    // What a real one would have on the disk by now.
    mkdirSync(job.stagingDirectory)
    writeFileSync(join(job.stagingDirectory, 'train-images.bin'), 'half')
    setImmediate(() => this.#onJob(this, job))
  }

  onMessage(listener: (message: unknown) => void): void {
    this.emit = listener
  }

  onExit(listener: (exit: ProcessExit) => void): void {
    this.exit = (exit = {}) => listener({ code: 0, signal: null, stderr: '', ...exit })
  }

  kill(): void {
    this.killed = true
    setImmediate(() => this.exit({ code: null, signal: 'SIGKILL' }))
  }
}

const request = { folder: '/pictures', title: 'My flowers', size: 64, channels: 3, testShare: 0.2 } as const

function importing(onJob: (importer: FakeImporter, job: ToImporter) => void, changes: object = {}) {
  const datasetsDirectory = temporaryDirectory()
  const importer = new FakeImporter(onJob)
  const abort = new AbortController()
  const progress: number[] = []
  const imported = importDataset(
    { datasetsDirectory },
    { ...request, ...changes },
    { startImporter: () => importer, signal: abort.signal, onProgress: ({ done }) => void progress.push(done) },
  )
  return { imported, importer, abort, progress, datasetsDirectory }
}

describe('an import', () => {
  it('is done by a process of its own, tells how far it is, and leaves no staging folder', async () => {
    const { imported, importer, progress, datasetsDirectory } = importing((self, { id }) => {
      self.emit({ type: 'progress', progress: { done: 7, total: 9, unreadable: 0 } })
      self.emit({ type: 'imported', dataset: sampleStored(id) })
      self.exit()
    })
    expect((await imported).info.id).toBe('my-flowers')
    expect(progress).toEqual([7])
    expect(importer.job).toMatchObject({ request, id: 'my-flowers', directory: join(datasetsDirectory, 'my-flowers') })
    expect(readdirSync(datasetsDirectory)).toEqual([])
  })

  it('that is cancelled ends the process and leaves nothing behind', async () => {
    const { imported, importer, abort, datasetsDirectory } = importing(() => abort.abort())
    await expect(imported).rejects.toMatchObject({ code: 'cancelled' })
    expect([importer.killed, readdirSync(datasetsDirectory)]).toEqual([true, []])
  })

  it('that is cancelled after the data set got its name, and before that was told, takes it back', async () => {
    const { imported, abort, datasetsDirectory } = importing((_self, { stagingDirectory, directory }) => {
      renameSync(stagingDirectory, directory)
      abort.abort()
    })
    await expect(imported).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(datasetsDirectory)).toEqual([])
  })

  it('that is over hears of no cancelling any more', async () => {
    const { imported, importer, abort } = importing((self, { id }) => {
      self.emit({ type: 'imported', dataset: sampleStored(id) })
      self.exit()
    })
    await imported
    abort.abort()
    expect(importer.killed).toBe(false)
  })

  it.each<[string, (importer: FakeImporter) => void, string]>([
    [
      'fails',
      (self) => self.emit({ type: 'failed', error: { code: 'import-refused', message: 'no classes' } }),
      'import-refused',
    ],
    ['speaks nonsense', (self) => self.emit({ type: 'imported', dataset: {} }), 'trainer-protocol'],
    ['answers another job', (self) => self.emit({ type: 'exported' }), 'trainer-protocol'],
    ['dies', () => {}, 'trainer-died'],
  ])('whose process %s leaves nothing behind', async (_what, behave, code) => {
    const { imported, datasetsDirectory } = importing((self) => {
      behave(self)
      self.exit({ code: 3, stderr: 'out of paper' })
    })
    await expect(imported).rejects.toMatchObject({ code })
    expect(readdirSync(datasetsDirectory)).toEqual([])
  })

  it('of which the process died says so', async () => {
    const { imported } = importing((self) => self.exit({ code: 3, stderr: 'out of paper' }))
    await expect(imported).rejects.toThrow('The importer ended unexpectedly with exit status 3.\nout of paper')
  })

  it.each([
    ['size', { size: 4 }],
    ['size', { size: 'large' }],
    ['testShare', { testShare: 0 }],
    ['testShare', { testShare: 1 }],
    ['title', { title: '  ' }],
    ['folder', { folder: 'pictures' }],
    ['folder', { folder: '' }],
  ])('with a wrong %s is refused: %j', async (field, changes) => {
    const { imported, importer } = importing(() => {}, changes)
    await expect(imported).rejects.toMatchObject({ code: 'invalid-value', message: expect.stringMatching(field) })
    expect(importer.job).toBeNull()
  })

  it('under a name that is taken is refused, also by a data set that comes with Ablate', async () => {
    const { imported } = importing(() => {}, { title: 'MNIST' })
    await expect(imported).rejects.toMatchObject({ code: 'dataset-exists' })
    const datasetsDirectory = temporaryDirectory()
    addStored(datasetsDirectory, 'my-flowers')
    const options = { startImporter: () => new FakeImporter(() => {}), signal: new AbortController().signal }
    const again = importDataset({ datasetsDirectory }, request, { ...options, onProgress: () => {} })
    await expect(again).rejects.toMatchObject({ code: 'dataset-exists' })
  })

  it('whose process cannot be started is refused', async () => {
    const startImporter = (): never => {
      throw new Error('spawn ENOENT')
    }
    const signal = new AbortController().signal
    const options = { startImporter, signal, onProgress: () => {} }
    const imported = importDataset({ datasetsDirectory: temporaryDirectory() }, request, options)
    await expect(imported).rejects.toThrow('The importer process could not be started: spawn ENOENT')
  })
})

describe('runs with an imported data set', () => {
  it('are checked against it, and their trainer is told where it lies', async () => {
    const { service, workspace, trainers } = testService()
    const directory = addStored(workspace.datasetsDirectory, 'flowers')
    const spec = setAtPath(testSpec(), 'data.dataset', 'flowers')
    expect(() => service.create({ name: 'n', spec: setAtPath(spec, 'model.classes', 2), start: false })).toThrow(
      'must be at least 3, the classes of The flowers',
    )
    const run = service.create({ name: 'n', spec, start: true })
    service.startQueue()
    await service.settled(run.id)
    expect(trainers.latest().sent[0]).toMatchObject({ type: 'train', datasetDirectory: directory })
    await service.setup.previewAugmentation(spec)
    expect(trainers.latest().sent).toEqual([{ type: 'preview', spec, datasetDirectory: directory }])
    await service.exportModel(run.id, 'tfjs', join(temporaryDirectory(), 'model'))
    expect(trainers.latest().sent[0]).toMatchObject({ type: 'export', datasetDirectory: directory })
  })

  it('that has since gone fail with the reason, and go on when it is back', async () => {
    const { service, workspace, trainers } = testService()
    addStored(workspace.datasetsDirectory, 'flowers')
    const spec = setAtPath(testSpec(), 'data.dataset', 'flowers')
    const { id } = service.create({ name: 'n', spec, start: false })
    addStored(workspace.datasetsDirectory, 'flowers', '{')
    service.startQueue()
    service.resume(id)
    expect((await service.settled(id)).error).toMatchObject({ code: 'dataset-damaged' })
    expect(trainers.all).toEqual([])
    addStored(workspace.datasetsDirectory, 'flowers')
    await until(() => service.get(id).state === 'failed')
    service.resume(id)
    expect((await service.settled(id)).state).toBe('finished')
  })

  it('do not see what an import left that was cut off: it is removed when the record is put in order', () => {
    const { service, workspace } = testService()
    const left = join(workspace.datasetsDirectory, 'flowers.0123abcd.unfinished-import')
    mkdirSync(left)
    addStored(workspace.datasetsDirectory, 'kept')
    service.recover()
    expect([existsSync(left), readdirSync(workspace.datasetsDirectory)]).toEqual([false, ['kept']])
  })
})
