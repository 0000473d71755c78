import { describe, expect, it } from 'vitest'
import { builtInDatasets } from '../../../src-core/domain/dataset.ts'
import { trainArguments, trainCommand } from '../../../src-core/domain/report/train-command.ts'
import { recipes, recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { expandTemplate, templates } from '../../../src-core/domain/spec/templates.ts'
import { specFromOptions } from '../../../src-cli/spec-options.ts'

/** What the terminal makes of the arguments. */
function readBack(spec: RunSpec): RunSpec {
  const [recipe, , dataset, ...sets] = trainArguments(spec, builtInDatasets)
  return specFromOptions(
    recipe!,
    { dataset: dataset!, set: sets.filter((_, index) => index % 2 === 1) },
    builtInDatasets,
  )
}

/** What a recipe of more layers makes of another: lists of another length, another kind of schedule. */
const foreign = recipes.map(({ id, spec }) => [id, { ...spec, recipe: 'alexnet-small' }] as const)

describe('the command of a run', () => {
  it.each(recipes.map(({ id }) => id))('makes the recipe %s', (id) => {
    const spec = recipeSpec(id)
    const classes = builtInDatasets.find((dataset) => dataset.id === spec.data.dataset)?.labels.length
    if (classes === undefined) return
    expect(readBack(spec)).toEqual(spec)
  })

  it.each(foreign)('makes the spec of %s out of another recipe', (_id, spec) => {
    expect(readBack(spec)).toEqual(spec)
  })

  it.each(templates.map((template) => [template.id, template] as const))(
    'makes the variants of %s',
    (_id, template) => {
      for (const { spec } of expandTemplate(template)) expect(readBack(spec)).toEqual(spec)
    },
  )

  it('quotes for the shell what the shell would read', () => {
    expect(trainCommand(recipeSpec('alexnet-small'), "it's $HOME\n`x`", builtInDatasets)).toContain(
      `--name 'it'\\''s $HOME \`x\`'`,
    )
    for (const name of ['~root', 'a=~root', '=ls', '']) {
      expect(trainCommand(recipeSpec('alexnet-small'), name, builtInDatasets)).toContain(`--name '${name}'`)
    }
  })
})
