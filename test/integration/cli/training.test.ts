import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ShownProfile } from '../../../src-cli/profile.ts'
import { ablate, ablateJson, childrenOf, CliProcess, newFolder, tinyRun } from '../../support/cli.ts'

interface ShownRun {
  id: string
  name: string
  state: string
  step: number
  weightsSha256: string | null
  best: { value: number } | null
  error: { code: string } | null
}

interface ShownRecord extends ShownRun {
  artifacts: { id: number; kind: string; step: number; subject: string }[]
  profile: ShownProfile
  checkpoints: { step: number; mark: string | null }[]
}

interface MetricPoint {
  metric: string
  step: number
  value: number
}

const train = (workspace: string, ...more: string[]): string[] => [
  'train',
  'alexnet-small',
  '--workspace',
  workspace,
  '--json',
  ...tinyRun,
  ...more,
]

function processExists(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function until(holds: () => boolean, milliseconds: number): Promise<number> {
  const start = performance.now()
  while (!holds()) {
    if (performance.now() - start > milliseconds) throw new Error(`still not so after ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return performance.now() - start
}

describe('a whole run in the terminal', () => {
  const workspace = newFolder()

  it('trains, records, exports and predicts', async () => {
    const process = new CliProcess(train(workspace, '--epochs', '2', '--name', '<b>first</b> run'))
    const { status, stderr } = await process.result
    expect([status, stderr]).toEqual([0, ''])
    const states = process.lines.filter(({ event }) => event === 'state').map(({ state }) => state)
    expect(process.lines[0]).toMatchObject({ event: 'run', run: { state: 'queued' } })
    expect(states).toEqual(['preparing', 'running', 'finished'])
    const steps = process.lines.filter(({ event }) => event === 'point').map(({ step }) => step)
    // 640 images less a tenth for validation, 32 to a batch: 18 steps an epoch.
    expect(steps).toEqual(Array.from({ length: 36 }, (_, index) => index + 1))

    const runs = await ablateJson<ShownRun[]>('runs', '--workspace', workspace)
    const run = await ablateJson<ShownRecord>('show', runs[0]!.id, '--workspace', workspace)
    expect(run).toMatchObject({ name: '<b>first</b> run', state: 'finished', step: 36, error: null })
    expect(run.weightsSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(run.checkpoints.map(({ step }) => step)).toEqual([36, 18])
    expect(run.checkpoints.filter(({ mark }) => mark === 'best')).toHaveLength(1)
    expect(run.artifacts.slice(-3)).toMatchObject([
      { kind: 'confusion', step: 36, subject: 'test' },
      { kind: 'filters', step: 36, subject: 'conv1' },
      { kind: 'profile', step: 36, subject: '' },
    ])
    expect(run.profile).toMatchObject({ step: 36, firstStep: 19, steps: 18 })
    const profile = await ablateJson<ShownProfile>('show', run.id, '--profile', '--workspace', workspace)
    expect(profile).toEqual(run.profile)
    const ofLayers = profile.layers.reduce((sum, { forward, backward }) => sum + forward + backward, 0)
    expect(ofLayers).toBeCloseTo(profile.parts.forward + profile.parts.backward)

    const { stdout: shown } = await ablate('show', run.id, '--workspace', workspace)
    expect(shown).toMatch(/^State +finished\nStep +36 of 36$/m)
    expect(shown).toContain(`Weights SHA-256`)
    expect(shown).toMatch(/Classes of the test images at step 36:\nClass +Images +Recognised, % +Most often taken for/)
    const images = [...shown.matchAll(/^\d +(\d+) +\d+\.\d\d/gm)].map(([, count]) => Number(count))
    expect([images.length, images.reduce((sum, count) => sum + count, 0)]).toEqual([10, 100])
    expect(shown).toMatch(/Checkpoints:\nStep +Epoch +Written +Size +Kept as *\n +36 +2\.00 /)

    const points = await ablateJson<MetricPoint[]>('metrics', run.id, '--workspace', workspace, '--name', 'train/loss')
    expect(points.map(({ step }) => step)).toEqual(steps)
    expect(points.at(-1)!.value).toBeLessThan(points[0]!.value)
    const { stdout } = await ablate('metrics', run.id, '--workspace', workspace, '--csv')
    expect(stdout.split('\n')[0]).toBe('metric,step,epoch,wall_time_ms,active_time_ms,value')
    expect(stdout).toContain('validation/accuracy,36,2,')

    const out = join(newFolder(), 'model')
    const exported = await ablateJson<{ files: { path: string }[]; check: { images: number; top1Agreement: number } }>(
      'export', run.id, '--workspace', workspace, '--format', 'tfjs', '--out', out,
    ) // prettier-ignore
    expect(exported.check.top1Agreement).toBe(1)
    expect(exported.check.images).toBeGreaterThanOrEqual(100)
    expect(existsSync(join(out, 'model.json'))).toBe(true)
    const again = await ablate('export', run.id, '--workspace', workspace, '--format', 'tfjs', '--out', out)
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('export-exists')])

    const picture = join(newFolder(), 'grey.png')
    await sharp({ create: { width: 28, height: 28, channels: 3, background: '#000' } })
      .png()
      .toFile(picture)
    const [prediction] = await ablateJson<{ image: string; top: { label: string; probability: number }[] }[]>(
      'predict', run.id, picture, '--workspace', workspace,
    ) // prettier-ignore
    expect(prediction!.image).toBe(picture)
    expect(prediction!.top).toHaveLength(5)
    const paper = join(newFolder(), 'paper.png')
    await sharp({ create: { width: 28, height: 28, channels: 3, background: '#eee' } })
      .png()
      .toFile(paper)
    expect((await ablate('predict', run.id, paper, '--workspace', workspace)).stderr).toContain('bright background')

    const notes = join(newFolder(), 'notes.txt')
    writeFileSync(notes, 'no picture')
    const mixed = await ablate('predict', run.id, notes, picture, '--workspace', workspace, '--json')
    expect([mixed.status, mixed.stderr]).toEqual([1, expect.stringContaining('[image-unreadable]')])
    expect(JSON.parse(mixed.stdout)).toEqual([
      { image: notes, error: expect.objectContaining({ code: 'image-unreadable' }) },
      { image: picture, top: expect.any(Array) },
    ])
    const [changed] = await ablateJson<{ checkpoints: { step: number; top: { label: string }[] }[] }[]>(
      'predict', run.id, picture, '--workspace', workspace, '--checkpoints',
    ) // prettier-ignore
    const kept = changed!.checkpoints.map(({ step }) => step)
    expect(kept.length).toBeGreaterThan(1)
    expect(kept).toEqual([...kept].sort((a, b) => a - b))
    expect(kept.at(-1)).toBe(36)
    for (const { top } of changed!.checkpoints) expect(top).toHaveLength(5)

    const report = join(newFolder(), 'report.html')
    expect(await ablateJson('report', run.id, '--workspace', workspace, '--out', report)).toEqual({ path: report })
    const page = readFileSync(report, 'utf8')
    expect(page).toContain('&lt;b&gt;first&lt;/b&gt; run')
    expect(page).toContain('test images, step 36')
    expect(page).not.toContain('Pre-training')
  })

  it('names a run by what differs from its recipe, warns, and reports its pre-training', async () => {
    const set = ['model.convolutions.0.filters=32', 'data.testMean=[0.1]', 'data.testDeviation=[0.3]']
    const more = [...set, 'training.pretraining.kind=autoencoder', 'model.removed=3,4,5', 'data.trainImages=160']
    const process = new CliProcess(train(workspace, '--steps', '2', ...more.flatMap((one) => ['--set', one])))
    const { status, stderr } = await process.result
    expect([status, stderr.split('\n').length]).toEqual([0, 2])
    expect(stderr).toMatch(/^ablate: warning: data\.testMean: .*normalise/)
    const run = (await ablateJson<ShownRun[]>('runs', '--workspace', workspace))[0]!
    expect(run.name).toBe(
      'Small AlexNet, without conv3 conv4 conv5, width 0.06, 160 images, batch 32, auto-encoder, 2 steps, 3 more changes, seed 1',
    )
    const report = join(newFolder(), 'report.html')
    await ablateJson('report', run.id, '--workspace', workspace, '--out', report)
    const page = readFileSync(report, 'utf8')
    expect(page.match(/<figcaption>Pre-training conv\d/g)).toEqual(
      [1, 2].map((layer) => `<figcaption>Pre-training conv${layer}`),
    )
  })
})

describe('pause and resume', () => {
  it('says that the last layer is fitted to the data set, and what to type next', async () => {
    const workspace = newFolder()
    const tiny = ['--set', 'model.widthMultiplier=0.05', '--set', 'data.trainImages=40', '--set', 'data.testImages=8']
    const { status, stdout, stderr } = await ablate(
      ...['train', 'flowers-17', '--steps', '1', '--set', 'training.batchSize=8', '--workspace', workspace, ...tiny],
    )
    expect(status).toBe(0)
    expect(stderr).toContain('the last layer gets 10 outputs for MNIST handwritten digits; the recipe has 17')
    expect(stdout).toMatch(/^Test accuracy \d+\.\d\d %\nLook at it with: npx ablate show r\w{10} --workspace /)
  })

  it('SIGINT pauses durably with status 0; a resume in a new process ends in the weights of an unbroken run', async () => {
    const [straight, broken] = [newFolder(), newFolder()]
    const dropoutAndMomentum = ['--set', 'model.dropout.rate=0.5', '--seed', '11', '--steps', '90', '--threads', '1']
    await new CliProcess(train(straight, ...dropoutAndMomentum)).result

    const paused = new CliProcess(train(broken, ...dropoutAndMomentum))
    await paused.line(({ event, step }) => event === 'point' && step! >= 10)
    paused.child.kill('SIGINT')
    expect((await paused.result).status).toBe(0)
    const [run] = await ablateJson<ShownRun[]>('runs', '--workspace', broken)
    expect(run!.state).toBe('paused')
    expect(run!.step).toBeGreaterThanOrEqual(10)
    expect(run!.step).toBeLessThan(90)

    const resumed = new CliProcess(['resume', run!.id, '--workspace', broken, '--json'])
    expect((await resumed.result).status).toBe(0)
    // A pause during the evaluation of a step leaves that step's record to the resumed run.
    const first = resumed.lines.find(({ event }) => event === 'point')!.step
    expect([run!.step, run!.step + 1]).toContain(first)
    const [whole] = await ablateJson<ShownRun[]>('runs', '--workspace', straight)
    const [joined] = await ablateJson<ShownRun[]>('runs', '--workspace', broken)
    expect(joined).toMatchObject({ state: 'finished', step: 90, weightsSha256: whole!.weightsSha256 })
    const lossOf = async (workspace: string, id: string): Promise<[number, number][]> =>
      (await ablateJson<MetricPoint[]>('metrics', id, '--workspace', workspace, '--name', 'train/loss')).map(
        ({ step, value }) => [step, value],
      )
    expect(await lossOf(broken, joined!.id)).toEqual(await lossOf(straight, whole!.id))
  })
})

describe('orderly ends', () => {
  it('a reader that has seen enough pauses the run durably, with status 0', async () => {
    const workspace = newFolder()
    const process = new CliProcess(train(workspace, '--epochs', '50'))
    await process.line(({ event, step }) => event === 'point' && step! >= 5)
    process.child.stdout!.destroy()
    expect((await process.result).status).toBe(0)
    const [run] = await ablateJson<ShownRun[]>('runs', '--workspace', workspace)
    expect(run!.state).toBe('paused')
  })

  it('a terminal that hangs up pauses the run durably too', async () => {
    const workspace = newFolder()
    const process = new CliProcess(train(workspace, '--epochs', '50'))
    await process.line(({ event, step }) => event === 'point' && step! >= 5)
    process.child.kill('SIGHUP')
    expect((await process.result).status).toBe(0)
    expect(await ablateJson('runs', '--workspace', workspace)).toMatchObject([{ state: 'paused' }])
  })
})

describe('sudden ends', () => {
  it('the trainer dies: the run says so, nothing recorded is lost, and it can be resumed', async () => {
    const workspace = newFolder()
    const process = new CliProcess(train(workspace, '--epochs', '3'))
    await process.line(({ event, step }) => event === 'point' && step! >= 20)
    const [trainer] = childrenOf(process.child.pid!)
    globalThis.process.kill(trainer!, 'SIGKILL')
    const { status, stderr } = await process.result
    expect([status, stderr]).toEqual([1, expect.stringContaining('trainer-died')])
    const [run] = await ablateJson<ShownRun[]>('runs', '--workspace', workspace)
    expect(run).toMatchObject({ state: 'failed', error: { code: 'trainer-died' } })
    const resumed = await new CliProcess(['resume', run!.id, '--workspace', workspace, '--json']).result
    expect(resumed.status).toBe(0)
    const points = await ablateJson<MetricPoint[]>('metrics', run!.id, '--workspace', workspace, '--name', 'train/loss')
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 54 }, (_, index) => index + 1))
  })

  it('the command is killed: the trainer ends within 5 s, the run is interrupted at the next start and resumes', async () => {
    const workspace = newFolder()
    const process = new CliProcess(train(workspace, '--epochs', '40'))
    await process.line(({ event, step }) => event === 'point' && step! >= 20)
    const [trainer] = childrenOf(process.child.pid!)
    process.child.kill('SIGKILL')
    await process.result
    expect(await until(() => !processExists(trainer!), 5000)).toBeLessThan(5000)
    const [left] = await ablateJson<ShownRun[]>('runs', '--workspace', workspace)
    const resumed = new CliProcess(['resume', left!.id, '--workspace', workspace, '--json'])
    const first = await resumed.line(({ event }) => event === 'point')
    // 18 steps an epoch, a checkpoint after each: it goes on after the first checkpoint at the least.
    expect(first.step! % 18).toBe(1)
    resumed.child.kill('SIGTERM')
    expect((await resumed.result).status).toBe(0)
    const points = await ablateJson<MetricPoint[]>(
      'metrics',
      left!.id,
      '--workspace',
      workspace,
      '--name',
      'train/loss',
    )
    expect(points.map(({ step }) => step)).toEqual(points.map((_, index) => index + 1))
  })

  it('a diverging run stops at once, keeps its NaN and ends with status 1', async () => {
    const workspace = newFolder()
    const process = new CliProcess(
      train(workspace, '--set', 'training.learningRate=1e9', '--set', 'model.normalization.kind=none'),
    )
    expect((await process.result).status).toBe(1)
    const [run] = await ablateJson<ShownRun[]>('runs', '--workspace', workspace)
    expect(run!.state).toBe('diverged')
    const points = await ablateJson<{ value: number | string }[]>(
      'metrics',
      run!.id,
      '--workspace',
      workspace,
      '--name',
      'train/loss',
    )
    expect(typeof points.at(-1)!.value).toBe('string')
  })
})

describe('bad input', () => {
  const workspace = newFolder()

  it.each([
    [['--set', 'training.batchSize=4096'], 1, 'batch-too-large'],
    [['--set', 'model.input.size=1000000'], 2, 'must be at most 1024'],
    [['--set', 'model.classes=3'], 2, 'classes'],
    [['--set', 'nonsense=3'], 2, 'unknown-field'],
    [['--set', 'nonsense=3', '--set', 'training.epochs=0'], 2, 'training.epochs: must be at least 1'],
    [
      ['--set', 'data.tenCrop=true', '--set', 'training.classWeights=[1,2]'],
      2,
      'but holds 2.\ndata.resize: must be more',
    ],
    [['--dataset', 'imagenet'], 2, 'Known data sets: mnist'],
    [['--threads', '0'], 2, '--threads must be a whole number'],
    [['--name', ' '], 2, 'name'],
    [['--epochs', '2', '--steps', '9'], 2, "option '--steps <count>' cannot be used with option '--epochs <count>'"],
    [['--bogus'], 2, "ablate: unknown option '--bogus' [usage]"],
  ])('%j is refused with status %i', async (more, status, message) => {
    const result = await ablate(...train(workspace, ...more))
    expect(result.status).toBe(status)
    expect(result.stderr).toContain(message)
  })

  it('the error of wrong usage carries its code', async () => {
    expect((await ablate('train', '--json')).stderr).toContain("ablate: missing required argument 'recipe' [usage]")
  })

  it('a workspace that is a file, and a report that is a folder, are refused and left alone', async () => {
    const file = join(newFolder(), 'notes.txt')
    writeFileSync(file, 'mine')
    const refused = await ablate(...train(file))
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('A workspace is a folder')])
    expect(readFileSync(file, 'utf8')).toBe('mine')
    const folder = newFolder()
    const report = await ablate('report', 'r0000000000', '--workspace', workspace, '--out', folder)
    expect([report.status, report.stderr]).toEqual([2, expect.stringContaining('--out must end with')])
    expect(existsSync(`${folder}.part`)).toBe(false)
  })

  it('a mistyped workspace is not taken for an empty one', async () => {
    const { stdout } = await ablate('runs', '--workspace', join(workspace, 'nowhere'))
    expect(stdout).toContain('There is no folder')
  })

  it('unknown runs are refused, and none of it was recorded', async () => {
    expect((await ablate('show', 'r0000000000', '--workspace', workspace)).stderr).toContain('run-not-found')
    expect(await ablateJson('runs', '--workspace', workspace)).toEqual([])
  })

  it('a workspace that another command owns is refused, but can be read', async () => {
    const owned = newFolder()
    const owner = new CliProcess(train(owned, '--epochs', '50'))
    await owner.line(({ event }) => event === 'point')
    const second = await ablate(...train(owned))
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('workspace-locked')])
    expect(await ablateJson<ShownRun[]>('runs', '--workspace', owned)).toHaveLength(1)
    owner.child.kill('SIGTERM')
    expect((await owner.result).status).toBe(0)
  })
})
