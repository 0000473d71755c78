import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { openTestWorkspace } from '../../support/workspaces.ts'
import { ablate, ablateJson, childrenOf, CliProcess, newFolder, tinyRun } from '../../support/cli.ts'

interface DryRun {
  readonly fits: boolean
  readonly imagesPerSecond: number | null
  readonly epochSeconds: number | null
  readonly runSeconds: number | null
  readonly proposedBatchSize: number | null
  readonly memory: { readonly neededBytes: number; readonly availableBytes: number; readonly basis: string }
  readonly disk: { readonly neededBytes: number; readonly availableBytes: number }
}

const dryRun = (workspace: string, ...more: string[]): string[] =>
  ['train', 'alexnet-small', '--workspace', workspace, '--dry-run', ...more] // prettier-ignore
/** Some 2 TiB of activations. */
const tooLarge = ['model.input.size=512', 'training.batchSize=8192'].flatMap((set) => ['--set', set])

describe('train --dry-run', () => {
  it('says in words what the run would cost, and records nothing', async () => {
    const workspace = join(newFolder(), 'none')
    const { status, stdout, stderr } = await ablate(...dryRun(workspace, ...tinyRun))
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.split('\n').map((line) => line.split('  ')[0])).toEqual(
      ['Network', 'Batch', 'Images per second', 'Time per epoch', 'Time for the run', 'Peak memory', 'Disk', 'It fits.', ''], // prettier-ignore
    )
    expect(stdout).toMatch(/^Images per second +[\d,]+ on \d+ threads?$/m)
    expect(stdout).toMatch(/^Peak memory +[\d.]+ of [\d.]+ GiB$/m)
    expect(existsSync(workspace)).toBe(false)
  })

  it('prints one object with --json, also while another process owns the record', async () => {
    const { directory, runs } = openTestWorkspace()
    const found = await ablateJson<DryRun>(...dryRun(directory, ...tinyRun, '--epochs', '2'))
    expect(found).toMatchObject({ fits: true, proposedBatchSize: null, memory: { basis: 'measured' } })
    expect(found.imagesPerSecond).toBeGreaterThan(0)
    expect(found.runSeconds).toBeGreaterThan(2 * found.epochSeconds!)
    expect(found.memory.neededBytes).toBeLessThan(found.memory.availableBytes)
    expect(runs.list({ deleted: false })).toEqual([])
  })

  it('refuses what cannot fit, and names the option that makes it fit', async () => {
    const workspace = newFolder()
    const { status, stdout, stderr } = await ablate(...dryRun(workspace, ...tooLarge, '--json'))
    const found = JSON.parse(stdout) as DryRun
    expect(found).toMatchObject({ fits: false, imagesPerSecond: null, memory: { basis: 'estimated' } })
    const advice =
      found.proposedBatchSize === null ? 'No batch size fits' : `--set training.batchSize=${found.proposedBatchSize}.`
    expect(status).toBe(1)
    expect(stderr).toMatch(/^ablate: alexnet-small with 8192 images per step needs .* of memory .*\[does-not-fit\]\n$/)
    expect(stderr).toContain(advice)
  })

  it('refuses it without --dry-run too, before it is recorded', async () => {
    const workspace = newFolder()
    const command = dryRun(workspace, ...tooLarge).filter((word) => word !== '--dry-run')
    const { status, stdout, stderr } = await ablate(...command)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('[does-not-fit]')
    expect(await ablateJson('runs', '--workspace', workspace)).toEqual([])
  })

  it('ends with its trainer when it is interrupted', async () => {
    const command = new CliProcess(dryRun(newFolder(), ...tinyRun))
    await vi.waitUntil(() => childrenOf(command.child.pid!).length > 0, { timeout: 20_000 })
    const [trainer] = childrenOf(command.child.pid!)
    command.child.kill('SIGINT')
    expect(await command.result).toMatchObject({ status: 1, stderr: expect.stringContaining('[cancelled]') })
    expect(existsSync(`/proc/${trainer}`)).toBe(false)
  })

  it('refuses what is written wrongly as training does', async () => {
    const { status, stderr } = await ablate(...dryRun(newFolder(), '--set', 'training.batchSize=0'))
    expect([status, stderr]).toEqual([2, expect.stringContaining('training.batchSize')])
  })
})
