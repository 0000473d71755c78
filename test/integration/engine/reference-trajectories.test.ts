import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { differenceTo, replay } from '../../../scripts/trajectories/replay.ts'
import { casesOf, parseCase, type Trajectory } from '../../../scripts/trajectories/trajectory-file.ts'
import { testDirectory } from './small-runs.ts'

/**
 * Five optimizer steps of small AlexNets against numbers that PyTorch computed in float64, by the code that trains
 * for users. The files say how every weight, image and label is made.
 */

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
}

const files = ['trajectories.json', 'trajectories-more.json'].map(fixture)
const cases: Record<string, Trajectory> = Object.fromEntries(
  files
    .flatMap((file) => Object.entries(casesOf(readFileSync(file, 'utf8'))))
    .map(([name, value]) => [name, parseCase(name, value)]),
)

// Adam divides by the roots of tiny numbers: float32 in PyTorch is as far from float64 there.
const logitTolerance: Record<string, number> = {
  adam: 1.5e-3,
  'dense-bn-with-lrn': 1e-3,
  'adamw-dense-bn-with-gn': 1e-3,
}

describe.each(Object.keys(cases))('reference trajectory %s', (name) => {
  const { config, expected } = cases[name]!
  const ours = replay(config)
  const difference = differenceTo(expected, ours)

  test('has the reference number of trainable parameters', () => {
    expect(ours.params).toBe(expected.params)
  })

  test('follows the loss of every step', () => {
    expect(ours.losses).toHaveLength(config.steps)
    expect(difference.maxRelLoss).toBeLessThan(1e-4)
  })

  test('ends in the same kernels and gives the same logits for inference', () => {
    expect(difference.maxRelKernelNorm).toBeLessThan(1e-5)
    expect(difference.maxAbsLogit).toBeLessThan(logitTolerance[name] ?? 1e-4)
  })
})

test('a wrong reference is far away', () => {
  const { config, expected } = cases['plain-sgd']!
  const other = { ...config, optimizer: { ...config.optimizer, lr: 0.0101 } }
  expect(differenceTo(expected, replay(other)).maxRelLoss).toBeGreaterThan(1e-4)
  const shorter = { ...expected, losses: expected.losses.slice(1) }
  expect(differenceTo(shorter, replay(config)).maxRelLoss).toBeNaN()
})

describe('verify:trajectories', () => {
  const script = fileURLToPath(new URL('../../../scripts/verify-trajectories.ts', import.meta.url))

  function fileWith(config: object): string {
    const path = join(testDirectory(), 'cases.json')
    const { expected } = cases['plain-sgd']!
    writeFileSync(path, JSON.stringify({ cases: { mine: { config, expected } } }))
    return path
  }

  test('prints the differences of every case', () => {
    const { config } = cases['small-input-decoupled']!
    const output = execFileSync(process.execPath, [script, fileWith(config)], { encoding: 'utf8', stdio: 'pipe' })
    const { mine } = JSON.parse(output).cases
    expect(mine.maxRelLoss).toBeGreaterThan(0.01)
    expect(mine.maxAbsLogit).toBeGreaterThan(0.01)
    expect(mine.maxRelKernelNorm).toBe('NaN')
  })

  test.each(['winograd', 'direct'])('every case is met with all convolutions computed the %s way', (method) => {
    const path = fileURLToPath(new URL('../../fixtures/trajectories.json', import.meta.url))
    const env = { ...process.env, ABLATE_CONVOLUTION: method }
    const output = execFileSync(process.execPath, [script, path], { encoding: 'utf8', stdio: 'pipe', env })
    const results = Object.values(JSON.parse(output).cases as Record<string, Record<string, number>>)
    expect(results).toHaveLength(5)
    for (const { maxRelLoss, maxRelKernelNorm } of results) {
      expect(maxRelLoss).toBeLessThan(1e-4)
      expect(maxRelKernelNorm).toBeLessThan(1e-5)
    }
  })

  test.each([
    [{ colour: 'red' }, 'cases.mine.config: Unrecognized key: "colour"'],
    [{ activation: 'swish' }, 'cases.mine.config.activation'],
    [{ optimizer: { kind: 'lion', lr: 0.1 } }, 'cases.mine.config.optimizer.kind'],
    [{ optimizer: { kind: 'sgd', lr: 0.1, beta1: 0.9 } }, 'Unrecognized key: "beta1"'],
    [{ kernels: [11, 5] }, 'config.kernels: must hold one item for each of the 5 widths'],
    [{ size: 40 }, 'cases.mine: '],
  ])('refuses %j and says what is wrong', (change, words) => {
    const path = fileWith({ ...cases['plain-sgd']!.config, ...change })
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain(words)
  })

  test('prints the other cases when one is wrong, and takes null for a field that is not there', () => {
    const { config, expected } = cases['plain-sgd']!
    const path = join(testDirectory(), 'cases.json')
    const good = { config: { ...config, lrn: null, groups: null }, expected }
    writeFileSync(path, JSON.stringify({ cases: { wrong: { config: { ...config, size: 40 }, expected }, good } }))
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' })
    const results = JSON.parse(stdout).cases
    expect([status, Object.keys(results)]).toEqual([1, ['good']])
    expect(results.good.maxRelLoss).toBeLessThan(1e-4)
    expect(stderr).toContain('cases.wrong: ')
  })
})
