import { describe, expect, it } from 'vitest'
import { labelText, nameFamilies, runLabels, wholeLabel } from '../../../../src-renderer/lib/runs/run-labels.ts'
import { sampleSpec } from '../../../support/renderer/sample-runs.ts'
import { sampleRun } from '../../../support/sample-run.ts'

const title = 'Small AlexNet by dropout rate'
const grid = ['no dropout', 'dropout 0.25', 'dropout 0.5'].flatMap((cell) =>
  [1, 2, 3].map((seed) => `${title}: ${cell}, seed ${seed}`),
)
const twins = ['Small AlexNet, LRN', 'Small AlexNet, batch normalisation']

function labelsOf(names: readonly string[]): string[] {
  const runs = names.map((name, index) => sampleRun({ id: `r${index}`, name }))
  const labels = runLabels(runs)
  return runs.map(({ id }) => labelText(labels.get(id)!))
}

describe('what runs are called beside each other', () => {
  it('leaves out what all names share, at the beginning and behind it', () => {
    expect(labelsOf(grid)).toEqual(grid.map((name) => name.slice(title.length + 2)))
    expect(labelsOf(twins)).toEqual(['LRN', 'batch normalisation'])
    expect(labelsOf(['A, LRN, dropout 0.5, seed 1', 'A, BN, dropout 0.5, seed 2', 'A, dropout 0.5, seed 3'])).toEqual([
      'LRN, seed 1',
      'BN, seed 2',
      'seed 3',
    ])
  })

  it('shortens the beginning of names of several kinds, never their ends', () => {
    expect(labelsOf([grid[3]!, grid[4]!, ...twins])).toEqual([
      'Small Alex… dropout 0.25, seed 1',
      'Small Alex… dropout 0.25, seed 2',
      'Small Alex… LRN',
      'Small Alex… batch normalisation',
    ])
    const [first] = labelsOf([...grid, ...twins])
    expect(first).toBe('Small Alex… no dropout, seed 1')
  })

  it('keeps a name that is all that the others begin with, and a name alone', () => {
    expect(labelsOf(['Small AlexNet', ...twins])).toEqual(['Small AlexNet', 'LRN', 'batch normalisation'])
    expect(labelsOf(['LRN'])).toEqual(['LRN'])
    expect(labelsOf([])).toEqual([])
  })

  it('tells runs of the same name apart by what they differ in, else by number', () => {
    const run = (id: string, change: string) =>
      sampleRun({ id, name: 'Trial', spec: sampleSpec(['training.seed=1', change]) })
    const text = (runs: Parameters<typeof runLabels>[0]): string[] =>
      runs.map(({ id }) => labelText(runLabels(runs).get(id)!))
    expect(text([run('a', 'model.dropout.rate=0.25'), run('b', 'model.dropout.rate=0.5')])).toEqual([
      'Trial (dropout 0.25)',
      'Trial (dropout 0.5)',
    ])
    expect(text([run('a', 'training.seed=1'), run('b', 'training.seed=2')])).toEqual([
      'Trial (seed 1)',
      'Trial (seed 2)',
    ])
    expect(text([run('a', 'training.seed=1'), run('b', 'training.seed=1')])).toEqual(['Trial (1)', 'Trial (2)'])
  })

  it('gives the whole name in its pieces, for screen readers and search', () => {
    const names = [...grid, 'A, LRN, dropout 0.5, seed 1', 'A, BN, dropout 0.5, seed 1', 'x: y: z']
    for (const some of [names, grid, names.slice(9, 11)]) {
      const runs = some.map((name, index) => sampleRun({ id: `r${index}`, name }))
      for (const { id, name } of runs) {
        const { lead, pieces } = runLabels(runs).get(id)!
        expect(lead.text + pieces.map(({ text }) => text).join('')).toBe(name)
      }
    }
  })
})

describe('where a name in the table is cut', () => {
  const cut = (name: string, others: readonly string[]): string[] => {
    const { lead, pieces } = wholeLabel(name, nameFamilies([name, ...others]))
    return [lead.text, pieces.map(({ text }) => text).join('')]
  }

  it('behind what its family begins with', () => {
    expect(cut(grid[0]!, [...grid, ...twins])).toEqual([`${title}: `, 'no dropout, seed 1'])
    expect(cut(twins[1]!, [...grid, twins[0]!])).toEqual(['Small AlexNet, ', 'batch normalisation'])
  })

  it('behind the first part of a name that has no family, or before its last words', () => {
    expect(cut('Small AlexNet, LRN, seed 4', grid)).toEqual(['Small AlexNet, ', 'LRN, seed 4'])
    expect(cut('A trial of the third group on Monday', [])).toEqual(['A trial of the third group ', 'on Monday'])
    expect(cut('Trial', [])).toEqual(['', 'Trial'])
    expect(cut('ATrialOfTheThirdGroupOnMonday', [])).toEqual(['', 'ATrialOfTheThirdGroupOnMonday'])
  })
})
