import { expect, it } from 'vitest'
import { benchCases, flopsPerImage, peerTask } from '../../../bench/cases.ts'
import { median } from '../../../bench/run-case.ts'

const named = (name: string) => benchCases.find((one) => one.name === name)!

it('a training step counts each product thrice, but the first layer has no gradient of its input', () => {
  const [all, first] = [1_077_284_224 + 58_621_952, 105_705_600]
  expect(flopsPerImage(named('keras-bn-32'))).toBe(2 * (3 * all - first))
  expect(flopsPerImage(named('inference-1'))).toBe(2 * all)
})

it('peers are told the very layers that Ablate builds', () => {
  const { layers, batch, input } = peerTask(named('alexnet-small-64'))
  expect([batch, input]).toEqual([64, [64, 64, 3]])
  expect(layers[0]).toMatchObject({ name: 'conv1', type: 'conv', output: [64, 64, 24] })
})

it('the median of an even number of times lies between the middle two', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
})
