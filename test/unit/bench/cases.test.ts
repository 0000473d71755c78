import { expect, it } from 'vitest'
import { benchCases, flopsPerImage, peerTask } from '../../../bench/cases.ts'
import { inGroups, peerCommands } from '../../../bench/peer-commands.ts'
import { least } from '../../../bench/statistics.ts'
import { median } from '../../../src-core/domain/statistics/median.ts'

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

it('the best of a library is its quickest variant that ran', () => {
  expect([least([3, null, 2, undefined]), least([null, undefined])]).toEqual([2, null])
})

it('plain tf.LayersModel stands aside with a large batch, timed in turn with Ablate', () => {
  const groups = (name: string): string[][] => {
    const commands = peerCommands(named(name), { python: 'python3', compile: false })
    return inGroups(commands, named(name)).map((group) => group.map((command) => command.name))
  }
  expect(groups('keras-bn-32')).toHaveLength(1)
  const [together, aside] = groups('keras-bn-128')
  expect(together).toEqual(expect.arrayContaining(['ablate', 'keras-default', 'keras-onednn', 'matrixProduct']))
  expect(together).not.toContain('layersModel')
  expect(aside).toEqual(['ablate', 'layersModel'])
})
