import { describe, expect, it } from 'vitest'
import { parseCurves } from '../../../src-core/domain/references/parse-curves.ts'

function failure(text: string): string {
  try {
    parseCurves(text, 'paper.csv')
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-value' })
    return (error as Error).message
  }
  throw new Error('It was accepted.')
}

describe('reference curves', () => {
  it('are read with gaps, NaN and infinities, by steps and epochs', () => {
    const { step, epoch, curves } = parseCurves(
      '\uFEFFStep,epoch,train/loss,"top 5, %"\r\n0,0,2.5,\r\n10,0.5,NaN,1e2\r\n\r\n20,1,-inf,99\r\n',
      'paper.csv',
    )
    expect([...step!, ...epoch!]).toEqual([0, 10, 20, 0, 0.5, 1])
    expect(curves.map(({ label, values }) => [label, ...values])).toEqual([
      ['train/loss', 2.5, NaN, -Infinity],
      ['top 5, %', NaN, 100, 99],
    ])
  })

  it.each([
    ['semicolons', 'epoch;loss\n1;2\n2;1'],
    ['tabs', 'epoch\tloss\n1\t2\n2\t1'],
  ])('may be separated by %s', (_, text) => {
    expect(parseCurves(text, 'x.csv')).toEqual({
      step: null,
      epoch: Float64Array.of(1, 2),
      curves: [{ label: 'loss', values: Float64Array.of(2, 1) }],
    })
  })

  it.each([
    ['step,loss\n1,2\n2,two', 'paper.csv, line 3, column "loss": "two" is no number.'],
    ['step;loss\n1;0,5', 'paper.csv, line 2, column "loss": "0,5" is no number. Write numbers with a decimal point.'],
    ['step,loss\n1,2\n\n,3', 'paper.csv, line 4, column "step": nothing stands there.'],
    ['step,loss\n-1,2', 'paper.csv, line 2, column "step": "-1" is no step or epoch.'],
    [
      'step,loss\n5,2\n5,1',
      'paper.csv, line 3, column "step": 5 does not come after 5. Sort the rows, each step once.',
    ],
    [
      'time,loss\n1,2',
      'paper.csv cannot be drawn: its columns are called "time", "loss". One must be called "step" or "epoch", and each of the others is a curve. Name them so.',
    ],
    [
      '1,2,3,4,5,6,7,8\n2,3,4,5,6,7,8,9',
      'paper.csv cannot be drawn: its columns are called "1", "2", "3", "4", "5", "6" and 2 more. One must be called "step" or "epoch", and each of the others is a curve. Name them so.',
    ],
    [
      'step,loss,loss\n1,2,3',
      'paper.csv cannot be drawn: two of its columns are called "loss". Give each a name of its own.',
    ],
    ['step\n1', 'paper.csv cannot be drawn: it has no column of values beside the steps or epochs.'],
    ['step,loss\n', 'paper.csv cannot be drawn: it holds no points: below the line of names there is nothing.'],
    [
      '',
      'paper.csv cannot be drawn: its first line holds no names of columns. One must be called "step" or "epoch", and each of the others is a curve. Name them so.',
    ],
  ])('say what is wrong with %j', (text, message) => {
    expect(failure(text)).toBe(message)
  })

  it('have limits', () => {
    const rows = Array.from({ length: 100_001 }, (_, i) => `${i},1`).join('\n')
    expect(failure(`step,loss\n${rows}`)).toMatch(/has 100001 rows, and at most 100000/)
    const names = Array.from({ length: 21 }, (_, i) => `c${i}`).join()
    expect(failure(`step,${names}\n1${',1'.repeat(21)}`)).toMatch(/21 columns of values, and at most 20/)
    expect(failure('x'.repeat(3_000_001))).toMatch(/more than 3 million characters/)
  })
})
