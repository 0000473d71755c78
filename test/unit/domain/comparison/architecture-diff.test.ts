import { describe, expect, it } from 'vitest'
import { align } from '../../../../src-core/domain/comparison/difference/align.ts'
import { diffArchitectures, type ArchitectureDiff } from '../../../../src-core/domain/comparison/architecture-diff.ts'
import { planArchitecture } from '../../../../src-core/domain/network/architecture.ts'
import type { ModelSpec } from '../../../../src-core/domain/spec/model-spec.ts'
import { recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import { presets } from '../../../../src-core/domain/spec/presets.ts'
import { sampleProfile } from '../../../support/sample-run.ts'

function network(change: (model: ModelSpec) => void = () => undefined, recipe = 'alexnet-small') {
  const { model } = recipeSpec(recipe)
  change(model)
  return { architecture: planArchitecture(model), profile: null }
}

const normalized = (kind: ModelSpec['normalization']['kind'], dense: 'none' | 'same' = 'none') =>
  network((model) => Object.assign(model.normalization, { kind, dense }))

/** What differs in the second network: state, the layer's name on either side, what changed. */
function differing({ rows }: ArchitectureDiff, index = 1): string[] {
  return rows
    .filter(({ states }) => states[index] !== 'same')
    .map(({ states, cells, changes }) =>
      [states[index], cells[0]?.layer.name ?? '-', cells[index]?.layer.name ?? '-', ...changes[index]!].join(' '),
    )
}

describe('alignment', () => {
  const letters = (a: string, b: string): string =>
    align([...a], [...b], (x, y) => (x === y ? 0 : Number.POSITIVE_INFINITY))
      .map(({ left, right }) => `${left === null ? '-' : a[left]}${right === null ? '-' : b[right]}`)
      .join(' ')

  it('keeps the order of both and pairs as much as it can', () => {
    expect(letters('abcd', 'abd')).toBe('aa bb c- dd')
    expect(letters('abd', 'abcd')).toBe('aa bb -c dd')
    expect(letters('', 'ab')).toBe('-a -b')
    expect(letters('x', 'y')).toBe('x- -y')
  })
})

describe('the difference of architectures', () => {
  it('finds nothing between a network and itself', () => {
    for (const { model } of presets) {
      const one = { architecture: planArchitecture(model), profile: null }
      expect(differing(diffArchitectures([one, one], 0))).toEqual([])
    }
  })

  it('shows LRN in the place of batch normalisation as a change, and what has no weights any more', () => {
    const found = differing(diffArchitectures([normalized('bn'), normalized('lrn')], 0))
    expect(found).toEqual(['changed bn1 lrn1 type parameters', 'changed bn2 lrn2 type parameters'])
  })

  it('shows normalisation left out as removed, and as added the other way round', () => {
    const [bn, none] = [normalized('bn'), normalized('none')]
    expect(differing(diffArchitectures([bn, none], 0))).toEqual(['removed bn1 -', 'removed bn2 -'])
    expect(differing(diffArchitectures([none, bn], 0))).toEqual(['added - bn1', 'added - bn2'])
  })

  it('aligns the layers of a network whose normalisation has moved', () => {
    const moved = network((model) => (model.normalization.position = 'before-activation'))
    const { rows } = diffArchitectures([network(), moved], 0)
    const convolutions = rows.filter(({ cells }) => cells[0]?.layer.type === 'conv')
    expect(convolutions.map(({ cells }) => cells[1]?.layer.name)).toEqual(['conv1', 'conv2', 'conv3', 'conv4', 'conv5'])
    expect(rows.filter(({ states }) => states[1] === 'added').map(({ cells }) => cells[1]!.layer.type)).toEqual([
      'bn',
      'bn',
    ])
  })

  it('calls another width a change of the same layers, with what changed', () => {
    const wide = network((model) => (model.convolutions[0]!.filters = 192))
    const found = differing(diffArchitectures([network(), wide], 0))
    expect(found[0]).toBe('changed conv1 conv1 filters output parameters')
    expect(found.every((line) => line.startsWith('changed'))).toBe(true)
    expect(found.at(-1)).toBe('changed conv2 conv2 parameters')
  })

  it('shows a removed convolution with its activation as removed, and pairs what follows', () => {
    const without = network((model) => (model.removed = [4]))
    const diff = diffArchitectures([network(), without], 0)
    const removed = differing(diff).filter((line) => line.startsWith('removed'))
    expect(removed).toEqual(['removed conv4 -', 'removed relu4 -'])
    const fifth = diff.rows.find(({ cells }) => cells[0]?.layer.name === 'conv5')!
    expect(fifth.cells[1]?.layer.name).toBe('conv5')
  })

  it('shares a line between networks that add the same, and compares any number against any of them', () => {
    const diff = diffArchitectures([normalized('none'), normalized('bn'), normalized('gn')], 0)
    const added = diff.rows.filter(({ states }) => states.includes('added'))
    expect(added.map(({ cells }) => cells.map((cell) => cell?.layer.name))).toEqual([
      [undefined, 'bn1', 'gn1'],
      [undefined, 'bn2', 'gn2'],
    ])
    const turned = diffArchitectures([normalized('none'), normalized('bn'), normalized('gn')], 1)
    expect(turned.rows.flatMap(({ states }) => states.filter((state) => state === 'removed'))).toHaveLength(2)
  })

  it('keeps the order of every network, whichever two presets are compared', () => {
    for (const a of presets) {
      for (const b of presets) {
        const both = [a, b].map(({ model }) => ({ architecture: planArchitecture(model), profile: null }))
        const { rows } = diffArchitectures(both, 0)
        both.forEach(({ architecture }, index) => {
          const layers = rows.flatMap(({ cells }) => cells[index]?.layer ?? [])
          expect(layers).toEqual(architecture.layers)
        })
      }
    }
  })

  it('sums up parameters, multiply-accumulates, activations and what was measured', () => {
    const plain = network()
    const { profile } = sampleProfile()
    const { totals, rows } = diffArchitectures([{ ...plain, profile }, plain], 0)
    const { params, macs } = plain.architecture
    expect(totals[1]).toMatchObject({ params, macs: macs.conv + macs.dense, milliseconds: null })
    const measured = profile.layers.filter(({ name }) => plain.architecture.layers.some((layer) => layer.name === name))
    expect(measured.length).toBeGreaterThan(0)
    const sum = measured.reduce((total, { forward, backward }) => total + forward + backward, 0)
    expect(totals[0]!.milliseconds).toBeCloseTo(sum)
    const first = rows[0]!.cells[0]!
    expect(first.activationBytes).toBe(4 * first.layer.output.reduce((product, side) => product * side, 1))
  })
})
