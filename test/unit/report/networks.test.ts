import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src-core/domain/run.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { ReportContent } from '../../../src-core/report/report-content.ts'
import type { Part, Table } from '../../../src-core/report/report-document.ts'
import { architectureSection } from '../../../src-core/report/sections/architecture.ts'
import { sampleProfile, sampleRun } from '../../support/sample-run.ts'

function runWith(id: string, changes: Readonly<Record<string, unknown>>): Run {
  const spec = Object.entries(changes).reduce(
    (changed, [path, value]) => setAtPath(changed, path, value),
    recipeSpec('alexnet-small'),
  )
  return sampleRun({ id, name: id, spec })
}

const batchNorm = runWith('bn', {})
const plain = runWith('none', { 'model.normalization.kind': 'none' })
const narrow = runWith('narrow', { 'model.widthMultiplier': 0.5 })

function section(runs: readonly Run[], profiles: ReportContent['profiles'] = new Map()): Part[] {
  return architectureSection({ runs, profiles, datasets: [] } as unknown as ReportContent)
}

const tablesOf = (parts: readonly Part[]): Table[] =>
  parts.flatMap((part) => (part.kind === 'table' ? [part] : part.kind === 'details' ? tablesOf(part.parts) : []))
const textsOf = (parts: readonly Part[]): string => parts.map((part) => ('text' in part ? part.text : '')).join('\n')
const rowOf = ({ rows }: Table, name: string): string[] =>
  rows.find(([first]) => first!.text === name)!.map(({ text }) => text)

describe('the networks of a report', () => {
  it('are told once each, however many runs have them, with the difference of their sums', () => {
    const [sizes] = tablesOf(section([batchNorm, { ...batchNorm, id: 'again' }, plain]))
    expect(sizes!.head.map(({ text }) => text)).not.toContain('ms per step')
    const [first, second] = sizes!.rows.map((row) => row.map(({ text }) => text))
    expect([first![1], second![1]]).toEqual(['2', '1'])
    expect(second![2]).toBe(String(Number(first![2]) - 2))
    // Each of the two normalisations has four values per channel.
    expect(second![4]).toMatch(/ \(−352\)$/)
  })

  it('stand layer by layer beside the first, which shows what is removed, added and changed', () => {
    const tables = tablesOf(section([batchNorm, plain]))
    expect(tables).toHaveLength(3)
    const [, layers, less] = tables
    expect(rowOf(layers!, 'bn1').slice(0, 4)).toEqual(['bn1', 'Batch norm.', expect.stringMatching(/^\d+x/), '96'])
    expect(rowOf(less!, 'bn1').slice(2, 5)).toEqual(['', 'removed', '−96'])
    expect(rowOf(less!, 'conv1')[3]).toBe('')
    const [, , more] = tablesOf(section([plain, batchNorm]))
    expect(rowOf(more!, 'bn1').slice(3, 5)).toEqual(['added', '96'])
    const [, , changed] = tablesOf(section([batchNorm, narrow]))
    expect(rowOf(changed!, 'conv2')[3]).toBe('changed: output, parameters')
  })

  it('have the milliseconds that were measured, with their differences and their sum', () => {
    const profiles = new Map([
      ['bn', { step: 12, profile: sampleProfile().profile }],
      ['none', { step: 12, profile: sampleProfile(12, { layers: [{ name: 'conv1', type: 'conv', forward: 4, backward: 5 }] }).profile }],
    ]) // prettier-ignore
    const parts = section([batchNorm, plain], profiles)
    const [sizes, layers, less] = tablesOf(parts)
    expect(sizes!.rows.map((row) => row.at(-1)!.text)).toEqual(['15.00', '9.00 (−6.00)'])
    expect([rowOf(layers!, 'conv1').at(-1), rowOf(layers!, 'conv2').at(-1)]).toEqual(['12.00', '-'])
    expect([rowOf(less!, 'conv1').at(-1), rowOf(less!, 'relu1').at(-1)]).toEqual(['9.00 (−3.00)', '-'])
    expect(rowOf(less!, 'Total').at(-1)).toBe('9.00 (−6.00)')
    expect(textsOf(parts)).toContain('as last measured of bn, none.')
  })

  it('are folded away when there are many', () => {
    const lenet = sampleRun({ id: 'lenet', name: 'LeNet', spec: recipeSpec('lenet-5') })
    const parts = section([batchNorm, plain, lenet])
    expect(parts.map(({ kind }) => kind)).toEqual(['table', 'text', 'details'])
    expect(tablesOf(parts)).toHaveLength(4)
  })

  it('that cannot be laid out are named, with why, and the others compared', () => {
    const bad = runWith('bad', { 'model.normalization.kind': 'gn' })
    const model = {
      ...bad.spec.model,
      normalization: { ...bad.spec.model.normalization, gn: { groups: 7, epsilon: 1e-5 } },
    }
    const broken = { ...bad, spec: { ...bad.spec, model } }
    const parts = section([batchNorm, broken])
    expect(textsOf(parts)).toMatch(/The network of “bad” cannot be laid out: .*7 groups do not divide/)
    expect(tablesOf(parts)).toHaveLength(2)
    expect(tablesOf(section([broken]))).toHaveLength(0)
  })
})
