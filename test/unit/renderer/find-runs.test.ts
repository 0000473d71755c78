import { expect, it } from 'vitest'
import type { Run } from '../../../src-core/domain/run.ts'
import { findRuns } from '../../../src-renderer/lib/runs/find-runs.ts'
import { sampleRuns } from '../../support/renderer/sample-runs.ts'

const [sample] = sampleRuns()

function run(id: string, name: string, createdAt: number, deletedAt: number | null = null): Run {
  return { ...sample!.run, id: id as Run['id'], name, createdAt, deletedAt }
}

const runs = [run('b', 'BN, seed 1', 2), run('a', 'LRN, seed 1', 1), run('c', 'BN, seed 12', 3), run('d', 'BN', 4, 5)]
const ids = (search: string, most = 9, without: readonly string[] = []): string[] =>
  findRuns(runs, search, most, without).runs.map(({ id }) => id)

it('runs are found by every word of their names, the newest first, without those in the trash', () => {
  expect([ids(''), ids('seed bn'), ids('SEED 12'), ids('seed 13')]).toEqual([['c', 'b', 'a'], ['c', 'b'], ['c'], []])
})

it('only so many are listed, and all are counted', () => {
  expect(findRuns(runs, 'seed', 1)).toEqual({ runs: [runs[2]], total: 3 })
  expect(findRuns(runs, 'seed', 1, ['c'])).toEqual({ runs: [runs[0]], total: 2 })
})

it('the list that is searched stays as it is', () => {
  ids('')
  expect(runs.map(({ id }) => id)).toEqual(['b', 'a', 'c', 'd'])
})
