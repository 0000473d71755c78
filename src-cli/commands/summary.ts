import type { Command } from 'commander'
import { planArchitecture, type Architecture } from '../../src-core/domain/architecture.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { addSetOption, specFromSet } from '../spec-options.ts'
import { formatInteger } from '../terminal/format.ts'
import { printJson, printLine, printTable } from '../terminal/output.ts'
import { addJsonOption } from '../workspace.ts'

export function addSummaryCommand(program: Command): void {
  const command = program
    .command('summary <model>')
    .description('Shows the layers of a model with output shapes, parameters and multiply-accumulates.')
  addJsonOption(addSetOption(command)).action((recipe: string, options: { set?: string[]; json?: boolean }) => {
    const spec = specFromSet(recipe, options.set)
    const architecture = planArchitecture(spec.model)
    if (options.json) printJson(summaryJson(spec, architecture))
    else printSummary(spec, architecture)
  })
}

function summaryJson({ recipe, model }: RunSpec, { layers, params, trainable, macs }: Architecture): object {
  const { size, channels } = model.input
  return {
    model: recipe,
    input: [size, size, channels],
    classes: model.classes,
    params,
    trainable,
    macs,
    layers: layers.map((layer) => ({
      name: layer.name,
      type: layer.type,
      output: layer.output,
      params: layer.params,
      macs: layer.macs,
    })),
  }
}

function printSummary({ recipe, model }: RunSpec, { layers, params, trainable, macs }: Architecture): void {
  const { size, channels } = model.input
  printLine(`${recipe}: input ${size} x ${size} x ${channels}, ${formatInteger(model.classes)} classes\n`)
  printTable(
    [
      { title: 'Layer', value: (layer) => layer.name },
      { title: 'Type', value: (layer) => layer.type },
      { title: 'Output', value: (layer) => layer.output.join(' x '), align: 'right' },
      { title: 'Parameters', value: (layer) => formatInteger(layer.params), align: 'right' },
      { title: 'Multiply-accumulates', value: (layer) => formatInteger(layer.macs), align: 'right' },
    ],
    layers,
  )
  printLine(`\nParameters            ${formatInteger(params)} (${formatInteger(trainable)} trainable)`)
  printLine(
    `Multiply-accumulates  ${formatInteger(macs.conv)} convolutional, ${formatInteger(macs.dense)} fully connected`,
  )
}
