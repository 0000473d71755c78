import { totalmem } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TrainerExit } from '../../../src-core/contract/trainer-process.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { containerMemory, readMachineLimits } from '../../../src-core/runs/jobs/machine-limits.ts'
import { RunSetup } from '../../../src-core/runs/jobs/run-setup.ts'
import { openWorkspace } from '../../../src-core/storage/workspace.ts'
import { fakeTrainers, type FakeBehaviour } from '../../support/fake-trainer.ts'
import { startRun, testService, until } from '../../support/run-services.ts'
import { samplePreflight, sampleProbe } from '../../support/sample-run.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { insertRun, stepRecord, testSpec } from '../../support/workspaces.ts'

const gibibyte = 2 ** 30
const plenty = { memory: 16 * gibibyte, disk: 64 * gibibyte }
const refused = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

interface Setting {
  readonly behaviour?: FakeBehaviour
  readonly limits?: Partial<typeof plenty>
  readonly time?: number
}

/** A service whose machine has these limits and whose trainers do with a probe what the test says. */
function setting({ behaviour = {}, limits = {}, time }: Setting = {}) {
  return testService({
    trainers: fakeTrainers(behaviour),
    readLimits: () => ({ ...plenty, ...limits }),
    times: { close: 50, preflight: time },
    threads: () => 3,
  })
}

const silent: FakeBehaviour = { onJob: () => {} }
const dying = (how: Partial<TrainerExit>): FakeBehaviour => ({ onJob: (trainer) => trainer.exit(how) })

describe('a preflight', () => {
  it('is measured by a process of its own and judged against the machine', async () => {
    const { service, trainers, workspace } = setting()
    expect(await service.setup.preflight(testSpec())).toEqual(samplePreflight(testSpec()))
    expect(trainers.latest().sent).toEqual([
      { type: 'probe', spec: testSpec(), datasetDirectory: null, startFrom: null },
    ])
    expect([trainers.latest().exited, trainers.latest().threads]).toEqual([true, 3])
    expect(workspace.runs.list({ deleted: false })).toEqual([])
  })

  it('of settings that cannot train starts no process', async () => {
    const { service, trainers } = setting()
    const wrong = setAtPath(testSpec(), 'data.tenCrop', true)
    await expect(service.setup.preflight(wrong)).rejects.toThrow(refused('invalid-value'))
    const noSource = setAtPath(testSpec(), 'training.transfer.from', 'run:r0000000000')
    await expect(service.setup.preflight(noSource)).rejects.toThrow(refused('run-not-found'))
    expect(trainers.all).toEqual([])
  })

  it('of what obviously cannot fit starts no process', async () => {
    const { service, trainers } = setting({ limits: { memory: 0.7 * gibibyte } })
    const large = setAtPath(testSpec(), 'training.batchSize', 4096)
    const result = await service.setup.preflight(large)
    expect(result).toMatchObject({ fits: false, memory: { basis: 'estimated' }, proposedBatchSize: 64, time: null })
    expect(trainers.all).toEqual([])
  })

  it('gives way to a newer one', async () => {
    const { service, trainers } = setting({ behaviour: silent })
    const older = expect(service.setup.preflight(testSpec())).rejects.toThrow(refused('run-busy', /newer preflight/))
    await until(() => trainers.latest()?.sent.length === 1)
    const newer = service.setup.preflight(testSpec(50))
    await older
    expect(trainers.all[0]!.exited).toBe(true)
    await until(() => trainers.all.length === 2 && trainers.latest().sent.length === 1)
    trainers.latest().emit({ type: 'probed', probe: sampleProbe() })
    trainers.latest().exit()
    expect(await newer).toEqual(samplePreflight(testSpec(50)))
  })

  it('does not stand in the way of a preview', async () => {
    const { service, trainers } = setting({ behaviour: silent })
    void service.setup.preflight(testSpec()).catch(() => {})
    const preview = expect(service.setup.previewAugmentation(testSpec())).rejects.toThrow(refused('cancelled'))
    await until(() => trainers.all.length === 2 && trainers.all.every(({ sent }) => sent.length === 1))
    await service.setup.cancelPreview()
    await preview
    expect(trainers.all.map(({ exited }) => exited)).toEqual([false, true])
  })

  it('is cancelled with its process, and those that wait with it', async () => {
    const { service, trainers } = setting({ behaviour: silent })
    const first = service.setup.preflight(testSpec())
    const cancelled = expect(first).rejects.toThrow(refused('cancelled', /preflight was cancelled/))
    await until(() => trainers.latest()?.sent.length === 1)
    await service.setup.cancelPreflight()
    await cancelled
    expect([trainers.all.length, trainers.latest().killed, trainers.latest().exited]).toEqual([1, true, true])
    await service.setup.cancelPreflight()
  })

  it('that takes too long is given up', async () => {
    const { service, trainers } = setting({ behaviour: silent, time: 30 })
    await expect(service.setup.preflight(testSpec())).rejects.toThrow(refused('trainer-died', /not done within/))
    expect(trainers.latest().exited).toBe(true)
  })

  it('is given up when the service closes', async () => {
    const { service, trainers } = setting({ behaviour: silent })
    const given = expect(service.setup.preflight(testSpec())).rejects.toThrow(refused('trainer-died', /was closed/))
    await until(() => trainers.all.length === 1)
    await service.close()
    await given
  })

  const outOfMemory = { type: 'failed', error: { code: 'out-of-memory', message: 'Memory ran out.' } }
  const says: FakeBehaviour = {
    onJob: (trainer) => {
      trainer.emit(outOfMemory)
      trainer.exit()
    },
  }

  it.each<[string, FakeBehaviour]>([
    ['says so', says],
    ['is killed by the system', dying({ code: null, signal: 'SIGKILL' })],
    ['ends as a killed process ends in a container', dying({ code: 137 })],
    ['cannot allocate', dying({ code: null, signal: 'SIGABRT', stderr: 'what():  std::bad_alloc' })],
  ])(
    'whose process runs out of memory and %s does not fit, and half the batch is proposed',
    async (_name, behaviour) => {
      const { service } = setting({ behaviour })
      const result = await service.setup.preflight(testSpec())
      expect(result).toMatchObject({ fits: false, memory: { basis: 'exhausted' }, proposedBatchSize: 32 })
    },
  )

  it.each<[string, FakeBehaviour]>([
    ['trainer-died', dying({ code: 1, stderr: 'Segmentation fault' })],
    ['trainer-protocol', { onJob: (trainer) => trainer.emit({ type: 'probed', probe: { stepTimes: [] } }) }],
    [
      'dataset-missing',
      { onJob: (trainer) => trainer.emit({ type: 'failed', error: { code: 'dataset-missing', message: 'none' } }) },
    ],
  ])('whose process fails otherwise is refused as %s', async (code, behaviour) => {
    const { service } = setting({ behaviour })
    await expect(service.setup.preflight(testSpec())).rejects.toThrow(refused(code))
  })
})

describe('beside a run that trains, a preflight', () => {
  const memory = 600
  /** The run trains on and uses 600 MiB. */
  async function beside(limits: Partial<typeof plenty>, onProbe: FakeBehaviour['onJob']) {
    const context = setting({
      limits,
      behaviour: {
        onJob: (trainer, job) => {
          if (job.type !== 'train') return onProbe!(trainer, job)
          trainer.emit({
            type: 'started', parameters: 1, stepsPerEpoch: 10, totalSteps: 100,
            step: 0, epoch: 0, activeTime: 0, best: null,
          }) // prettier-ignore
          trainer.emit({ type: 'records', records: [stepRecord(1, { [metricNames.memory]: memory })] })
        },
      },
    })
    const { id } = startRun(context.service)
    await until(() => context.service.get(id).last[metricNames.memory] === memory)
    return context
  }
  const answer: FakeBehaviour['onJob'] = (trainer) => {
    trainer.emit({ type: 'probed', probe: sampleProbe() })
    trainer.exit()
  }

  it('says so, and may have the memory of that run, which will be over', async () => {
    const { service } = await beside({}, answer)
    const result = await service.setup.preflight(testSpec())
    const available = Math.floor(0.95 * (plenty.memory + memory * 2 ** 20))
    expect(result).toMatchObject({ fits: true, besideTraining: true, memory: { available } })
  })

  it('is refused where that run leaves too little to measure', async () => {
    const { service, trainers } = await beside({ memory: 0.5 * gibibyte }, answer)
    await expect(service.setup.preflight(testSpec())).rejects.toThrow(refused('run-busy', /beside it/))
    expect(trainers.all).toHaveLength(1)
  })

  it('that runs out of memory says nothing about the run alone', async () => {
    const { service } = await beside({}, (trainer) => trainer.exit({ code: null, signal: 'SIGKILL' }))
    await expect(service.setup.preflight(testSpec())).rejects.toThrow(refused('run-busy', /beside it/))
  })
})

describe('without owning the record', () => {
  it('a preflight measures while another process has the workspace open', async () => {
    const { workspace } = setting()
    insertRun(workspace)
    const reading = openWorkspace(workspace.directory, { readOnly: true, application: 'a reader' })
    const trainers = fakeTrainers()
    const setup = new RunSetup({
      workspace: reading,
      startTrainer: trainers.start,
      threads: () => null,
      readLimits: () => plenty,
    })
    expect(await setup.preflight(testSpec())).toEqual(samplePreflight(testSpec()))
    await setup.close()
    reading.close()
  })
})

describe('what the machine has left', () => {
  it('is memory within the machine and the disk of a folder that need not exist', () => {
    const { memory, disk } = readMachineLimits(join(temporaryDirectory(), 'not', 'there'))
    expect(memory).toBeGreaterThan(0)
    expect(memory).toBeLessThanOrEqual(totalmem())
    expect(disk).toBeGreaterThan(0)
  })

  const limit = 2 ** 28
  const files = (contents: Record<string, string>) => (path: string) => {
    const text = contents[path]
    if (text === undefined) throw new Error(`ENOENT ${path}`)
    return text
  }

  it.each([
    ['0::/app\n', '/sys/fs/cgroup/app/memory.stat', 'anon 1000\nfile 99999999\n'],
    ['5:cpu,memory:/app\n0::/\n', '/sys/fs/cgroup/memory/app/memory.stat', 'cache 9999999\ntotal_rss 1000\n'],
  ])('in a container is the limit less what processes use, not its cached files (%j)', (groups, file, stat) => {
    const read = files({ '/proc/self/cgroup': groups, [file]: stat })
    expect(containerMemory(limit, read)).toBe(limit - 1000)
  })

  it('in a container that tells nothing is the limit less this process, never less than nothing', () => {
    expect(containerMemory(totalmem() - 1, files({}))).toBeLessThan(totalmem())
    expect(containerMemory(1, files({}))).toBe(0)
  })

  it.each([0, 2 ** 64])('is not bounded by a limit of %d', (none) => {
    expect(containerMemory(none, files({}))).toBe(Infinity)
  })
})
