import { diffArchitectures } from '../../domain/comparison/architecture-diff.ts'
import { paragraph, table, cell, figure, type Part } from '../report-document.ts'
import type { ReportContent } from '../report-content.ts'
import { comparedNetworks, type ComparedNetwork } from './networks/compared-networks.ts'
import { costFigures, costHeads } from './networks/layer-costs.ts'
import { differenceTable, layerTable } from './networks/layer-tables.ts'

/** More tables of layers than this would bury what follows: they can be opened. */
const mostOpen = 2

/** The size of each network against that of the first. */
function sizes(networks: readonly ComparedNetwork[]): Part {
  const { totals } = diffArchitectures(networks, 0)
  const head = [cell('Network'), figure('Runs'), figure('Layers'), figure('Trainable'), ...costHeads(totals)]
  const rows = networks.map(({ label, runs, architecture }, index) => [
    cell(label),
    ...[runs.length, architecture.layers.length, architecture.trainable].map((count) =>
      figure(count.toLocaleString('en-US')),
    ),
    ...costFigures(totals, totals[index]!, index === 0 ? null : totals[0]!),
  ])
  return table('Size of the networks', head, rows)
}

/** What the figures are, and of which run the times. */
function notesOf(networks: readonly ComparedNetwork[]): Part[] {
  const measured = networks.filter(({ profile }) => profile !== null)
  const batches = new Set(measured.map(({ profiled }) => profiled!.spec.training.batchSize))
  const names = measured.map(({ profiled }) => profiled!.name).join(', ')
  return [
    paragraph(
      'Multiply-accumulates and activations are those of one image, in one forward pass and in float32.' +
        (networks.length > 1 ? ' Differences in brackets are to the first network.' : ''),
    ),
    ...(measured.length === 0
      ? []
      : [
          paragraph(`Milliseconds are per step, forward and backward, without the loss, as last measured of ${names}.`),
        ]),
    ...(batches.size > 1 ? [paragraph('Their batch sizes differ, so a step is not the same work in each.')] : []),
  ]
}

/** The networks: their sizes, the layers of the first, and layer by layer what the others have otherwise. */
export function architectureSection(content: ReportContent): Part[] {
  const { networks, problems } = comparedNetworks(content)
  const told = problems.map(paragraph)
  const [first, ...others] = networks
  if (!first) return told
  const heading = (text: string): Part => ({ kind: 'heading', text })
  const layers: Part[] = [
    heading(networks.length === 1 ? 'Layers' : `Layers of ${first.label}`),
    layerTable(first),
    ...others.flatMap((other): Part[] => [
      heading(`${other.label} against ${first.label}`),
      differenceTable(first, other),
    ]),
  ]
  const folded: Part = { kind: 'details', summary: `Layers of ${networks.length} networks`, parts: layers }
  return [sizes(networks), ...notesOf(networks), ...told, ...(networks.length > mostOpen ? [folded] : layers)]
}
