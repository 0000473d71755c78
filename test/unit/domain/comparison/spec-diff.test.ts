import { describe, expect, it } from 'vitest'
import { diffAsJson, diffAsMarkdown } from '../../../../src-core/domain/comparison/difference/diff-text.ts'
import { diffTree, groupsAbove, neighbour } from '../../../../src-core/domain/comparison/difference/diff-tree.ts'
import { sameValue } from '../../../../src-core/domain/comparison/difference/same-value.ts'
import { diffRuns, type DiffField } from '../../../../src-core/domain/comparison/spec-diff.ts'
import { markdownToHtml } from '../../../../src-core/domain/report/markdown.ts'
import type { Environment } from '../../../../src-core/domain/environment.ts'
import { recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../../src-core/domain/spec/run-spec.ts'

function variant(change: (spec: RunSpec) => void, environment: Partial<Environment> | null = null) {
  const spec = recipeSpec('alexnet-small')
  change(spec)
  return { spec, environment: environment as Environment | null }
}

const always = (): boolean => true
const differing = (fields: readonly DiffField[]): DiffField[] => fields.filter(({ differs }) => differs)
const states = ({ cells }: DiffField): string[] => cells.map(({ state }) => state)

describe('same value', () => {
  it('goes by type, and tells null from missing', () => {
    expect([
      sameValue(1, '1'),
      sameValue(Number.NaN, Number.NaN),
      sameValue(null, undefined),
      sameValue(true, 1),
      sameValue([], {}),
      sameValue([1, 2], [2, 1]),
    ]).toEqual([false, true, false, false, false, false])
    expect(sameValue({ a: [1, null], b: 2 }, { b: 2, a: [1, null] })).toBe(true)
    expect(sameValue({ a: undefined }, { b: undefined })).toBe(false)
  })
})

describe('the difference of runs', () => {
  const plain = variant(() => undefined, { device: 'cpu', threads: 2 })
  const changed = variant(
    ({ model, training }) => {
      model.normalization.kind = 'lrn'
      model.convolutions.pop()
      training.seed = 2
    },
    { device: 'cpu', threads: 4 },
  )

  it('has every field, and marks those that differ against the base', () => {
    const fields = diffRuns([plain, changed], 0, always)
    expect(fields.length).toBeGreaterThan(60)
    const byPath = new Map(differing(fields).map((field) => [field.path, states(field)]))
    expect(byPath.get('model.normalization.kind')).toEqual(['base', 'changed'])
    expect(byPath.get('training.seed')).toEqual(['base', 'changed'])
    expect(byPath.get('model.convolutions.4.filters')).toEqual(['base', 'missing'])
    expect(byPath.get('environment.threads')).toEqual(['base', 'changed'])
    expect(byPath.has('environment.device')).toBe(false)
  })

  it('turns round with another base', () => {
    const fields = diffRuns([plain, changed], 1, always)
    const last = fields.find(({ path }) => path === 'model.convolutions.4.filters')!
    expect(states(last)).toEqual(['added', 'base'])
  })

  it('says of a field without effect in one run that it does not apply, and does not call that a difference', () => {
    const adam = variant(({ training }) => ((training.optimizer = 'adam'), (training.momentum = 0.1)))
    const onlyMomentum = (path: string, spec: RunSpec): boolean =>
      path !== 'training.momentum' || spec.training.optimizer === 'momentum'
    const field = diffRuns([adam, plain], 0, onlyMomentum).find(({ path }) => path === 'training.momentum')!
    expect([states(field), field.differs]).toEqual([['inapplicable', 'added'], false])
    expect(diffRuns([adam, adam], 0, onlyMomentum).some(({ path }) => path === 'training.momentum')).toBe(false)
  })

  it('compares a pool with none in one line, and does not repeat it for each of its fields', () => {
    const poolless = variant(({ model }) => (model.convolutions[0]!.pool = null))
    const found = differing(diffRuns([plain, poolless], 0, always)).filter(({ path }) => path.startsWith('model'))
    expect(found.map(({ path }) => path)).toEqual(['model.convolutions.0.pool'])
    expect(found[0]!.cells.map(({ value }) => value)).toEqual([{ kind: 'max', size: 3, stride: 2 }, null])
  })

  it('compares any number of runs, the same ones without a difference', () => {
    const sixty = Array.from({ length: 60 }, (_, index) => variant(({ training }) => (training.seed = index % 3)))
    expect(differing(diffRuns(sixty, 7, always)).map(({ path }) => path)).toEqual(['training.seed'])
    expect(differing(diffRuns([plain, plain], 0, always))).toEqual([])
  })
})

describe('the tree of differences', () => {
  const field = (path: string, differs = true): DiffField => ({ path, differs, cells: [] })
  const fields = [field('recipe'), field('model.a'), field('model.list.0.x', false), field('data.deep.y')]

  it('heads groups by path, chains of single groups once', () => {
    const lines = diffTree(fields, new Set()).map((line) => [line.kind, line.path, line.depth])
    expect(lines).toEqual([
      ['field', 'recipe', 0],
      ['group', 'model', 0],
      ['field', 'model.a', 1],
      ['group', 'model.list.0', 1],
      ['field', 'model.list.0.x', 2],
      ['group', 'data.deep', 0],
      ['field', 'data.deep.y', 1],
    ])
  })

  it('keeps the heading of a collapsed group, with how many differ in it', () => {
    const lines = diffTree(fields, new Set(['model']))
    expect(lines.map(({ path }) => path)).toEqual(['recipe', 'model', 'data.deep', 'data.deep.y'])
    expect(lines[1]).toMatchObject({ fields: 2, differing: 1 })
    expect(groupsAbove('model.list.0.x')).toEqual(['model', 'model.list', 'model.list.0'])
  })

  it('goes to the next and the previous difference, round the ends', () => {
    const paths = ['a', 'b', 'c']
    expect([neighbour(paths, null, 1), neighbour(paths, 'c', 1), neighbour(paths, 'a', -1)]).toEqual(['a', 'a', 'c'])
    expect([neighbour(paths, null, -1), neighbour(paths, 'gone', 1), neighbour([], 'a', 1)]).toEqual(['c', 'a', null])
  })
})

describe('a copied difference', () => {
  const runs = [
    { id: 'r1', name: 'One | two' },
    { id: 'r2', name: 'Other' },
  ]
  const fields: DiffField[] = [
    {
      path: 'a.b',
      differs: true,
      cells: [
        { value: 1, state: 'base' },
        { value: '1', state: 'changed' },
      ],
    },
    {
      path: 'a.c',
      differs: true,
      cells: [
        { value: null, state: 'base' },
        { value: undefined, state: 'missing' },
      ],
    },
    {
      path: 'a.d',
      differs: false,
      cells: [
        { value: 3, state: 'base' },
        { value: 4, state: 'inapplicable' },
      ],
    },
  ]

  it('is a Markdown table that names the base and keeps bars in names from breaking it', () => {
    const text = diffAsMarkdown(fields, runs, 0, { label: (path) => path.toUpperCase(), value: (v) => String(v) })
    expect(text.split('\n')).toEqual([
      '| Field | One \\| two (base) | Other |',
      '| --- | --- | --- |',
      '| A.B (a.b) | 1 | **1** |',
      '| A.C (a.c) | null | **undefined** |',
      '| A.D (a.d) | 3 | does not apply |',
      '',
    ])
  })

  it('lets no name and no value become markup where it is pasted', () => {
    const hostile = ['<img src=x onerror=alert(1)>', '**bold', '[a](javascript:b)']
    const named = hostile.map((name, index) => ({ id: `r${index}`, name }))
    const cells = hostile.map((value) => ({ value, state: 'changed' as const }))
    const field = { path: 'a_b*c', cells, differs: true } as unknown as DiffField
    const text = diffAsMarkdown([field], named, 2, { label: () => '`code`', value: (v) => String(v) })
    const html = markdownToHtml(text)
    expect(html).not.toMatch(/<img|<a |<code|<em>/)
    expect(html.match(/<strong>/g)).toHaveLength(3)
    for (const name of ['&lt;img src=x onerror=alert(1)&gt;', '**bold', '[a](javascript:b)'])
      expect(html).toContain(name)
  })

  it('is JSON that keeps types, and null apart from missing', () => {
    expect(JSON.parse(diffAsJson(fields, runs, 1))).toEqual({
      base: 'r2',
      runs,
      fields: { 'a.b': { r1: 1, r2: '1' }, 'a.c': { r1: null }, 'a.d': { r1: 3 } },
    })
  })
})
