import { onTestFinished } from 'vitest'
import { newRunId, type RunId } from '../../src-core/domain/ids.ts'
import type { StepRecord } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import { openWorkspace, type ReadableWorkspace, type Workspace } from '../../src-core/storage/workspace.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** A workspace of the test's own, opened for writing and closed when the test is over. */
export function openTestWorkspace(directory = temporaryDirectory()): Workspace {
  const workspace = openWorkspace(directory, { application: 'a test' })
  onTestFinished(() => workspace.close())
  return workspace
}

/** A spec that passes every check, of as many steps. */
export function testSpec(steps = 100): RunSpec {
  const spec = recipeSpec('alexnet-small')
  return { ...spec, training: { ...spec.training, steps } }
}

/** Records a run without the run service. */
export function insertRun(workspace: Workspace, name = 'a run', createdAt = 1000): Run {
  const id = newRunId()
  return workspace.runs.insert({ id, name, spec: testSpec(), parameters: 10, createdAt })
}

/** What a trainer logs at a step, ten steps to the epoch and a second to the step. */
export function stepRecord(step: number, metrics: Record<string, number> = { 'train/loss': 1 / step }): StepRecord {
  return { step, epoch: step / 10, wallTime: 1_700_000_000_000 + step * 1000, activeTime: step * 1000, metrics }
}

/** Every value of a metric as [step, value] pairs. */
export function valuesOf(
  workspace: Pick<ReadableWorkspace, 'metrics'>,
  runId: RunId,
  metric = 'train/loss',
): number[][] {
  return [...workspace.metrics.export(runId, metric)].map(({ step, value }) => [step, value])
}
