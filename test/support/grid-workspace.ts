import { fieldFactor, type Factor } from '../../src-core/domain/grid/grid.ts'
import { onTopOf, planCells, planRuns } from '../../src-core/domain/grid/plan.ts'
import { builtInDatasets } from '../../src-core/domain/dataset.ts'
import { newRunId } from '../../src-core/domain/ids.ts'
import { planArchitecture } from '../../src-core/domain/network/architecture.ts'
import { uniformGenerator } from '../../src-core/domain/random.ts'
import { openWorkspace, type Workspace } from '../../src-core/storage/workspace.ts'
import { smallSpec } from './specs.ts'

const factors: readonly Factor[] = [
  fieldFactor('model.dropout.rate', [0, 0.4, 0.5]),
  fieldFactor('training.learningRate', [0.001, 0.01, 0.1]),
  fieldFactor('model.activation', ['relu', 'tanh']),
]
const epochs = 12

/** What a run of a cell comes to: the rate matters most, dropout a little, the activation with the rate. */
function finalAccuracy([dropout, rate, activation]: readonly number[], noise: number): number {
  const ofRate = [0.82, 0.95, 0.88][rate!]!
  return ofRate + 0.012 * dropout! - (activation === 1 && rate === 2 ? 0.1 : 0) + noise
}

interface GridRunRecord {
  readonly id: string
  readonly levels: readonly number[]
  readonly seed: number
  readonly done: number
}

function logRun(workspace: Workspace, { id, levels, seed, done }: GridRunRecord): void {
  const random = uniformGenerator(Number([seed, ...levels].join('')))
  const final = finalAccuracy(levels, (random() - 0.5) * 0.02)
  const records = Array.from({ length: done }, (_, epoch) => {
    const accuracy = final * (1 - Math.exp(-(epoch + 1) / 3))
    const step = (epoch + 1) * 10
    const metrics = { 'validation/accuracy': accuracy, 'validation/loss': 1.2 - accuracy, 'train/loss': 1.1 - accuracy }
    return { step, epoch: epoch + 1, wallTime: 1.7e12 + step * 100, activeTime: step * 100, metrics }
  })
  workspace.metrics.append(id, records)
  const finished = done === epochs
  workspace.runs.update(id, {
    state: finished ? 'finished' : 'paused',
    step: done * 10,
    totalSteps: epochs * 10,
    stepsPerEpoch: 10,
    epoch: done,
    activeTime: done * 1000,
    best: { metric: 'validation/accuracy', value: final * (1 - Math.exp(-done / 3)), step: done * 10, epoch: done },
    startedAt: 1.7e12,
    endedAt: finished ? 1.7e12 + 9e4 : null,
  })
}

/**
 * A workspace with a grid of 3 dropout rates, 3 learning rates, 2 activations and 2 seeds, 36 runs: all finished but
 * those of the last cell, which are paused half-way.
 */
export function writeGridWorkspace(directory: string): void {
  const workspace = openWorkspace(directory, { application: 'a test' })
  const spec = smallSpec({ epochs })
  const cells = planCells({ title: 'Rates', factors, build: onTopOf(spec), datasets: builtInDatasets })
  const runs = planRuns(cells, () => [1, 2], 'cells-first')
  const { params } = planArchitecture(spec.model)
  const created = runs.map((run, index) => {
    const record = { id: newRunId(), name: run.name, spec: run.spec, parameters: params, createdAt: 1.7e12 + index }
    workspace.runs.insert(record)
    const { levels } = cells[run.cell]!
    const last = run.cell === cells.length - 1
    logRun(workspace, { id: record.id, levels, seed: run.spec.training.seed, done: last ? 6 : epochs })
    return record
  })
  const definition = { name: 'Dropout by rate and activation', spec, factors: [...factors] }
  workspace.grids.insert({ ...definition, cells: runs.map(({ cell }) => cell) }, created)
  workspace.close()
}
