import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { checkpointName, readCheckpoint, writeCheckpoint } from '../../../src-core/engine/checkpoints/checkpoint.ts'
import type { NamedTensor } from '../../../src-core/engine/files/tensor-file.ts'
import type { ChildJob, ChildResult } from './train-child.ts'
import { requestAfter, testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

const child = fileURLToPath(new URL('train-child.ts', import.meta.url))

async function trainInNewProcess(job: ChildJob): Promise<ChildResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify(job)])
  return JSON.parse(stdout)
}

/** Trains to `pauseAfter` in one process and to the end in another. */
async function trainInTwo(spec: RunSpec, pauseAfter: number, directory: string): Promise<[ChildResult, ChildResult]> {
  const job = { spec, checkpointsDirectory: directory }
  const first = await trainInNewProcess({ ...job, resumeFrom: null, pauseAfter })
  const resumeFrom = join(directory, checkpointName(pauseAfter))
  return [first, await trainInNewProcess({ ...job, resumeFrom, pauseAfter: null })]
}

/** The checkpoint with other velocities. */
async function withVelocities(
  source: string,
  target: string,
  change: (velocities: NamedTensor[]) => NamedTensor[],
): Promise<string> {
  const { state, readWeights, readVelocities } = await readCheckpoint(source)
  const named = (tensors: ReturnType<typeof readWeights>): NamedTensor[] =>
    [...tensors].map(([name, tensor]) => ({ name, shape: tensor.shape, read: () => tensor.dataSync<'float32'>() }))
  const velocities = change(named(readVelocities()))
  const content = { spec: state.spec, progress: state.progress, weights: named(readWeights()), velocities }
  const info = await writeCheckpoint(target, content, 'pause')
  return join(target, info.directory)
}

function tenSteps(kind: 'bn' | 'lrn'): RunSpec {
  const spec = tinySpec(kind)
  spec.training.steps = 10
  return spec
}

describe('a resumed run', () => {
  // Step 5 lies in the middle of the first epoch of 7 steps, step 9 in the middle of the second.
  test.each([
    ['bn', 5],
    ['lrn', 5],
    ['bn', 9],
  ] as const)('with %s ends in bit-identical weights when paused at step %i', async (kind, pauseAfter) => {
    const spec = tenSteps(kind)
    const job = { spec, resumeFrom: null, pauseAfter: null }
    const [straight, [first, second]] = await Promise.all([
      trainInNewProcess({ ...job, checkpointsDirectory: testDirectory() }),
      trainInTwo(spec, pauseAfter, testDirectory()),
    ])
    expect(first).toMatchObject({ outcome: 'paused', step: pauseAfter })
    expect(second).toMatchObject({ outcome: 'finished', step: 10 })
    expect([...first.losses, ...second.losses]).toEqual(straight.losses)
    expect(second.weightsSha256).toBe(straight.weightsSha256)
  })

  test('needs the velocities: from the weights alone it ends elsewhere', async () => {
    const spec = tenSteps('bn')
    const directory = testDirectory()
    const [, exact] = await trainInTwo(spec, 5, directory)
    const zero = (velocities: NamedTensor[]): NamedTensor[] =>
      velocities.map((velocity) => ({ ...velocity, read: () => velocity.read().fill(0) }))
    const resumeFrom = await withVelocities(join(directory, checkpointName(5)), testDirectory(), zero)
    const inexact = await trainInNewProcess({
      spec,
      checkpointsDirectory: testDirectory(),
      resumeFrom,
      pauseAfter: null,
    })
    expect(inexact).toMatchObject({ outcome: 'finished', step: 10 })
    expect(inexact.weightsSha256).not.toBe(exact.weightsSha256)
  })

  test.each([
    ['a velocity too few', (velocities: NamedTensor[]) => velocities.slice(1)],
    ['a velocity of another shape', ([first, ...others]: NamedTensor[]) => [{ ...first!, shape: [1] }, ...others]],
  ])('refuses a checkpoint with %s', async (_name, change) => {
    const spec = tenSteps('bn')
    const directory = testDirectory()
    await trainRecorded(spec, { directory, ...requestAfter(1) })
    const resumeFrom = await withVelocities(join(directory, checkpointName(1)), testDirectory(), change)
    await expect(trainRecorded(spec, { directory, resumeFrom })).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining('it has no velocity of'),
    })
  })
})
