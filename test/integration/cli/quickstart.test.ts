import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ablate, ablateJson, CliProcess, newFolder, type StreamLine } from '../../support/cli.ts'

interface Outcome {
  readonly event: 'quickstart'
  readonly runs: string[]
  readonly exports: { directory: string; check: { images: number; top1Agreement: number } }[]
  readonly report: string | null
}

/** The same experiment on fewer images: three steps an epoch. */
const small = ['--images', '240', '--epochs', '2']

function statesOf(lines: readonly StreamLine[]): (string | undefined)[] {
  return lines.filter(({ event }) => event === 'state').map(({ state }) => state)
}

describe('ablate quickstart', () => {
  it('trains both variants, exports and checks them, and writes the report', async () => {
    const workspace = newFolder()
    const process = new CliProcess(['quickstart', '--workspace', workspace, '--json', ...small])
    const { status, stderr } = await process.result
    expect([status, stderr]).toEqual([0, ''])
    expect(statesOf(process.lines)).toEqual(['preparing', 'running', 'finished', 'preparing', 'running', 'finished'])
    const steps = process.lines.filter(({ event }) => event === 'point').map(({ step }) => step)
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])

    const outcome = process.lines.at(-1) as unknown as Outcome
    expect(outcome.exports.map(({ check }) => check)).toMatchObject(Array(2).fill({ images: 256, top1Agreement: 1 }))
    expect(outcome.exports.every(({ directory }) => existsSync(join(directory, 'model.json')))).toBe(true)
    const report = readFileSync(outcome.report!, 'utf8')
    expect(report).toContain('model.normalization.kind')
    expect(report.match(/<g class="(smooth|marked) k\d"/g)!.length).toBeGreaterThanOrEqual(4)
  })

  it('shows a person the table, the exports and the path of the report', async () => {
    const { status, stdout, stderr } = await ablate('quickstart', '--workspace', newFolder(), ...small)
    expect(status).toBe(0)
    expect(stdout).toMatch(/Best validation accuracy, %.*Validation loss.*Training time.*Parameters/)
    expect(stdout.match(/Exported and checked \(100\.00 % the same class on 256 images\)/g)).toHaveLength(2)
    expect(stdout).toMatch(/Report: .*\.html/)
    expect(stderr).toMatch(/finished at step \d+, [\d,]+ images\/s, loss \d+\.\d+, best validation/)
    expect(stderr).not.toContain('0 s left')
  })

  it('paused by Ctrl+C, both of its runs can be resumed', async () => {
    const workspace = newFolder()
    const process = new CliProcess(['quickstart', '--workspace', workspace, '--json', '--images', '2000'])
    await process.line(({ event, step }) => event === 'point' && step! >= 2)
    process.child.kill('SIGINT')
    expect((await process.result).status).toBe(0)
    const outcome = process.lines.at(-1) as unknown as Outcome
    expect(outcome).toMatchObject({ event: 'quickstart', exports: [], report: null })
    for (const id of outcome.runs) {
      const resumed = new CliProcess(['resume', id, '--workspace', workspace, '--json'])
      await resumed.line(({ event }) => event === 'point')
      resumed.child.kill('SIGINT')
      expect((await resumed.result).status).toBe(0)
    }
    const runs = await ablateJson<{ state: string }[]>('runs', '--workspace', workspace)
    expect(runs.map(({ state }) => state)).toEqual(['paused', 'paused'])
  })
})
