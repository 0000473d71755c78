import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ablate, ablateJson, CliProcess, newFolder, tinyRun, type StreamLine } from '../../support/cli.ts'

interface Summary {
  event: 'summary'
  template: string
  goal: { metric: string } | null
  rows: {
    run: string
    name: string
    state: string
    bestValidationAccuracy: number | null
    testAccuracy: number | null
    reached: number | null
  }[]
}

interface ListedRun {
  id: string
  name: string
  state: string
  step: number
}

/** A few steps of each run: what is tested is the sweep. */
const fewSteps = [...tinyRun, '--set', 'data.trainImages=320', '--steps', '4']

function sweep(workspace: string, name: string, ...more: string[]): CliProcess {
  return new CliProcess(['sweep', name, '--workspace', workspace, '--json', ...more])
}

function summaryOf({ lines }: CliProcess): Summary {
  return lines.at(-1) as unknown as Summary
}

function runOf(line: StreamLine): string {
  return typeof line.run === 'string' ? line.run : line.run!.id
}

describe('ablate sweep', () => {
  it('trains every run of a template in turn, each line says of which, and sums up', async () => {
    const workspace = newFolder()
    const process = sweep(workspace, 'relu-tanh', ...fewSteps)
    const { status, stderr } = await process.result
    expect([status, stderr]).toEqual([0, ''])

    const summary = summaryOf(process)
    expect(summary).toMatchObject({ event: 'summary', template: 'relu-tanh', goal: { metric: 'train/accuracy' } })
    expect(summary.rows.map(({ name, state }) => [name, state])).toEqual([
      ['ReLU against tanh: ReLU', 'finished'],
      ['ReLU against tanh: tanh', 'finished'],
    ])
    for (const { bestValidationAccuracy, testAccuracy, reached } of summary.rows) {
      expect(bestValidationAccuracy).toBeGreaterThanOrEqual(0)
      expect(testAccuracy).toBeGreaterThanOrEqual(0)
      // Four logged values are fewer than the goal's window of five.
      expect(reached).toBeNull()
    }
    const ids = summary.rows.map(({ run }) => run)
    const points = process.lines.filter(({ event }) => event === 'point')
    expect(points.map((line) => [runOf(line), line.step])).toEqual(
      ids.flatMap((id) => [1, 2, 3, 4].map((step) => [id, step])),
    )
    const states = process.lines.filter(({ event }) => event === 'state')
    expect(states.map((line) => [runOf(line), line.state])).toEqual(
      ids.flatMap((id) => ['preparing', 'running', 'finished'].map((state) => [id, state])),
    )
    expect(await ablateJson<ListedRun[]>('runs', '--workspace', workspace)).toHaveLength(2)
  })

  it('goes on past a run that diverges, tells the goal of the others, and ends with status 1', async () => {
    const file = join(newFolder(), 'mine.json')
    const diverging = { 'training.learningRate': 1e9, 'model.normalization.kind': 'none' }
    const variants = [
      { name: 'too fast', set: diverging },
      { name: 'as it is', set: {} },
    ]
    const goal = { metric: 'train/loss', atLeast: 0.001, window: 2 }
    writeFileSync(file, JSON.stringify({ title: 'Mine', recipe: 'alexnet-small', variants, goal }))
    const process = sweep(newFolder(), file, ...fewSteps)
    const { status, stderr } = await process.result
    expect(status).toBe(1)
    const { rows } = summaryOf(process)
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['Mine: too fast', 'diverged'],
      ['Mine: as it is', 'finished'],
    ])
    // 320 images less a tenth, 32 to a batch: 9 steps an epoch, and the second value fills the window.
    expect(rows[1]!.reached).toBeCloseTo(2 / 9, 10)
    expect(stderr).not.toContain(rows[1]!.run)
  })

  it('Ctrl+C pauses the present run and leaves the others queued; resume goes on with all of them', async () => {
    const workspace = newFolder()
    const endless = [...tinyRun, '--set', 'data.trainImages=320', '--epochs', '500']
    const process = sweep(workspace, 'weight-decay', ...endless)
    await process.line(({ event, step }) => event === 'point' && step! >= 3)
    process.child.kill('SIGINT')
    const { status, stderr } = await process.result
    expect(status).toBe(0)
    const { rows } = summaryOf(process)
    expect(rows.map(({ state }) => state)).toEqual(['paused', 'queued'])
    const ids = rows.map(({ run }) => run)
    expect(stderr).toContain(`Go on with: npx ablate resume ${ids.join(' ')} --workspace ${workspace}`)

    const resumed = new CliProcess(['resume', ...ids, '--workspace', workspace, '--json'])
    await resumed.line((line) => line.event === 'point' && runOf(line) === ids[0])
    resumed.child.kill('SIGINT')
    expect((await resumed.result).status).toBe(0)
    const runs = await ablateJson<ListedRun[]>('runs', '--workspace', workspace)
    expect(Object.fromEntries(runs.map(({ id, state }) => [id, state]))).toEqual({
      [ids[0]!]: 'paused',
      [ids[1]!]: 'queued',
    })
    expect(runs.find(({ id }) => id === ids[0])!.step).toBeGreaterThanOrEqual(3)
  })

  it('resume takes several runs, and none when one of them cannot be resumed', async () => {
    const workspace = newFolder()
    const first = summaryOf(await ended(sweep(workspace, 'weight-decay', ...fewSteps)))
    const [finished] = first.rows
    const paused = sweep(workspace, 'weight-decay', ...tinyRun, '--epochs', '500')
    await paused.line(({ event }) => event === 'point')
    paused.child.kill('SIGINT')
    const [stopped] = summaryOf(await ended(paused)).rows
    const refused = await ablate('resume', stopped!.run, finished!.run, '--workspace', workspace)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain(`Run ${finished!.run} is finished and cannot be resumed`)
    const runs = await ablateJson<ListedRun[]>('runs', '--workspace', workspace)
    expect(runs.find(({ id }) => id === stopped!.run)!.state).toBe('paused')
  })

  it('shows a person the runs, the table, which differences are real, and what to type next', async () => {
    const workspace = newFolder()
    const { status, stdout } = await ablate('sweep', 'relu-tanh', '--seeds', '2', '--workspace', workspace, ...fewSteps)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ReLU against tanh: 4 runs\. How many epochs/)
    expect(stdout).toMatch(
      /Run +Name +State +Training in the last epoch, % +Best validation accuracy, % +Test accuracy, % +Epochs to 25 % training error/,
    )
    expect(stdout).toMatch(/ReLU against tanh: tanh, seed \d +finished( +\d+\.\d\d){3} +not reached/)
    expect(stdout).toMatch(/\nIs it real\?\nReLU against tanh: .*n = 2/)
    const ids = '(r[a-z0-9]+ ){4}'
    expect(stdout).toMatch(new RegExp(`\\nCompare them: npx ablate compare ${ids}--workspace ${workspace}\\n`))
    expect(stdout).toMatch(
      new RegExp(`\\nReport on them: npx ablate report ${ids}--out report.html --workspace ${workspace}\\n`),
    )
  })
})

async function ended(process: CliProcess): Promise<CliProcess> {
  await process.result
  return process
}

describe('before anything is recorded', () => {
  it('--dry-run lists the runs and what differs, and leaves the workspace alone', async () => {
    const workspace = newFolder()
    const plan = await ablateJson<{ runs: { name: string; differences: object }[] }>(
      'sweep', 'dropout', '--dry-run', '--workspace', workspace, '--seeds', '2',
    ) // prettier-ignore
    expect(plan.runs).toHaveLength(6)
    expect(plan.runs[5]).toEqual({
      name: 'Dropout 0, 0.4 and 0.5: Dropout 0.5, seed 2',
      differences: { 'model.dropout.rate': 0.5, 'training.seed': 2 },
    })
    expect(await ablateJson('runs', '--workspace', workspace)).toEqual([])
    const { stdout } = await ablate('sweep', 'dropout', '--dry-run', '--workspace', workspace)
    expect(stdout).toMatch(/Dropout 0\.4 +model\.dropout\.rate=0\.4/)
  })

  it('lists the templates', async () => {
    const { stdout } = await ablate('sweep', '--list')
    expect(stdout).toMatch(/^ {2}relu-tanh +ReLU against tanh, 2 runs\./m)
    const templates = await ablateJson<{ id: string; runs: string[] }[]>('sweep', '--list')
    expect(templates.find(({ id }) => id === 'remove-layer')!.runs).toHaveLength(6)
    expect((await ablate('sweep', '--help')).stdout).toContain('pre-training')
  })

  it.each([
    [[], 2, 'ablate sweep --list'],
    [['vgg'], 2, 'Known ablations'],
    [['dropout', '--seeds', '0'], 2, '--seeds must be'],
    [['dropout', '--epochs', '1', '--steps', '1'], 2, 'cannot be used with'],
    [['dropout', '--set', 'training.batchSize=8000'], 1, 'batch-too-large'],
    [['missing.json'], 2, 'cannot be read'],
  ])('%j is refused with status %i', async (args, status, message) => {
    const workspace = newFolder()
    const result = await ablate('sweep', ...args, '--workspace', workspace)
    expect([result.status, result.stdout]).toEqual([status, ''])
    expect(result.stderr).toContain(message)
    expect(await ablateJson('runs', '--workspace', workspace)).toEqual([])
  })
})
