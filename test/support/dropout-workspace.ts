import { builtInDatasets } from '../../src-core/domain/dataset.ts'
import { fieldFactor } from '../../src-core/domain/grid/grid.ts'
import { onTopOf, planCells, planRuns } from '../../src-core/domain/grid/plan.ts'
import { newRunId } from '../../src-core/domain/ids.ts'
import { planArchitecture } from '../../src-core/domain/network/architecture.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { smallSpec } from './specs.ts'

const created = 1.7e12
export const dropoutTitle = 'Small AlexNet by dropout rate'
/** In the order of the grid. */
export const dropoutCells = [1, 2, 3].flatMap((seed) =>
  ['no dropout', 'dropout 0.25', 'dropout 0.5'].map((cell) => `${cell}, seed ${seed}`),
)

/**
 * A workspace with two twins and a younger grid of three dropout rates and three seeds, whose runs were all recorded in
 * the same millisecond. None of them has trained.
 */
export function writeDropoutWorkspace(directory: string): void {
  const workspace = openWorkspace(directory, { application: 'a test' })
  const spec = smallSpec()
  const { params } = planArchitecture(spec.model)
  for (const [index, kind] of (['lrn', 'bn'] as const).entries()) {
    const name = `Small AlexNet, ${kind === 'lrn' ? 'LRN' : 'batch normalisation'}`
    const model = { ...spec.model, normalization: { ...spec.model.normalization, kind } }
    const run = { id: newRunId(), name, spec: { ...spec, model }, parameters: params }
    workspace.runs.insert({ ...run, createdAt: created - 1000 + index })
  }
  const factors = [fieldFactor('model.dropout.rate', [0, 0.25, 0.5])]
  const cells = planCells({ title: dropoutTitle, factors, build: onTopOf(spec), datasets: builtInDatasets })
  const runs = planRuns(cells, () => [1, 2, 3], 'cells-first').map((run) => ({
    ...run,
    id: newRunId(),
    parameters: params,
    createdAt: created,
  }))
  for (const { id, name, spec, parameters, createdAt } of runs)
    workspace.runs.insert({ id, name, spec, parameters, createdAt })
  workspace.grids.insert({ name: dropoutTitle, spec, factors, cells: runs.map(({ cell }) => cell) }, runs)
  workspace.close()
}
