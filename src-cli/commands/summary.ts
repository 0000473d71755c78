import type { Command } from 'commander'
import { planArchitecture, type Architecture } from '../../src-core/domain/network/architecture.ts'
import {
  activationBytes,
  convolutionAgainstDense,
  layerFacts,
  type LayerFacts,
} from '../../src-core/domain/network/layer-facts.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { addSetOption, specFromSet } from '../spec-options.ts'
import { formatBytes, formatInteger, formatPercent } from '../terminal/format.ts'
import { printJson, printLine, printTable, type Column } from '../terminal/output.ts'
import { addJsonOption } from '../workspace.ts'

export function addSummaryCommand(program: Command): void {
  const command = program
    .command('summary <model>')
    .description(
      'Shows the layers of a model: output shapes, parameters, multiply-accumulates, memory, receptive field.',
    )
  addJsonOption(addSetOption(command)).action((recipe: string, options: { set?: string[]; json?: boolean }) => {
    const spec = specFromSet(recipe, options.set)
    const architecture = planArchitecture(spec.model)
    if (options.json) printJson(summaryJson(spec, architecture))
    else printSummary(spec, architecture)
  })
}

/** Scripts depend on these names: fields may be added, none may go or change. */
function summaryJson({ recipe, model }: RunSpec, architecture: Architecture): object {
  const { params, trainable, macs } = architecture
  const { size, channels } = model.input
  return {
    model: recipe,
    input: [size, size, channels],
    classes: model.classes,
    params,
    trainable,
    macs,
    activationBytes: activationBytes(model, architecture),
    shares: sharesJson(architecture),
    layers: layerFacts(architecture).map(({ layer, receptiveField, activationBytes: bytes }) => ({
      name: layer.name,
      type: layer.type,
      output: layer.output,
      params: layer.params,
      macs: layer.macs,
      receptiveField,
      activationBytes: bytes,
    })),
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** Shares, 0 to 1, of the parameters and the multiply-accumulates that convolutions and fully connected layers have. */
function sharesJson(architecture: Architecture): Record<'conv' | 'dense', { params: number; macs: number }> {
  const { conv, dense } = convolutionAgainstDense(architecture)
  const of = (part: typeof conv): typeof conv => ({
    params: share(part.params, conv.params + dense.params),
    macs: share(part.macs, conv.macs + dense.macs),
  })
  return { conv: of(conv), dense: of(dense) }
}

const layerColumns: readonly Column<LayerFacts>[] = [
  { title: 'Layer', value: ({ layer }) => layer.name },
  { title: 'Type', value: ({ layer }) => layer.type },
  { title: 'Output', value: ({ layer }) => layer.output.join(' x '), align: 'right' },
  { title: 'Parameters', value: ({ layer }) => formatInteger(layer.params), align: 'right' },
  { title: '%', value: ({ paramsShare }) => formatPercent(paramsShare), align: 'right' },
  { title: 'Multiply-accumulates', value: ({ layer }) => formatInteger(layer.macs), align: 'right' },
  { title: '%', value: ({ macsShare }) => formatPercent(macsShare), align: 'right' },
  { title: 'Activations', value: (facts) => formatBytes(facts.activationBytes), align: 'right' },
  { title: 'Receptive field', value: ({ receptiveField }) => (receptiveField ?? 'all').toString(), align: 'right' },
]

function printSummary({ recipe, model }: RunSpec, architecture: Architecture): void {
  const { params, trainable, macs } = architecture
  const { size, channels } = model.input
  printLine(`${recipe}: input ${size} x ${size} x ${channels}, ${formatInteger(model.classes)} classes\n`)
  printTable(layerColumns, layerFacts(architecture))
  printLine(`\nParameters            ${formatInteger(params)} (${formatInteger(trainable)} trainable)`)
  printLine(
    `Multiply-accumulates  ${formatInteger(macs.conv)} convolutional, ${formatInteger(macs.dense)} fully connected`,
  )
  printLine(
    `Activation memory     ${formatBytes(activationBytes(model, architecture))} per image, float32, input included\n`,
  )
  printShares(architecture)
}

function printShares(architecture: Architecture): void {
  const counts = convolutionAgainstDense(architecture)
  const shares = sharesJson(architecture)
  printTable(
    [
      { title: 'Conv against FC', value: ({ title }) => title },
      { title: 'Parameters', value: ({ part }) => formatInteger(counts[part].params), align: 'right' },
      { title: '%', value: ({ part }) => formatPercent(shares[part].params), align: 'right' },
      { title: 'Multiply-accumulates', value: ({ part }) => formatInteger(counts[part].macs), align: 'right' },
      { title: '%', value: ({ part }) => formatPercent(shares[part].macs), align: 'right' },
    ],
    [
      { title: 'Convolutional', part: 'conv' as const },
      { title: 'Fully connected', part: 'dense' as const },
    ],
  )
}
