import { describe, expect, it } from 'vitest'
import { datasetIdOf, isDatasetId } from '../../../src-core/domain/datasets/stored-dataset.ts'
import { splitClasses } from '../../../src-core/domain/datasets/stratified-split.ts'

describe('the split of an imported folder', () => {
  it('takes the same share of every class, and at least one picture of each', () => {
    const split = splitClasses([100, 10, 2, 1], 0.2, 1)
    expect(split.map(({ train, test }) => [train.length, test.length])).toEqual([
      [80, 20],
      [8, 2],
      [1, 1],
      [1, 0],
    ])
    for (const { train, test } of split) expect(new Set([...train, ...test]).size).toBe(train.length + test.length)
  })

  it('leaves a picture to train on however large the share', () => {
    expect(splitClasses([3], 0.9, 1)[0]).toMatchObject({ train: [expect.any(Number)] })
  })

  it('depends on the seed, and no class on another', () => {
    const [first] = splitClasses([50, 8], 0.2, 1)
    expect(splitClasses([50, 9], 0.2, 1)[0]).toEqual(first)
    expect(splitClasses([50, 8], 0.2, 2)[0]).not.toEqual(first)
  })
})

describe('the id of a data set', () => {
  it.each(['Flowers 17', '../../etc/passwd', 'Größe', '日本', 'x'.repeat(90)])(
    'of "%s" is safe as a folder name',
    (name) => {
      expect(isDatasetId(datasetIdOf(name))).toBe(true)
    },
  )

  it('tells names apart that have no letter of a to z', () => {
    expect(datasetIdOf('日本')).not.toBe(datasetIdOf('花'))
  })

  it.each(['', '.', '..', '../x', 'a/b', 'A', 'a.00000000.unfinished-import'])('is never "%s"', (name) => {
    expect(isDatasetId(name)).toBe(false)
  })
})
